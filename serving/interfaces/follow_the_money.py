"""Suppliers and entries of lists as entities of FollowTheMoney: an id, a schema, and lists of values by property.

Names of schemas and properties are those of FollowTheMoney (followthemoney.tech; its schema files Thing, LegalEntity,
Company, Interval, Sanction, Asset, Contract and ContractAward).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from serving.interfaces.facts import Row, SupplierFacts

Properties = dict[str, list[Any]]
_NUMBERS: Final = {"lei": "leiCode", "tax_number": "taxNumber", "company_number": "registrationNumber"}
_KINDS: Final = {"company": "Company", "vessel": "Vessel", "person": "Person"}


def supplier_properties(facts: SupplierFacts) -> Properties:
    """Gives the properties of a supplier; a natural person has no other name and no number."""
    row, country = facts.row, _country(facts.row["country_code"])
    given: Properties = {
        "name": [row["name"]],
        "alias": list(facts.other_names),
        "country": country,
        "jurisdiction": country,
        "sector": _texts(row["sector_label"]),
        "address": list(facts.addresses),
        "status": ["closed"] if row["is_closed"] else [],
    }
    for method, values in facts.identifiers.items():
        name = _NUMBERS.get(method)
        if name is not None and not row["is_natural_person"]:
            given.setdefault(name, []).extend(number(method, value) for value in values)
    return {name: values for name, values in given.items() if values}


def supplier_schema(row: Row) -> str:
    """Gives the schema of a supplier."""
    return "LegalEntity" if row["is_natural_person"] else "Company"


def number(method: str, told: str) -> str:
    """Gives a number without the country that stands before it in a publication."""
    has_country = method in {"tax_number", "company_number"} and told[2:3] == " "
    return told[3:] if has_country else told


def entry_schema(kind: str) -> str:
    """Gives the schema of an entry of a list by what it is about."""
    return _KINDS.get(kind, "LegalEntity")


def entry_properties(entry: Row, aliases: Sequence[str], identifiers: Mapping[str, Sequence[str]]) -> Properties:
    """Gives the properties of an entry, with what the list says of it as a Sanction inside."""
    given: Properties = {
        "name": [entry["name"]],
        "alias": list(aliases),
        "country": _country(entry["country_code"]),
        "publisher": _texts(entry["publisher"]),
        "program": _texts(entry["programme"]),
        "sanctions": [sanction(entry)],
    }
    for method, values in identifiers.items():
        name = _NUMBERS.get(method)
        if name is not None:
            given.setdefault(name, []).extend(number(method, value) for value in values)
    return {name: values for name, values in given.items() if values}


def sanction(entry: Row) -> Row:
    """Gives what a list says of its entry, with its days and who publishes it."""
    properties = {
        "authority": _texts(entry["publisher"]),
        "program": _texts(entry["programme"]),
        "listingDate": _days(entry["listed_on"]),
        "startDate": _days(entry["listed_on"]),
        "endDate": _days(entry["ended_on"]),
        "status": _texts(entry["status"]),
        "country": _country(entry["country_code"]),
    }
    return {
        "id": f"sanction-{entry['entry_id']}",
        "caption": entry["programme"] or entry["list_name"],
        "schema": "Sanction",
        "properties": {name: values for name, values in properties.items() if values},
    }


def _texts(value: object) -> list[str]:
    return [] if value is None or not str(value).strip() else [str(value)]


def _days(value: Any) -> list[str]:
    return [] if value is None else [value.isoformat()]


def _country(code: str | None) -> list[str]:
    return [code.lower()] if code else []
