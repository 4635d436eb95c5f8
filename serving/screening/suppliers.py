"""Bidders against the suppliers of a publication: identified, or candidates of whom an officer must say which it is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl

from serving.screening.bidders import Bidder
from serving.screening.headings import heading_key
from serving.screening.reading import Publication, Row, has_table
from serving.search import Hit

LEAST: Final = 0.75
"""Names less alike than this are no candidates."""
MOST_CANDIDATES: Final = 5
_UNLIKE: Final = 0.5
"""Below this, an identifier that agrees and a name that does not are for a person to judge."""
_NATIONAL: Final = ("tax_number", "company_number", "lei")


def candidates(publication: Publication, bidders: Sequence[Bidder]) -> dict[int, list[Row]]:
    """Gives, by number of a bidder, the suppliers that it may be, the likeliest first, each with why, by feature.

    Natural persons are found by no name. A supplier that is known to be in another country is no candidate by name.
    """
    identified = _identified(publication, bidders)
    named = _named(publication, bidders)
    hits = {
        one.number: _merged(identified.get(one.number, {}), named.get((one.name, one.country_code), []))
        for one in bidders
    }  # fmt: skip
    about = _about(publication, {hit["supplier_id"] for found in hits.values() for hit in found})
    return {one.number: [_explained(one, hit, about) for hit in hits[one.number]] for one in bidders}


def identified_as(found: Sequence[Row]) -> Row | None:
    """Gives the supplier that an identifier says a bidder is: one alone, whose name is not another one altogether."""
    by_number = [one for one in found if one["basis"] == "identifier"]
    return by_number[0] if len(by_number) == 1 and not by_number[0]["is_doubtful"] else None


def _identified(publication: Publication, bidders: Sequence[Bidder]) -> dict[int, dict[str, str]]:
    """Gives, by number of a bidder, supplier → kind of the identifier that both have."""
    if not has_table(publication, "dim_supplier_identifier"):
        return {}
    numbers = [
        (one.number, identifier.link_key)
        for one in bidders
        for identifier in one.identifiers
        if identifier.is_sound is not False
    ]
    asked = pl.DataFrame(numbers, schema={"number": pl.Int64, "link_key": pl.String}, orient="row")
    publication.connection.register("asked_identifier", asked.to_arrow())
    try:
        rows = publication.connection.execute(_IDENTIFIED).fetchall()
    finally:
        publication.connection.unregister("asked_identifier")
    found: dict[int, dict[str, str]] = {}
    for number, supplier_id, method in rows:
        found.setdefault(number, {}).setdefault(supplier_id, method)
    return found


_IDENTIFIED: Final = """
    SELECT number, supplier_id, method FROM asked_identifier JOIN dim_supplier_identifier USING (link_key) ORDER BY ALL
"""


def _named(publication: Publication, bidders: Sequence[Bidder]) -> dict[tuple[str, str | None], list[Hit]]:
    """Gives the hits of each name and country, each searched for once, however many bidders have it."""
    asked = sorted({(one.name, one.country_code or "") for one in bidders if one.name})
    pairs = [(name, country or None) for name, country in asked]
    found = publication.index.search_many(pairs, limit=MOST_CANDIDATES, least=LEAST)
    return {
        pair: [hit for hit in hits if hit.matched_on != "identifier"] for pair, hits in zip(pairs, found, strict=True)
    }


def _merged(identified: Mapping[str, str], named: Iterable[Hit]) -> list[Row]:
    by_name = {hit.supplier_id: hit for hit in named}
    rows: list[Row] = [
        {"supplier_id": one, "method": method, "hit": by_name.get(one)} for one, method in identified.items()
    ]
    rows += [{"supplier_id": one, "method": None, "hit": hit} for one, hit in by_name.items() if one not in identified]
    return rows[:MOST_CANDIDATES]


def _about(publication: Publication, suppliers: set[str]) -> dict[str, Row]:
    """Gives of each supplier its name, country, the places of its sites and the kinds of its national numbers."""
    wanted = pl.DataFrame({"supplier_id": sorted(suppliers)}, schema={"supplier_id": pl.String})
    publication.connection.register("candidate", wanted.to_arrow())
    try:
        rows = publication.connection.execute(_ABOUT).pl().to_dicts()
        kinds = publication.connection.execute(_KINDS).fetchall() if has_table(
            publication, "dim_supplier_identifier") else []  # fmt: skip
    finally:
        publication.connection.unregister("candidate")
    told = {row["supplier_id"]: {**row, "kinds": set()} for row in rows}
    for supplier_id, kind in kinds:
        told[supplier_id]["kinds"].add(kind)
    return told


_ABOUT: Final = """
    SELECT supplier_id, any_value(suppliers.name) AS name, any_value(suppliers.country_code) AS country_code,
        list(DISTINCT address ORDER BY address) FILTER (WHERE address IS NOT NULL) AS addresses
    FROM candidate JOIN dim_supplier AS suppliers USING (supplier_id) LEFT JOIN dim_facility USING (supplier_id)
    GROUP BY supplier_id
