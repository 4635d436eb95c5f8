"""The properties by which suppliers are narrowed down and that can be fetched for those that were reconciled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from serving.interfaces.facts import SupplierFacts, rows, states_of, suppliers_of
from serving.interfaces.reconcile_shapes import Extension, ExtensionQuery, PropertyName
from serving.lookup.current import Reading

Cell = dict[str, str | float | int]
STATE: Final = "indicator:"
_NOT_TOLD: Final = "not an indicator of this publication"


@dataclass(frozen=True)
class Property:
    """A property: its id, name, what it says, and how it is read of a supplier; no reader: it only narrows down."""

    property_id: str
    name: str
    says: str
    cells: Callable[[SupplierFacts, Reading], list[Cell]] | None


def _texts(values: Sequence[object]) -> list[Cell]:
    return [{"str": str(value)} for value in values if value is not None]


def _column(name: str) -> Callable[[SupplierFacts, Reading], list[Cell]]:
    return lambda facts, _: _texts([facts.row[name]])


def _number(name: str) -> Callable[[SupplierFacts, Reading], list[Cell]]:
    return lambda facts, _: [] if facts.row[name] is None else [{"float": round(float(facts.row[name]), 4)}]


def _identifier(method: str) -> Callable[[SupplierFacts, Reading], list[Cell]]:
    return lambda facts, _: _texts(facts.identifiers.get(method, []))


PROPERTIES: Final = (
    Property("band", "Band", "Critical to Lower, or Unknown. Unknown is not clean.", _column("band")),
    Property("inherent_level", "Inherent level", "By country, sector and good alone.", _column("inherent_level")),
    Property("action", "What to do next", "By the rule that decided the band.", _column("action")),
    Property("severity", "Severity", "Of what is present, 1 to 5; empty where nothing is.", _number("severity")),
    Property("coverage", "Coverage", "Share of what should be known that was looked at.", _number("coverage")),
    Property("confidence", "Confidence", "How far the evidence carries, 0 to 1.", _number("confidence")),
    Property(
        "possible_matches",
        "Possible matches with lists",
        "Unconfirmed; they bear on nothing.",
        lambda facts, _: [{"int": int(facts.row["unconfirmed_match_count"])}],
    ),
    Property("country", "Country", "ISO 3166-1 alpha-2.", _column("country_code")),
    Property("sector", "Sector", "Sector.", _column("sector_label")),
    Property("good", "Good", "What it makes.", _column("good")),
    Property("other_name", "Other names", "Names in its sources.", lambda facts, _: _texts(facts.other_names)),
    Property("lei", "LEI", "Legal Entity Identifier.", _identifier("lei")),
    Property("os_id", "OS ID", "Id in Open Supply Hub.", _identifier("os_id")),
    Property("tax_number", "Tax number", "With its country.", _identifier("tax_number")),
    Property("company_number", "Company number", "With its country.", _identifier("company_number")),
    Property("reference", "Reference in a source", "Such as erp:V12.", _identifier("reference")),
    Property("identifier", "Any identifier", "Of any scheme; to narrow down by.", None),
    Property(
        "as_of",
        "Day it speaks for",
        "Nothing known later is in it.",
        lambda _, reading: [{"date": f"{reading.as_of.isoformat()}T00:00:00Z"}],
    ),
    Property("run_id", "Run", "The run that made the publication.", lambda _, reading: _texts([reading.run_id])),
    Property(
        "retracted",
        "Retracted",
        "Why the publication was retracted; empty where it was not.",
        lambda _, reading: _texts([reading.retraction]),
    ),
)  # fmt: skip
_BY_ID: Final = {one.property_id: one for one in PROPERTIES}


def properties_of(reading: Reading) -> list[Property]:
    """Gives all properties, those of the indicators of the publication last: present, absent, and so on."""
    indicators = rows(reading, "SELECT indicator_id, name FROM indicator ORDER BY indicator_id")
    states = [
        Property(
            f"{STATE}{row['indicator_id']}",
            f"{row['indicator_id']} {row['name']}",
            "present, contradicted, absent, not applicable or not assessable over all sites",
            None,
        )
        for row in indicators
    ]
    return [*PROPERTIES, *states]


def extended(reading: Reading, asked: ExtensionQuery) -> Extension:
    """Gives the values asked for."""
    names = {one.property_id: one.name for one in properties_of(reading)}
    wanted = list(dict.fromkeys(one.id for one in asked.properties))
    ids = list(dict.fromkeys(asked.ids))
    facts = suppliers_of(reading, ids)
    indicators = [one.removeprefix(STATE) for one in wanted if one.startswith(STATE)]
    states = states_of(reading, ids, indicators) if indicators else {}
    return Extension(
        meta=[PropertyName(id=one, name=names.get(one, one)) for one in wanted],
        rows={
            supplier_id: {
                one: _cells(reading, facts.get(supplier_id), one, states, is_known=one in names) for one in wanted
            }
            for supplier_id in ids
        },
    )


def _cells(
    reading: Reading,
    facts: SupplierFacts | None,
    property_id: str,
    states: dict[tuple[str, str], str],
    *,
    is_known: bool,
) -> list[Cell]:
    if facts is None:
        return []
    if property_id.startswith(STATE):
        key = str(facts.row["supplier_id"]), property_id.removeprefix(STATE)
        return _texts([states.get(key, "not assessable") if is_known else _NOT_TOLD])
    cells = _BY_ID[property_id].cells
    return cells(facts, reading) if cells else []


def plain(value: Any) -> list[str]:
    """Gives the values of a property of a query as texts."""
    values = value if isinstance(value, list) else [value]
    return [one.id if hasattr(one, "id") else str(one) for one in values]
