"""The whole way from a row of evidence to bytes: what is published of it, then the landing, in lines for a person."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ingest.origin import Origin, find_origin, parse_address
from ingest.origin.account import account_lines
from ingest.release_origin import release_lines
from ingest.terminal_text import MOST_VALUE_CHARACTERS, cut, inert
from serving.trace import SourceRow, Trace, trace_evidence
from tierline.run import Run
from tierline.warehouse import connect, quote_identifier

_WEIGHTS = ("points", "reliability", "freshness", "rank")


def trail_lines(
    run: Run, publication: Path, evidence_id: str, *, records: int, inside_restricted: bool = False
) -> Iterator[str]:
    """Yields the way of a row of evidence, with the records of at most so many source rows as they landed.

    What workers said ends at the ledger of releases, unless `inside_restricted` asks for more and the restricted store
    belongs to the account of the process. Raises PublishError where the publication has no such row; FetchError where
    bytes of the landing changed.
    """
    trace = trace_evidence(publication, evidence_id, memory_limit=run.settings.memory_limit)
    yield from _evidence_lines(trace)
    yield from _score_lines(trace)
    yield from _fact_lines(trace)
    if inside_restricted and trace.release is not None:
        yield from release_lines(run, str(trace.release["release_id"]))
    yield from _source_lines(trace)
    for source in trace.sources[:records]:
        yield ""
        yield from canonical_lines(run, source)
        yield from account_lines(origin_of(run, source))
    left = len(trace.sources) - records
    if left > 0:
        yield f"\n{left} more source rows are listed above; --records {len(trace.sources)} shows their records too"


def origin_of(run: Run, source: SourceRow) -> Origin:
    """Gives the landed record of a source row, after comparing the file with its hash."""
    return find_origin(run, parse_address([source.row_id]))


def canonical_lines(run: Run, source: SourceRow) -> Iterator[str]:
    """Yields the typed row that the working warehouse holds for a source row; one line says so where it holds none."""
    found = _canonical_row(run, source.row_id)
    if found is None:
        yield f"canonical   {inert(source.row_id)} is not in the working warehouse, which holds a later state"
        return
    table, row = found
    yield f"canonical   {table} {inert(source.row_id)}"
    yield from _value_lines(row)


def _canonical_row(run: Run, row_id: str) -> tuple[str, dict[str, Any]] | None:
    if not run.home.warehouse.is_file():
        return None
    with connect(run.home.warehouse, read_only=True, memory_limit=run.settings.memory_limit) as warehouse:
        tables = warehouse.execute(
            "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'canonical' AND column_name = 'row_id' "
            "ORDER BY table_name"
        ).fetchall()
        for (table,) in tables:
            found = warehouse.execute(
                f"SELECT * FROM canonical.{quote_identifier(table)} WHERE row_id = $row_id", {"row_id": row_id}
            )
            row = found.fetchone()
            if row is not None:
                return table, dict(zip([column[0] for column in found.description], row, strict=True))
    return None


def _evidence_lines(trace: Trace) -> Iterator[str]:
    row = trace.evidence
    indicator = f" on {row['indicator_id']}" if row["indicator_id"] else ""
    yield f"evidence    {inert(row['evidence_id'])}"
    yield f"  {'says':<18}{row['kind']}{indicator}: {inert(row['description'] or '')}"
    yield f"  {'contributes':<18}{row['contribution']:+.6f}"
    weights = ", ".join(f"{name} {row[name]:.4g}" for name in _WEIGHTS if row[name] is not None)
    if weights:
        yield f"  {'made of':<18}{weights}"
    if row["set_aside"]:
        yield f"  {'set aside':<18}{inert(row['set_aside'])}"
    yield f"  {'rules':<18}version {row['rule_version']}"


def _score_lines(trace: Trace) -> Iterator[str]:
    site, supplier = trace.site, trace.supplier
    yield f"site        {inert(site['site_id'])} {inert(site['site_name'] or '')}"
    yield f"  {'raw score':<18}{site['raw_score']:.6f}, the sum of {trace.site_rows} rows ({trace.site_sum:.6f})"
    yield f"  {'score':<18}{site['score']:.6f} after clipping by {site['clip_adjustment']:+.6f}; band {site['band']}"
    yield f"supplier    {inert(supplier['supplier_id'])} {inert(supplier['name'] or '')}"
    worst = "this site is its worst" if trace.is_of_worst_site else f"its worst site is {supplier['worst_site_id']}"
    yield f"  {'score':<18}{supplier['score']:.6f}, band {supplier['band']}; {worst}"
    yield f"  {'band because':<18}{inert(supplier['band_reason'] or '')}"


def _fact_lines(trace: Trace) -> Iterator[str]:
    if trace.fact is not None:
        yield f"fact        {trace.fact_table}"
        yield from _value_lines(trace.fact)
    if trace.release is not None:
        yield f"release     {trace.release['release_id']} of {inert(trace.release['source_id'])}"
        yield from _value_lines(trace.release)
        yield "  The way ends here: answers of single workers never leave the restricted store."
    if trace.limited:
        yield f"limits      {len(trace.limited)} rows of evidence"
        for row in trace.limited:
            yield f"  {row['contribution']:+.6f} {inert(row['evidence_id'])}"


def _source_lines(trace: Trace) -> Iterator[str]:
    if not trace.sources:
        return
    yield f"rests on    {len(trace.sources)} source rows"
    for source in trace.sources:
        yield f"  {inert(source.row_id)} in {source.table}: {source.why}"


def _value_lines(row: Mapping[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if value is not None:
            yield f"    {name}: {cut(str(value), MOST_VALUE_CHARACTERS)}"
