"""Answers of matching by example: datasets, candidates among suppliers and on lists, and single entities."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from serving.interfaces import follow_the_money as ftm
from serving.interfaces.awards import awards_of
from serving.interfaces.facts import SupplierFacts, suppliers_of
from serving.interfaces.identity import Asked, Found, country_codes, found_suppliers
from serving.interfaces.list_entries import (
    Entry,
    Names,
    entries_of,
    found_by_identifier,
    found_by_name,
    lists_of,
)
from serving.interfaces.match_shapes import (
    Award,
    Catalogue,
    Dataset,
    Entity,
    EntityAnswer,
    Example,
    ScoredEntity,
    Standing,
)
from serving.lookup.current import Reading

SUPPLIERS: Final = "suppliers"
LISTS: Final = "adverse_lists"
_SCHEMES: Final = {
    "leiCode": "lei",
    "taxNumber": "tax_number",
    "vatCode": "tax_number",
    "registrationNumber": "company_number",
    "idNumber": None,
}
_COUNTRIES: Final = ("country", "jurisdiction", "mainCountry")


def catalogue(reading: Reading) -> Catalogue:
    """Gives all datasets: the suppliers, each list, and all lists together."""
    lists = lists_of(reading)
    children = [
        _dataset(reading, row["list_name"], row["title"] or row["list_name"], "One official list.", row)
        for row in lists
    ]
    everybody = _dataset(
        reading, SUPPLIERS, "Suppliers", "The suppliers of the publication.", {"entry_count": reading.index.size}
    )
    together = _dataset(
        reading,
        LISTS,
        "Official lists",
        "All lists together. Goods are left out; natural persons are found by their id alone.",
        {"entry_count": sum(row["entry_count"] for row in lists)},
        [one.name for one in children],
    )
    names = [SUPPLIERS, LISTS, *(one.name for one in children)]
    return Catalogue(datasets=[everybody, together, *children], current=names, outdated=[], index_stale=False)


def lists_named(reading: Reading, dataset: str) -> frozenset[str] | None:
    """Gives the lists of a dataset, none for the suppliers; None where there is no such dataset."""
    if dataset == SUPPLIERS:
        return frozenset()
    known = frozenset(str(row["list_name"]) for row in lists_of(reading))
    return known if dataset == LISTS else frozenset({dataset}) if dataset in known else None


def asked(example: Example) -> Asked:
    """Gives what an example says of a company."""
    values = {name: [told] if isinstance(told, str) else told for name, told in example.properties.items()}
    names = [*values.get("name", []), *values.get("alias", [])]
    identifiers: dict[str | None, list[str]] = {}
    for name, scheme in _SCHEMES.items():
        filled = [value for value in values.get(name, []) if value.strip()]
        if filled:
            identifiers.setdefault(scheme, []).extend(filled)
    countries = country_codes([one for name in _COUNTRIES for one in values.get(name, [])])
    return Asked(names[0] if names else "", countries, identifiers)


def matched_suppliers(reading: Reading, batch: Sequence[Asked], limit: int) -> list[list[ScoredEntity]]:
    """Gives for each company the suppliers that may be meant; their facts are read once for all."""
    found = [found_suppliers(reading.index, one, limit) for one in batch]
    ids = sorted({candidate.hit.supplier_id for candidates in found for candidate in candidates})
    facts = suppliers_of(reading, ids)
    return [
        [_scored_supplier(facts[one.hit.supplier_id], one) for one in candidates if one.hit.supplier_id in facts]
        for candidates in found
    ]


def matched_entries(
    reading: Reading, names: Names, lists: frozenset[str], batch: Sequence[Asked], limit: int
) -> list[list[ScoredEntity]]:
    """Gives for each company the entries of lists that may be about it; the entries are read once for all."""
    found = [_found_entries(reading, names, lists, one, limit) for one in batch]
    entries = entries_of(reading, sorted({entry_id for candidates in found for entry_id, _, _ in candidates}))
    return [
        [
            _scored_entry(entries[entry_id], one, by_number, score)
            for entry_id, by_number, score in candidates
            if entry_id in entries
        ]
        for one, candidates in zip(batch, found, strict=True)
    ]


def _found_entries(
    reading: Reading, names: Names, lists: frozenset[str], one: Asked, limit: int
) -> list[tuple[str, bool, float]]:
    """Gives ids of entries with whether an identifier met them and how alike a name is."""
    values = [value for told in (one.identifiers or {}).values() for value in told]
    by_number = found_by_identifier(names, values, lists)
    scores = dict(found_by_name(names, reading.index.key(one.name), lists, limit))
    ids = [*by_number, *(entry_id for entry_id in scores if entry_id not in by_number)][:limit]
    return [(entry_id, entry_id in by_number, scores.get(entry_id, 0.0)) for entry_id in ids]


def entity(reading: Reading, entity_id: str) -> EntityAnswer | None:
    """Gives one supplier with how it stands, or one entry of a list; None where there is none."""
    supplier = suppliers_of(reading, [entity_id]).get(entity_id)
    if supplier is not None:
        standing = Standing(
            run_id=reading.run_id,
            as_of=reading.as_of,
            retraction=reading.retraction,
            **{name: supplier.row[name] for name in _STANDING},
        )
        awards = [Award(**row) for row in awards_of(reading, entity_id)]
        return EntityAnswer(**_supplier_values(supplier), standing=standing, awards=awards)
    entry = entries_of(reading, [entity_id]).get(entity_id)
    return None if entry is None else EntityAnswer(**_entry_values(entry), standing=None, awards=[])


_STANDING: Final = (
    "band", "inherent_level", "severity", "coverage", "confidence", "action", "unconfirmed_match_count",
)  # fmt: skip


def plain_entities(found: Sequence[ScoredEntity]) -> list[Entity]:
    """Gives candidates without what makes them candidates."""
    left_out = {"score", "features", "explanations", "match"}
    return [Entity(**one.model_dump(exclude=left_out)) for one in found]


def _dataset(
    reading: Reading, name: str, title: str, summary: str, row: Mapping[str, Any], children: list[str] | None = None
) -> Dataset:
    return Dataset(
        name=name,
        title=title,
        summary=summary,
        publisher=row.get("publisher"),
        version=reading.run_id,
        updated_at=row.get("known_on"),
        entity_count=int(row["entry_count"]),
        load=True,
        children=children or [],
    )


def _supplier_values(facts: SupplierFacts) -> dict[str, Any]:
    row = facts.row
    return {
        "id": row["supplier_id"],
        "caption": row["name"],
        "schema": ftm.supplier_schema(row),
        "properties": ftm.supplier_properties(facts),
        "datasets": [SUPPLIERS],
        "referents": facts.identifiers.get("reference", []),
        "target": False,
        "first_seen": None,
        "last_seen": None,
        "last_change": None,
    }


def _entry_values(entry: Entry) -> dict[str, Any]:
    row = entry.row
    return {
        "id": row["entry_id"],
        "caption": row["name"],
        "schema": ftm.entry_schema(row["entry_kind"]),
        "properties": ftm.entry_properties(row, entry.aliases, entry.identifiers),
        "datasets": [LISTS, row["list_name"]],
        "referents": [],
        "target": True,
        "first_seen": row["listed_on"],
        "last_seen": row["ended_on"],
        "last_change": row["ended_on"] or row["listed_on"],
    }


def _scored_supplier(facts: SupplierFacts, found: Found) -> ScoredEntity:
    features = {"name": round(found.name_score, 4), "identifier": float(found.by_identifier)}
    told = {"name" if not found.by_identifier else "identifier": f"{found.hit.matched_on}: {found.hit.matched_text}"}
    if found.country_agrees is not None:
        features["country"] = float(found.country_agrees)
    return ScoredEntity(
        **_supplier_values(facts),
        score=round(found.hit.score, 4),
        features=features,
        explanations=told,
        match=found.is_certain,
    )


def _scored_entry(entry: Entry, one: Asked, by_identifier: bool, name_score: float) -> ScoredEntity:
    country = entry.row["country_code"]
    agrees = None if not one.countries or country is None else country in one.countries
    told = {"list": f"{entry.row['list_name']}, {entry.row['status']}, published by {entry.row['publisher'] or '–'}"}
    features = {"name": round(name_score, 4), "identifier": float(by_identifier)}
    if agrees is not None:
        features["country"] = float(agrees)
    return ScoredEntity(
        **_entry_values(entry),
        score=1.0 if by_identifier else round(name_score, 4),
        features=features,
        explanations=told,
        match=by_identifier and agrees is not False and (name_score > 0 or (agrees is True and not one.name.strip())),
    )
