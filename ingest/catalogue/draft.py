"""What a drafted declaration is made of: the sample, the table, a line for each field, and what is left to decide."""

from dataclasses import dataclass, field

from ingest.catalogue.guessing import Items
from ingest.catalogue.profile import Column
from ingest.catalogue.sample import Sample
from ingest.contracts import Contract


@dataclass(frozen=True)
class FieldDraft:
    """One line of the mapping: the keys of a field mapping, a remark to put behind it, and the column that fills it."""

    name: str
    keys: dict[str, str | bool | list[str]]
    remark: str = ""
    column: str | None = None


@dataclass
class Draft:
    """All that goes into a new declaration; with `items`, each row is an item of a JSON array."""

    source_id: str
    sample: Sample
    contract: Contract
    columns: list[Column]
    items: Items | None = None
    fields: list[FieldDraft] = field(default_factory=list)
    enumerations: dict[str, dict[str, str | bool]] = field(default_factory=dict)
    undecided_values: dict[str, list[str]] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    to_decide: list[str] = field(default_factory=list)

    @property
    def nulls(self) -> list[str]:
        """Spellings of nothing known, over all columns."""
        return list(dict.fromkeys(["", *(word for column in self.all_columns for word in column.nulls)]))

    @property
    def all_columns(self) -> list[Column]:
        """The columns of the records, and those of the items."""
        return [*self.columns, *(self.items.columns if self.items else ())]

    def filled(self, field_name: str, column: Column, remark: str = "") -> FieldDraft:
        """Gives a field that a column fills: by its heading, its path in the item, or its path in the record above."""
        if not self.sample.is_json:
            origin = ("column", column.name)
        elif self.items is None:
            origin = ("path", column.name)
        elif column in self.items.columns:
            origin = ("path", f"${column.name.removeprefix(self.items.path)}")
        else:
            origin = ("parent_path", column.name)
        return FieldDraft(field_name, dict([origin]), remark, column.name)

    def used(self, *, required_only: bool = False) -> list[str]:
        """Gives the columns that the key and the fields, or the required fields, need, in the order of the sample."""
        fields = [draft for draft in self.fields if not required_only or self.contract.field(draft.name).required]
        wanted = {draft.column for draft in fields} | set(self.key)
        return [column.name for column in self.all_columns if column.name in wanted]
