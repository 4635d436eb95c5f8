"""What the report says of a supplier's place in the network: its tier, its path to a confirmed case, its ties."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from serving.language import Language, mark
from serving.reports.published import Published
from serving.reports.words import apart

Row = Mapping[str, Any]

TIE_LIMIT: Final = 20
_SAYS: Final = {
    "ownership": mark("is owned or controlled by"),
    "officer": mark("is led by"),
    "parent": mark("belongs to"),
    "labour_agent": mark("recruits through"),
    "address": mark("is at the address"),
    "subcontract": mark("has work done by"),
    "supply": mark("is supplied by"),
}
_SAYS_BACK: Final = {
    "ownership": mark("owns or controls"),
    "officer": mark("leads"),
    "parent": mark("is the parent of"),
    "labour_agent": mark("recruits for"),
    "address": mark("is the address of"),
    "subcontract": mark("works for"),
    "supply": mark("supplies"),
}
"""The relation as the supplier's own, whichever end of a tie it stands at."""


@dataclass(frozen=True)
class Place:
    """A supplier in the network; names of parties are made inert by whoever shows them.

    `steps`: from the confirmed case to the supplier, each a sentence and its record. `ties`: direct ties.
    """

    tier: str
    steps: list[Row]
    ties: list[Row]
    ties_left_out: int


def places_in_network(published: Published, suppliers: pl.Series, speech: Language) -> dict[str, Place]:
    """Gives supplier → its place in the network, for each of the suppliers."""
    tiers = {row["supplier_id"]: row for row in published.of_suppliers("fct_supplier_tier", suppliers).to_dicts()}
    steps = published.of_suppliers("network_exposure_step", suppliers).sort("supplier_id", "step_no").to_dicts()
    edges = published.rows_where("fct_network_edge", ["subject_id", "party_id"], _tied(published, suppliers))
    ties = edges.sort("edge_kind", "edge_id").to_dicts()
    names = _names(published, ties, steps)
    return {
        supplier: Place(
            tier=_tier_sentence(tiers.get(supplier), speech),
            steps=[_step(row, names, speech) for row in steps if row["supplier_id"] == supplier],
            ties=(own := list(_ties(ties, supplier, names, speech)))[:TIE_LIMIT],
            ties_left_out=max(0, len(own) - TIE_LIMIT),
        )
        for supplier in suppliers
    }


def _tied(published: Published, suppliers: pl.Series) -> pl.Series:
    """Gives those of the suppliers that have ties: ties have no order by party, so they are read for no other."""
    return published.rows_where("dim_network_party", ["party_id"], suppliers)["party_id"]


def _names(published: Published, edges: Sequence[Row], steps: Sequence[Row]) -> dict[str, str]:
    wanted = {row[end] for row in edges for end in ("subject_id", "party_id")}
    wanted |= {row[end] for row in steps for end in ("from_party_id", "to_party_id")}
    if not wanted:
        return {}
    found = published.rows_where("dim_network_party", ["party_id"], pl.Series(sorted(wanted), dtype=pl.String))
    return {row["party_id"]: _named(row) for row in found.to_dicts()}


def _named(party: Row) -> str:
    name = apart(party["name"], 90)
    return name if party["party_kind"] == "supplier" else f"{name} {party['party_id']}"


def _step(row: Row, names: Mapping[str, str], speech: Language) -> Row:
    start, end = (names.get(row[key], row[key]) for key in ("from_party_id", "to_party_id"))
    return {
        "sentence": f"{start} {speech.term(row['relation'])} {end}",
        "record": speech.text("{source}, record {number}", source=apart(row["source_id"]), number=row["record_no"]),
    }


def _ties(edges: Sequence[Row], supplier: str, names: Mapping[str, str], speech: Language) -> Iterator[Row]:
    for edge in edges:
        if supplier not in (edge["subject_id"], edge["party_id"]):
            continue
        is_subject = edge["subject_id"] == supplier
        other = edge["party_id"] if is_subject else edge["subject_id"]
        yield {
            "relation": speech.term((_SAYS if is_subject else _SAYS_BACK)[edge["edge_kind"]]),
            "party": names.get(other, other),
            "party_id": other,
            "valid_from": edge["valid_from"],
            "valid_to": edge["valid_to"],
            "share": _share(edge, speech),
            "declared": _declared(edge, speech),
            "record": speech.text(
                "{source}, record {number}", source=apart(edge["source_id"]), number=edge["record_no"]
            ),
        }


def _share(edge: Row, speech: Language) -> str:
    low, high = edge["share_minimum"], edge["share_maximum"]
    if low is None and high is None:
        return ""
    told = [speech.percent(None if end is None else end / 100) for end in (low, high)]
    return told[0] if low == high else speech.text("{low} to {high}", low=told[0], high=told[1])


def _declared(edge: Row, speech: Language) -> str:
    if edge["is_declared"] is None:
        return ""
    return speech.text("told of by the customer") if edge["is_declared"] else speech.text("not told of by the customer")


def _tier_sentence(row: Row | None, speech: Language) -> str:
    if row is None or row["tier"] is None:
        return speech.text("Its tier is not known: no purchase and no tie leads to it.")
    basis = speech.term(row["basis"])
    return speech.text("Tier {tier}: {basis}.", tier=row["tier"], basis=basis)
