"""What interfaces tell of suppliers, read for many at once from one publication."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from serving.lookup.current import Reading

Row = dict[str, Any]
_SUPPLIERS: Final = """
    SELECT supplier.supplier_id, supplier.name, supplier.country_code, supplier.sector_label, supplier.good,
        supplier.is_natural_person, supplier.is_closed, supplier.source_ids, supplier.parent_supplier_id,
        score.band, score.inherent_level, score.severity, score.coverage, score.confidence,
        score.unconfirmed_match_count, score.action
    FROM dim_supplier AS supplier JOIN supplier_score AS score USING (supplier_id)
    WHERE supplier_id IN (SELECT unnest($ids)) ORDER BY supplier_id
"""
_STATES: Final = """
    SELECT supplier_id, indicator_id, state FROM (
        SELECT supplier_id, indicator_id, state, row_number() OVER (
            PARTITION BY supplier_id, indicator_id
            ORDER BY list_position(['present', 'contradicted', 'not assessable', 'absent', 'not applicable'], state)
        ) AS place
        FROM supplier_indicator WHERE supplier_id IN (SELECT unnest($ids)) AND list_contains($indicators, indicator_id)
    ) WHERE place = 1 ORDER BY supplier_id, indicator_id
"""
_IDENTIFIERS: Final = """
    SELECT supplier_id, method, substr(link_key, length(method) + 2) AS told FROM dim_supplier_identifier
    WHERE supplier_id IN (SELECT unnest($ids)) ORDER BY supplier_id, method, link_key
"""
_REFERENCES: Final = """
    SELECT DISTINCT supplier_id, 'reference' AS method, supplier_ref AS told FROM dim_supplier_record
    WHERE supplier_id IN (SELECT unnest($ids)) AND supplier_ref <> row_id ORDER BY supplier_id, told
"""
_NAMES: Final = """
    SELECT DISTINCT records.supplier_id, records.name
    FROM dim_supplier_record AS records JOIN dim_supplier AS supplier USING (supplier_id)
    WHERE supplier_id IN (SELECT unnest($ids)) AND NOT supplier.is_natural_person AND records.name <> supplier.name
    ORDER BY records.supplier_id, records.name
"""
_SITES: Final = """
    SELECT supplier_id, address, country_code FROM dim_facility
    WHERE supplier_id IN (SELECT unnest($ids)) AND address IS NOT NULL ORDER BY supplier_id, facility_id
"""


@dataclass(frozen=True)
class SupplierFacts:
    """One supplier as published: its row with how it stands, other names, identifiers by kind, addresses of sites."""

    row: Row
    other_names: list[str] = field(default_factory=list)
    identifiers: dict[str, list[str]] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)


def suppliers_of(reading: Reading, ids: Sequence[str]) -> dict[str, SupplierFacts]:
    """Gives id → facts for the suppliers that the publication has; the number of queries does not grow with them."""
    wanted = {"ids": list(ids)}
    names, addresses = _lists(reading, _NAMES, "name", wanted), _lists(reading, _SITES, "address", wanted)
    identifiers: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    queries = [_REFERENCES, *([_IDENTIFIERS] if "dim_supplier_identifier" in reading.manifest["tables"] else [])]
    for query in queries:
        for row in rows(reading, query, wanted):
            identifiers[row["supplier_id"]][row["method"]].append(row["told"])
    return {
        row["supplier_id"]: SupplierFacts(
            row, names[row["supplier_id"]], dict(identifiers[row["supplier_id"]]), addresses[row["supplier_id"]]
        )
        for row in rows(reading, _SUPPLIERS, wanted)
    }


def states_of(reading: Reading, ids: Sequence[str], indicators: Sequence[str]) -> dict[tuple[str, str], str]:
    """Gives supplier and indicator → state over its sites.

    Present at one site is present; what one site could not be assessed for is not absent.
    """
    found = rows(reading, _STATES, {"ids": list(ids), "indicators": list(indicators)})
    return {(row["supplier_id"], row["indicator_id"]): row["state"] for row in found}


def rows(reading: Reading, query: str, values: Row | None = None) -> list[Row]:
    """Gives the rows of a query, each as column → value."""
    found = reading.connection.execute(query, values or {})
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _lists(reading: Reading, query: str, column: str, values: Row) -> defaultdict[str, list[str]]:
    lists: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows(reading, query, values):
        if row[column] not in lists[row["supplier_id"]]:
            lists[row["supplier_id"]].append(row[column])
    return lists
