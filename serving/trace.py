"""From a row of evidence back to the rows of sources that it rests on, and on to the score that it is part of."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from serving.publications.current import DATABASE
from serving.tables import COPIED
from tierline.errors import PublishError
from tierline.warehouse import connect, quote_identifier

Row = dict[str, Any]
_LINEAGE_KEYS: Final = {table.name: table.lineage_key for table in COPIED if table.lineage_key}

_LEVEL_ROWS = """
    WITH site AS (SELECT * FROM site_level WHERE supplier_id = $supplier_id AND site_id = $site_id),
    own_good AS (
        SELECT level_source_id FROM fct_level_source AS source JOIN site
        ON level_kind = 'good' AND source.country_code = site.country_code AND source.good = site.good
    )
    SELECT source.* FROM fct_level_source AS source JOIN site ON
        (level_kind = 'country' AND source.country_code = site.country_code)
        OR (level_kind = 'sector' AND source.sector_key = site.sector_key)
        OR (level_kind = 'good' AND level_source_id IN (FROM own_good))
        -- goods of the sector stand in only where the supplier's own good has no row
        OR (level_kind = 'good' AND source.country_code = site.country_code AND source.sector_key = site.sector_key
            AND NOT EXISTS (FROM own_good))
    ORDER BY level_kind, row_id
"""

_LIMITED_ROWS = """
    SELECT evidence.* FROM score_evidence AS evidence LEFT JOIN indicator USING (indicator_id)
    WHERE supplier_id = $supplier_id AND site_id = $site_id AND evidence.kind <> 'cap' AND contribution <> 0
        AND (evidence.kind = $limited_kind OR (evidence.kind = 'adverse' AND indicator.kind = $limited_kind))
        AND ($indicator_id IS NULL OR indicator_id = $indicator_id)
    ORDER BY evidence_id
"""


@dataclass(frozen=True)
class SourceRow:
    """A row that came from a source: the published table it stands in, its lineage, and why it matters here."""

    table: str
    row_id: str
    source_id: str
    snapshot_sha256: str
    record_no: int
    why: str


@dataclass(frozen=True)
class Trace:
    """One row of evidence, the scores that it is part of, and what it rests on.

    `fact` is the published row behind it, `release` the row of the ledger of survey releases at which the way ends,
    `limited` the rows of evidence that a cap limits, `sources` the rows of sources.
    """

    evidence: Row
    site: Row
    supplier: Row
    site_rows: int
    site_sum: float
    fact_table: str | None
    fact: Row | None
    release: Row | None
    limited: tuple[Row, ...]
    sources: tuple[SourceRow, ...]

    @property
    def is_of_worst_site(self) -> bool:
        """Whether the row is part of the supplier's own score, which is that of its worst site."""
        return bool(self.supplier["worst_site_id"] == self.site["site_id"])


def trace_evidence(publication: Path, evidence_id: str, *, memory_limit: str = "4GB") -> Trace:
    """Gives all that a publication says of a row of evidence; raises PublishError where it has no such row."""
    path = publication / DATABASE
    if not path.is_file():
        raise PublishError(f"there is no publication {publication.name}", remedy="Name a run that was published.")
    with connect(path, read_only=True, memory_limit=memory_limit) as connection:
        return trace_in(connection, evidence_id)


def trace_in(connection: duckdb.DuckDBPyConnection, evidence_id: str) -> Trace:
    """Gives the same as `trace_evidence`, of a publication that is open."""
    evidence = _one(connection, "SELECT * FROM score_evidence WHERE evidence_id = $id", {"id": evidence_id})
    if evidence is None:
        raise PublishError(
            f"the publication has no evidence '{evidence_id}'",
            remedy="Ids stand in score_evidence.evidence_id: supplier, site and fact, joined by '/'.",
        )
    place = {name: evidence[name] for name in ("supplier_id", "site_id")}
    total = _required(
        connection,
        "SELECT count(*) AS row_count, sum(contribution) AS total FROM score_evidence "
        "WHERE supplier_id = $supplier_id AND site_id = $site_id",
        place,
    )
    table, fact = _fact(connection, evidence)
    limited = _limited(connection, evidence)
    return Trace(
        evidence=evidence,
        site=_required(
            connection, "SELECT * FROM site_score WHERE supplier_id = $supplier_id AND site_id = $site_id", place
        ),
        supplier=_required(
            connection,
            "SELECT supplier_score.*, dim_supplier.name FROM supplier_score JOIN dim_supplier USING (supplier_id) "
            "WHERE supplier_id = $supplier_id",
            {"supplier_id": evidence["supplier_id"]},
        ),
        site_rows=int(total["row_count"]),
        site_sum=float(total["total"]),
        fact_table=table,
        fact=fact,
        release=_release(connection, evidence),
        limited=limited,
        sources=tuple(_sources(connection, evidence, table, fact, limited)),
    )


