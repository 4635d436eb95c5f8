"""What a contract is: a table, its grain and its fields with types, units, code lists and bounds."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tierline.warehouse import quote_identifier

Kind = Literal["text", "list", "integer", "number", "money", "price", "date", "flag"]
SQL_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "list": "VARCHAR[]",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "money": "DECIMAL(20,2)",
    "price": "DECIMAL(20,4)",
    "date": "DATE",
    "flag": "BOOLEAN",
}
SOURCE_TYPES = (
    *("court_order", "official_order", "inspector", "worker_driven_monitor", "offsite_survey", "onsite_survey"),
    *("grievance", "unannounced_audit", "announced_audit", "field_visit", "self_assessment", "ngo_multiple_origins"),
    *("single_media", "procurement_data", "network"),
)


# packed bits of numbers wider than 64 bits take fifty times as long to read as the numbers themselves
_STORED_PLAIN = {"money", "price"}
_ROW_ID = "row_id"


class ContractField(BaseModel):
    """One field: its type, its unit and which values it may have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Kind
    description: str
    unit: str | None = None
    required: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def sql_type(self) -> str:
        """The DuckDB type."""
        return SQL_TYPES[self.kind]

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.kind in {"integer", "number", "money", "price"}

    @property
    def is_reference(self) -> bool:
        """Whether its values carry the namespace of their source family."""
        return self.name.endswith("_ref")


class Contract(BaseModel):
    """One table: its grain and its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    grain: str
    fields: tuple[ContractField, ...]
    schema_name: str = Field(default="canonical")
    has_lineage: bool = True

    @property
    def field_names(self) -> tuple[str, ...]:
        """Names of the fields that a mapping may fill, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def all_fields(self) -> tuple[ContractField, ...]:
        """Fields in the order of the table, lineage first."""
        return (*LINEAGE, *self.fields) if self.has_lineage else self.fields

    @property
    def qualified_name(self) -> str:
        """Schema and table as SQL."""
        return f"{quote_identifier(self.schema_name)}.{quote_identifier(self.table)}"

    def field(self, name: str) -> ContractField:
        """Gives the field of that name; raises KeyError where there is none."""
        for field in self.all_fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def ddl(self) -> str:
        """Gives the statement that makes the table where it is missing."""
        columns = ", ".join(
            f"{quote_identifier(field.name)} {field.sql_type}{_storage(field)}{' NOT NULL' if field.required else ''}"
            for field in self.all_fields
        )
        return f"CREATE TABLE IF NOT EXISTS {self.qualified_name} ({columns})"


def define(
    name: str,
    description: str,
    kind: Kind = "text",
    *,
    unit: str | None = None,
    required: bool = False,
    allowed: tuple[str, ...] = (),
    minimum: float | None = None,
    maximum: float | None = None,
) -> ContractField:
    """Gives a field; `minimum` and `maximum` are in its unit."""
    return ContractField(
        name=name,
        kind=kind,
        description=description,
        unit=unit,
        required=required,
        allowed=allowed,
        minimum=minimum,
        maximum=maximum,
    )


def _storage(field: ContractField) -> str:
    if field.kind in _STORED_PLAIN:
        return " USING COMPRESSION uncompressed"
    # no two are alike, so that looking for repeats takes twice as long and finds none
    return " USING COMPRESSION zstd" if field.name == _ROW_ID else ""


LINEAGE = (
    define(
        _ROW_ID, "Unique: source, first 12 digits of the snapshot, record, and item where it has one.", required=True
    ),
    define("source_id", "Name of the configured source.", required=True),
    define("snapshot_sha256", "SHA-256 of the file's bytes as they came.", required=True),
    define(
        "record_no",
        "Number of the record in its file, from 1; 0 where the row stands for many.",
        "integer",
        required=True,
    ),
    define("item_no", "Number of the item in its record, from 1; empty where the record is the item.", "integer"),
    define("known_on", "Day on which the source could be known; empty: always.", "date"),
)