"""
_KINDS: Final = """
    SELECT DISTINCT supplier_id, regexp_replace(link_key, ' [^ ]*$', '')
    FROM candidate JOIN dim_supplier_identifier USING (supplier_id)
"""


def _explained(bidder: Bidder, found: Row, about: Mapping[str, Row]) -> Row:
    supplier, hit = about[found["supplier_id"]], found["hit"]
    score = hit.score if hit else None
    country = _country(bidder.country_code, supplier["country_code"])
    by_number = found["method"] is not None
    return {
        "supplier_id": found["supplier_id"],
        "name": supplier["name"],
        "country_code": supplier["country_code"],
        "basis": "identifier" if by_number else "name",
        "is_doubtful": by_number and bool(bidder.name) and (score or 0.0) < _UNLIKE,
        "features": [
            _name_feature(bidder, hit),
            {"feature": "country", "level": country},
            {"feature": "town", "level": _town(bidder, supplier["addresses"] or [])},
            _identifier_feature(bidder, found["method"], supplier["kinds"]),
        ],
    }


def _name_feature(bidder: Bidder, hit: Hit | None) -> Row:
    if hit is None:
        return {"feature": "name", "level": "unlike" if bidder.name else "not known", "value": None, "likeness": None}
    return {"feature": "name", "level": hit.matched_on, "value": hit.matched_text, "likeness": round(hit.score, 4)}


def _country(one: str | None, other: str | None) -> str:
    if one is None or other is None:
        return "not known"
    return "agrees" if one == other else "differs"


def _town(bidder: Bidder, addresses: Sequence[str]) -> str:
    town = heading_key(bidder.town)
    if not town or not addresses:
        return "not known"
    return "agrees" if any(f" {town} " in f" {heading_key(one)} " for one in addresses) else "differs"


def _identifier_feature(bidder: Bidder, method: str | None, kinds: set[str]) -> Row:
    if method is not None:
        return {"feature": "identifier", "level": "agrees", "value": method}
    of_bidder = {
        one.link_key.rpartition(" ")[0]: one.method
        for one in bidder.identifiers
        if one.method in _NATIONAL and one.is_sound is not False
    }
    other = sorted(of_bidder[kind] for kind in of_bidder.keys() & kinds)
    return {"feature": "identifier", "level": "differs" if other else "not known", "value": other[0] if other else None}


def supplier_answers(publication: Publication, suppliers: Iterable[str]) -> dict[str, Row]:
    """Gives, by supplier, what is told of it: band, reasons, action, unknowns, matches with lists, and contests."""
    wanted = pl.DataFrame({"supplier_id": sorted(set(suppliers))}, schema={"supplier_id": pl.String})
    publication.connection.register("told_supplier", wanted.to_arrow())
    try:
        tables = {name: publication.connection.execute(query).pl() for name, query in _TOLD.items()}
    finally:
        publication.connection.unregister("told_supplier")
    answers: dict[str, Row] = {row["supplier_id"]: _plain(row) for row in tables["score"].to_dicts()}
    for name in ("reasons", "unknowns", "matches"):
        for answer in answers.values():
            answer[name] = []
        for row in tables[name].to_dicts():
            answers[row.pop("supplier_id")][name].append(_plain(row))
    return answers


def _plain(row: Mapping[str, Any]) -> Row:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}


_TOLD: Final = {
    "score": """
        SELECT supplier_id, name, country_code, sector_label, band, inherent_level, band_rule, band_reason, action,
            buyer_action, coverage, confidence, next_best_fact
        FROM told_supplier JOIN dim_supplier USING (supplier_id) JOIN supplier_score USING (supplier_id)
    """,
    "reasons": """
        SELECT supplier_id, evidence.indicator_id, indicator.name AS indicator, source_type, event_date, contested,
            second_hand, description
        FROM told_supplier JOIN supplier_score AS score USING (supplier_id)
        JOIN score_evidence AS evidence
            ON evidence.supplier_id = score.supplier_id AND evidence.site_id = score.worst_site_id
        LEFT JOIN indicator ON indicator.indicator_id = evidence.indicator_id
        WHERE evidence.kind = 'adverse' AND contribution > 0
        QUALIFY row_number() OVER (PARTITION BY supplier_id ORDER BY contribution DESC, evidence_id) <= 5
        ORDER BY supplier_id, contribution DESC, evidence_id
    """,
    "unknowns": """
        SELECT supplier_id, states.indicator_id, indicator.name AS indicator, reason
        FROM told_supplier JOIN supplier_score AS score USING (supplier_id)
        JOIN supplier_indicator AS states
            ON states.supplier_id = score.supplier_id AND states.site_id = score.worst_site_id
        JOIN indicator ON indicator.indicator_id = states.indicator_id
        WHERE state = 'not assessable' ORDER BY supplier_id, indicator_id
    """,
    "matches": """
        SELECT supplier_id, list_name, entry_id, entry_name_published AS entry_name, programme, match_status,
            list_status, listed_on, ended_on, feeds_indicator
        FROM told_supplier JOIN fct_list_match USING (supplier_id)
        WHERE match_status IN ('confirmed', 'possible', 'past', 'ended', 'rejected')
        ORDER BY supplier_id, match_id
    """,
}