def _fact(connection: duckdb.DuckDBPyConnection, evidence: Row) -> tuple[str | None, Row | None]:
    table = evidence["source_table"]
    key = evidence["source_key"] or evidence["release_id"]
    if table not in _LINEAGE_KEYS or key is None:
        return None, None
    column = quote_identifier(str(_LINEAGE_KEYS[table]))
    # an entry of a list may bear on several suppliers: of its rows the one of this supplier is meant
    rows = _rows(connection, f"SELECT * FROM {quote_identifier(table)} WHERE {column} = $key", {"key": key})
    own = [row for row in rows if row.get("supplier_id") == evidence["supplier_id"]]
    return table, next(iter(own or rows), None)


def _release(connection: duckdb.DuckDBPyConnection, evidence: Row) -> Row | None:
    if evidence["release_id"] is None:
        return None
    return _one(connection, "SELECT * FROM survey_release WHERE release_id = $id", {"id": str(evidence["release_id"])})


def _limited(connection: duckdb.DuckDBPyConnection, evidence: Row) -> tuple[Row, ...]:
    if evidence["kind"] != "cap":
        return ()
    name = str(evidence["evidence_id"]).rpartition("/cap:")[2]
    limited_kind = "base" if name == "inherent" else "clean" if name.startswith("clean") else name
    names = ("supplier_id", "site_id", "indicator_id")
    return tuple(
        _rows(connection, _LIMITED_ROWS, {**{key: evidence[key] for key in names}, "limited_kind": limited_kind})
    )


def _sources(
    connection: duckdb.DuckDBPyConnection,
    evidence: Row,
    table: str | None,
    fact: Row | None,
    limited: Sequence[Row],
) -> list[SourceRow]:
    if evidence["kind"] == "base":
        return _sources_of_base(connection, evidence)
    if fact is not None and table is not None and fact.get("snapshot_sha256"):
        return [_source_row(table, fact, "the fact itself")]
    found: dict[str, SourceRow] = {}
    for row in limited:
        own_table, own_fact = _fact(connection, row)
        for source in _sources(connection, row, own_table, own_fact, ()):
            found.setdefault(source.row_id, source)
    return list(found.values())


def _sources_of_base(connection: duckdb.DuckDBPyConnection, evidence: Row) -> list[SourceRow]:
    place = {name: evidence[name] for name in ("supplier_id", "site_id")}
    levels = _rows(connection, _LEVEL_ROWS, place)
    records = _rows(
        connection,
        "SELECT * FROM dim_supplier_record WHERE supplier_id = $supplier_id ORDER BY row_id",
        {"supplier_id": evidence["supplier_id"]},
    )
    return [
        *(_source_row("fct_level_source", row, f"the level of its {row['level_kind']}") for row in levels),
        *(_source_row("dim_supplier_record", row, "where the supplier is and what it makes") for row in records),
    ]


def _source_row(table: str, row: Row, why: str) -> SourceRow:
    return SourceRow(
        table, str(row["row_id"]), str(row["source_id"]), str(row["snapshot_sha256"]), int(row["record_no"]), why
    )


def _required(connection: duckdb.DuckDBPyConnection, query: str, parameters: Row) -> Row:
    row = _one(connection, query, parameters)
    if row is None:
        raise PublishError(
            f"the publication lacks a row for {', '.join(map(str, parameters.values()))}",
            remedy="It was changed after it was made; see `tierline verify`.",
        )
    return row


def _one(connection: duckdb.DuckDBPyConnection, query: str, parameters: Row) -> Row | None:
    return next(iter(_rows(connection, query, parameters)), None)


def _rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: Row) -> list[Row]:
    try:
        found = connection.execute(query, parameters)
    except duckdb.CatalogException as error:
        raise PublishError(
            f"this publication lacks what tracing needs: {str(error).splitlines()[0]}",
            remedy="It was made by an older version; `tierline origin ROW_ID` goes on from a row id by hand.",
        ) from error
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
