"""The contracts of the canonical tables and of the ledgers of ingest: fields, types, units and code lists."""

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


class ContractField(BaseModel):
    """One field: its type, its unit (in the description) and which values it may have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Kind
    description: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def sql_type(self) -> str:
        """The DuckDB type."""
        return SQL_TYPES[self.kind]

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
            f"{quote_identifier(field.name)} {field.sql_type}{' NOT NULL' if field.required else ''}"
            for field in self.all_fields
        )
        return f"CREATE TABLE IF NOT EXISTS {self.qualified_name} ({columns})"


def _field(
    name: str,
    description: str,
    kind: Kind = "text",
    *,
    required: bool = False,
    allowed: tuple[str, ...] = (),
    minimum: float | None = None,
    maximum: float | None = None,
) -> ContractField:
    return ContractField(
        name=name,
        kind=kind,
        description=description,
        required=required,
        allowed=allowed,
        minimum=minimum,
        maximum=maximum,
    )


LINEAGE = (
    _field(
        "row_id", "Unique: source, first 12 digits of the snapshot, record, and item where it has one.", required=True
    ),
    _field("source_id", "Name of the configured source.", required=True),
    _field("snapshot_sha256", "SHA-256 of the file's bytes as they came.", required=True),
    _field(
        "record_no",
        "Number of the record in its file, from 1; 0 where the row stands for many.",
        "integer",
        required=True,
    ),
    _field("item_no", "Number of the item in its record, from 1; empty where the record is the item.", "integer"),
    _field("known_on", "Day on which the source could be known; empty: always.", "date"),
)

_COUNTRY_CODE = _field("country_code", "ISO 3166-1 alpha-2 code; empty where the text is not a known country.")
_COUNTRY_TEXT = _field("country_text", "Country as the source writes it.")
_REGION = _field("region", "State, province or region as the source writes it.")
_LOCALITY = _field("locality", "Town as the source writes it.")
_ADDRESS = _field("address", "Postal address as the source writes it.")
_IDENTIFIERS = (
    _field("lei", "Legal Entity Identifier (ISO 17442)."),
    _field("os_id", "Open Supply Hub id."),
    _field("tax_number", "Tax number as the source writes it."),
    _field("company_number", "Number in a company register as the source writes it."),
    _field("other_identifier", "Any other identifier, as scheme:value."),
)
_SECTOR = (
    _field("sector_scheme", "Scheme of the sector code, such as CPV, UNSPSC, NAICS."),
    _field("sector_code", "Sector code as the source writes it."),
    _field("sector_text", "Sector in words."),
)
_WORKERS = _field("workers", "Number of workers.", "integer", minimum=0)
_CURRENCY = _field("currency", "ISO 4217 code.")
_SUPPLIER_REF = _field("supplier_ref", "Reference of the supplier.")
_SUPPLIER_REF_REQUIRED = _field("supplier_ref", "Reference of the supplier.", required=True)
_FACILITY_REF = _field("facility_ref", "Reference of the site.")

SUPPLIER = Contract(
    table="supplier",
    grain="one record of a source about one supplier",
    fields=(
        _SUPPLIER_REF_REQUIRED,
        _field("name", "Name.", required=True),
        _field("aliases", "Other names.", "list"),
        *(_COUNTRY_CODE, _COUNTRY_TEXT, _REGION, _LOCALITY, _ADDRESS),
        *_IDENTIFIERS,
        *_SECTOR,
        _field("parent_ref", "Reference of the parent company."),
        _field("parent_name", "Name of the parent company."),
        _field("agent_name", "Name of the labour agent that recruits for it."),
        _WORKERS,
        _field("is_natural_person", "Whether it is a person, whose name is never published.", "flag"),
        _field("is_closed", "Whether it has ceased to exist.", "flag"),
    ),
)

FACILITY = Contract(
    table="facility",
    grain="one record of a source about one site of a supplier",
    fields=(
        _field("facility_ref", "Reference of the site.", required=True),
        _SUPPLIER_REF_REQUIRED,
        _field("name", "Name of the site.", required=True),
        *(_ADDRESS, _COUNTRY_CODE, _COUNTRY_TEXT, _REGION, _LOCALITY),
        _field("latitude", "Degrees north, WGS 84.", "number", minimum=-90, maximum=90),
        _field("longitude", "Degrees east, WGS 84.", "number", minimum=-180, maximum=180),
        _WORKERS,
        _field("has_dormitory", "Whether workers are housed there.", "flag"),
        _field("migrant_share", "Share of migrants among workers, 0–1.", "number", minimum=0, maximum=1),
        _field("capacity_units", "Units it can make in a year.", "number", minimum=0),
        *_SECTOR,
        _field("os_id", "Open Supply Hub id."),
        _field("is_closed", "Whether it is closed.", "flag"),
    ),
)

AWARD = Contract(
    table="award",
    grain="one supplier of one award in one release",
    fields=(
        _field("award_ref", "Reference of the award.", required=True),
        _field("process_ref", "Reference of the contracting process (OCDS: ocid)."),
        _SUPPLIER_REF_REQUIRED,
        _field("supplier_name", "Name of the supplier as the award gives it."),
        _field("buyer_ref", "Reference of the buyer."),
        _field("buyer_name", "Name of the buyer."),
        _field("status", "Status of the award as the source writes it."),
        _field("awarded_on", "Day of the award.", "date"),
        _field("amount", "Value of the award, in currency units.", "money"),
        _CURRENCY,
        _field("classification_scheme", "Scheme of the classification, such as CPV."),
        _field("classification_code", "Code of what is bought, as the source writes it."),
        _field("description", "What is bought."),
        _field("labour_hours", "Hours of labour that the work needs.", "number", minimum=0),
        _WORKERS,
    ),
)

PURCHASE_ORDER_LINE = Contract(
    table="purchase_order_line",
    grain="one line of one purchase order",
    fields=(
        _field("order_ref", "Reference of the order.", required=True),
        _field("line_no", "Line as the source numbers it.", required=True),
        _SUPPLIER_REF_REQUIRED,
        _FACILITY_REF,
        _field("ordered_on", "Day of the order.", "date", required=True),
        _field("requested_on", "Day on which the buyer wants the goods.", "date"),
        _field("promised_on", "Day that the supplier promised.", "date"),
        _field("delivered_on", "Day of delivery.", "date"),
        _field("invoiced_on", "Day of the invoice.", "date"),
        _field("paid_on", "Day of payment.", "date"),
        _field("category_scheme", "Scheme of the category, such as UNSPSC."),
        _field("category_code", "Category code as the source writes it."),
        _field("description", "What is bought."),
        _field("quantity", "Units ordered.", "number"),
        _field("unit_price", "Price of a unit, in currency units.", "price"),
        _field("amount", "Value of the line, in currency units.", "money"),
        _CURRENCY,
        _field("payment_terms_days", "Days allowed for payment.", "integer", minimum=0),
        _field("late_change", "Whether the buyer changed the line after confirming it.", "flag"),
        _field("labour_hours", "Hours of labour that the line needs.", "number", minimum=0),
    ),
)

AUDIT_FINDING = Contract(
    table="audit_finding",
    grain="one finding of one audit or visit, or one audit that found nothing, or one clean answer to one question",
    fields=(
        _field("finding_ref", "Reference of the finding.", required=True),
        _field("audit_ref", "Reference of the audit or visit."),
        _FACILITY_REF,
        _SUPPLIER_REF,
        _field("scheme", "Audit scheme, the key of the crosswalk from issue codes to indicators.", required=True),
        _field("issue_code", "Issue code of the scheme; empty: the whole audit."),
        _field("title", "The issue in words."),
        _field("grade", "Grade of the finding.", allowed=("critical", "major", "minor", "observation", "none")),
        _field("outcome", "What was seen.", required=True, allowed=("adverse", "clean")),
        _field("status", "Whether it still stands.", allowed=("open", "closed", "unknown")),
        _field("found_on", "Day of the audit or visit.", "date", required=True),
        _field("closed_on", "Day on which it was closed.", "date"),
        _field("closure_verified_by", "Who verified the closure.", allowed=("workers", "auditor", "none")),
        _field("source_type", "Kind of source, the key of its reliability.", required=True, allowed=SOURCE_TYPES),
        _field("auditor", "Who audited or visited."),
    ),
)

SURVEY_CLASS = Contract(
    table="survey_class",
    grain="one indicator at one site in one closed survey wave; nothing finer leaves the restricted store",
    fields=(
        _field("facility_ref", "Reference of the site.", required=True),
        _SUPPLIER_REF,
        _field("indicator_id", "Indicator.", required=True),
        _field("wave_id", "Survey wave.", required=True),
        _field("wave_closed_on", "Day on which the wave was closed.", "date", required=True),
        _field(
            "class",
            "What the wave says.",
            required=True,
            allowed=("fires", "fires_strongly", "clean", "undetermined"),
        ),
        _field("source_type", "Where workers were asked.", required=True, allowed=("offsite_survey", "onsite_survey")),
        _field("release_id", "Entry of the release ledger.", required=True),
    ),
)

LIST_ENTRY = Contract(
    table="list_entry",
    grain="one entry of one list of entities",
    fields=(
        _field("entry_ref", "Reference of the entry.", required=True),
        _field("list_name", "Name of the list.", required=True),
        _field("programme", "Programme or legal basis."),
        _field(
            "entry_kind",
            "What is listed; a person's name is never published.",
            allowed=("company", "person", "vessel", "place", "good", "unknown"),
        ),
        _field("name", "Name as listed.", required=True),
        _field("aliases", "Other names as listed.", "list"),
        *(_COUNTRY_CODE, _COUNTRY_TEXT, _REGION, _LOCALITY, _ADDRESS),
        *_IDENTIFIERS,
        _field("industry", "Industry or goods as listed."),
        _field("listed_on", "Day of listing.", "date"),
        _field("ended_on", "Day on which the listing ended.", "date"),
        _field("status", "State of the listing.", allowed=("in_force", "modified", "appealed", "ended")),
        _field(
            "feeds_indicator",
            "Indicator it feeds once a match is confirmed; empty: none.",
            allowed=("A01", "A02", "F12"),
        ),
        _field("second_hand", "Whether it was copied from someone other than the origin; never gates a band.", "flag"),
        _field("note", "Remark of the list."),
    ),
)

MATCH_VERDICT = Contract(
    table="match_verdict",
    grain="one decision of a person in a role about one list entry and one supplier",
    fields=(
        _field("list_name", "Name of the list.", required=True),
        _field("entry_ref", "Reference of the entry.", required=True),
        _SUPPLIER_REF_REQUIRED,
        _field("verdict", "The decision.", required=True, allowed=("confirmed", "rejected", "unsure")),
        _field("decided_on", "Day of the decision.", "date"),
        _field("role", "Role of who decided, never a name."),
        _field("reason", "Why."),
    ),
)

OWNERSHIP_EDGE = Contract(
    table="ownership_edge",
    grain="one interest of one party in one subject",
    fields=(
        _field("subject_ref", "Reference of the company that is owned or controlled.", required=True),
        _field("subject_name", "Its name."),
        _field("party_ref", "Reference of the party that holds the interest."),
        _field("party_name", "Its name; a person's is never published."),
        _field("party_kind", "What the party is.", allowed=("company", "person", "anonymous")),
        _field("interest", "Kind of interest."),
        _field("share_minimum", "Least share held, 0–100 percent.", "number", minimum=0, maximum=100),
        _field("share_maximum", "Greatest share held, 0–100 percent.", "number", minimum=0, maximum=100),
        _field("started_on", "Day on which it began.", "date"),
        _field("ended_on", "Day on which it ended.", "date"),
    ),
)

COUNTRY_CONTEXT = Contract(
    table="country_context",
    grain="one measure of one country in one year",
    fields=(
        _field("country_code", "ISO 3166-1 alpha-2 code.", required=True),
        _field("measure", "What is measured.", required=True, allowed=("tip_tier", "cpi")),
        _field("year", "Year of the edition.", "integer", required=True, minimum=1900, maximum=2200),
        _field("value_text", "Value as text; tip_tier: 1, 2, 2W, 3 or S."),
        _field("value", "Value as a number; cpi: 0 (worst) to 100.", "number"),
    ),
)

GOOD_COUNTRY = Contract(
    table="good_country",
    grain="one good of one country in one edition of a list of goods",
    fields=(
        _field("country_code", "ISO 3166-1 alpha-2 code.", required=True),
        _COUNTRY_TEXT,
        _field("good", "The good as listed.", required=True),
        _field("sector_text", "Sector in words."),
        _field("child_labour", "Listed for child labour.", "flag"),
        _field("forced_labour", "Listed for forced labour.", "flag"),
        _field("edition_year", "Year of the edition.", "integer", required=True, minimum=1900, maximum=2200),
    ),
)

SURVEY_ANSWER = Contract(
    table="survey_answer",
    grain="one answer of one worker to one question; exists in the restricted store alone",
    fields=(
        _field("respondent_key", "Keyed hash (HMAC-SHA256) of the respondent's id.", required=True),
        _field("facility_ref", "Reference of the site.", required=True),
        _SUPPLIER_REF,
        _field("wave_id", "Survey wave, such as 2026-Q3.", required=True),
        _field("submitted_on", "Day of the answer.", "date", required=True),
        _field("source_type", "Where workers were asked.", required=True, allowed=("offsite_survey", "onsite_survey")),
        _field("question", "Question heading or path.", required=True),
        _field("indicator_id", "Indicator that the question asks about.", required=True),
        _field("answer", "What the answer reports.", required=True, allowed=("adverse", "not_adverse")),
    ),
)

CANONICAL = (
    *(SUPPLIER, FACILITY, AWARD, PURCHASE_ORDER_LINE, AUDIT_FINDING, SURVEY_CLASS, LIST_ENTRY, MATCH_VERDICT),
    *(OWNERSHIP_EDGE, COUNTRY_CONTEXT, GOOD_COUNTRY),
)
CONTRACTS = {contract.table: contract for contract in (*CANONICAL, SURVEY_ANSWER)}

SOURCE_LOAD = Contract(
    table="source_load",
    schema_name="ingest",
    has_lineage=False,
    grain="one snapshot of one source",
    fields=(
        _field("source_name", "Name of the configured source.", required=True),
        _field("declared_id", "Declaration that it follows.", required=True),
        _field("snapshot_sha256", "SHA-256 of the file's bytes; empty where no file was landed.", required=True),
        _field("file_name", "Name of the file."),
        _field("bytes", "Size of the file.", "integer"),
        _field("read_count", "Records read: loaded + quarantined.", "integer", required=True),
        _field("loaded_count", "Records loaded.", "integer", required=True),
        _field("quarantined_count", "Records in quarantine.", "integer", required=True),
        _field("status", "How loading ended.", required=True, allowed=("loaded", "failed")),
        _field("error", "Why it failed, or what else must be known."),
        _field("known_on", "Day on which the source could be known.", "date"),
        _field("sensitivity", "Who may see it.", allowed=("public", "internal", "restricted")),
        _field("licence", "Terms of use."),
        _field("publisher", "Who publishes it."),
        _field("title", "Title of the source."),
        _field("citation", "How to cite it."),
        _field("shape_checked", "Whether the shape was ever checked on a real file.", "flag"),
        _field("fingerprint", "Hash of all that decides the content loaded; the same: nothing to do."),
    ),
)

QUARANTINED_RECORD = Contract(
    table="quarantined_record",
    schema_name="ingest",
    has_lineage=False,
    grain="one record that was read and not loaded",
    fields=(
        _field("source_name", "Name of the configured source.", required=True),
        _field("snapshot_sha256", "SHA-256 of the file's bytes.", required=True),
        _field("record_no", "Number of the record in its file, from 1.", "integer", required=True),
        _field("reason_code", "Kind of fault.", required=True),
        _field("reason", "What was wrong and where; never a value of the record.", required=True),
        _field("remedy", "What to do.", required=True),
        _field("original_text", "The record; empty in the open store for restricted sources."),
    ),
)

DATA_QUALITY = Contract(
    table="data_quality",
    schema_name="ingest",
    has_lineage=False,
    grain="one expectation about one source in one run",
    fields=(
        _field("run_id", "Run.", required=True),
        _field("source_name", "Name of the configured source.", required=True),
        _field("expectation", "What is expected.", required=True),
        _field("column_name", "Column that it is about."),
        _field("severity", "Whether the work stops.", required=True, allowed=("stop", "warn")),
        _field("success", "Whether it is met.", "flag", required=True),
        _field("observed_count", "Rows looked at.", "integer"),
        _field("unexpected_count", "Rows that do not meet it.", "integer"),
        _field("detail", "What was seen."),
    ),
)

LEDGERS = (SOURCE_LOAD, QUARANTINED_RECORD, DATA_QUALITY)
