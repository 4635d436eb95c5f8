"""What documents say of one supplier: who it is, its sites, the levels of its place and good, and its ties."""

from collections.abc import Sequence
from dataclasses import dataclass

from serving.documents.model import Reference
from serving.documents.register import Register, Row, by_evidence, by_rows
from tierline.errors import ConfigError

_SUPPLIER = """
    SELECT supplier.*, score.worst_site_id
    FROM dim_supplier AS supplier JOIN supplier_score AS score USING (supplier_id)
    WHERE supplier_id = $supplier_id
"""
_RECORDS = """
    SELECT row_id, source_id, snapshot_sha256, record_no, supplier_ref
    FROM dim_supplier_record WHERE supplier_id = $supplier_id ORDER BY row_id
"""
_SITES = """
    SELECT facility_id, name, country_code, address, workers, has_dormitory, migrant_share, agency_share, is_closed
    FROM dim_facility WHERE supplier_id = $supplier_id ORDER BY facility_id
"""
_LEVELS = """
    SELECT * FROM site_level WHERE supplier_id = $supplier_id AND site_id = $site_id
"""
_TIES = """
    SELECT row_id, edge_id, edge_kind, party_kind, is_declared, source_id, snapshot_sha256, record_no
    FROM fct_network_edge WHERE subject_id = $supplier_id AND list_contains($kinds, edge_kind) AND valid_to IS NULL
    ORDER BY edge_id
"""
MOST_RECORDS = 12
"""Source records of one supplier that a field names; the table holds them all."""


@dataclass(frozen=True)
class SupplierFacts:
    """One supplier as published, its sites, the levels of its worst site, and references to its source records."""

    supplier: Row
    sites: tuple[Row, ...]
    levels: Row
    base: tuple[Reference, ...]
    records: tuple[Reference, ...]

    @property
    def supplier_id(self) -> str:
        """Its id."""
        return str(self.supplier["supplier_id"])

    @property
    def name(self) -> str:
        """Its name as published."""
        return str(self.supplier["name"])


def about_supplier(register: Register, supplier_id: str) -> SupplierFacts:
    """Gives what is published of a supplier; raises ConfigError where the publication does not have it."""
    supplier = register.one(_SUPPLIER, supplier_id=supplier_id)
    if not supplier:
        raise ConfigError(
            f"the publication has no supplier '{supplier_id}'", remedy="Name an id as dim_supplier.supplier_id has it."
        )
    site_id = str(supplier["worst_site_id"])
    base = register.evidence(
        "supplier_id = $supplier_id AND site_id = $site_id AND kind = 'base'",
        shareable=True,
        supplier_id=supplier_id,
        site_id=site_id,
    )
    records = register.rows(_RECORDS, supplier_id=supplier_id)[:MOST_RECORDS]
    return SupplierFacts(
        supplier=supplier,
        sites=tuple(register.rows(_SITES, supplier_id=supplier_id)),
        levels=register.one(_LEVELS, supplier_id=supplier_id, site_id=site_id),
        base=by_evidence(base),
        records=by_rows("dim_supplier_record", records),
    )


def ties(register: Register, supplier_id: str, *kinds: str) -> list[Row]:
    """Gives the ties of some kinds that lead from a supplier and have not ended."""
    return register.rows(_TIES, supplier_id=supplier_id, kinds=list(kinds))


def site_reference(sites: Sequence[Row]) -> tuple[Reference, ...]:
    """Gives references to rows of sites."""
    return by_rows("dim_facility", sites)


def told_rows(register: Register, rows: Sequence[Row]) -> str:
    """Gives rows of evidence in words: what, and on which day, each once."""
    speech = register.speech
    parts = dict.fromkeys(
        f"{speech.term(row['description'])} ({speech.day(row['event_date'])})"
        if row["event_date"]
        else speech.term(row["description"])
        for row in rows
    )
    return "; ".join(parts)
