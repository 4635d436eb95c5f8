"""What an auditor may hold a publication against: its hashes, its two forms, its sums and keys, its contracts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from serving.chain import read_chain
from serving.checks import all_checks, what_breaks
from serving.findings import Finding, finding_of
from serving.manifest import FILE_NAME, read_manifest
from serving.publications.current import DATABASE
from serving.publications.standing_checks import standing_findings
from serving.search_verification import search_findings
from serving.signatures import SIGNATURE, signer_of
from tierline.errors import PublishError, TierlineError
from tierline.files import sha256_of_file
from tierline.publications import standing
from tierline.warehouse import connect, quote_identifier

_MANIFEST_TABLE: Final = "run_manifest"


@dataclass(frozen=True)
class Expectations:
    """What the auditor brings along: who may sign, and the beginning of a manifest's hash that was kept elsewhere."""

    allowed_signers: Path | None = None
    anchor: str | None = None


def verify_publication(
    published: Path, run_id: str, expected: Expectations, *, memory_limit: str = "4GB"
) -> list[Finding]:
    """Gives every finding on a publication: chain, signature, files, tables, sums, keys, references, contracts, and
    the index of the search.

    Reads only what is published. Raises PublishError where there is no such publication or its manifest is unreadable.
    """
    publication = published / run_id
    if not publication.is_dir():
        raise PublishError(f"there is no publication {run_id}", remedy="`ls` the folder published for those there are.")
    manifest = read_manifest(publication)
    return [
        *_chain_findings(published, expected.anchor),
        *standing_findings(published, run_id),
        _signature_finding(publication, expected.allowed_signers),
        *_content_findings(published, run_id, manifest, memory_limit),
    ]


def is_sound(findings: list[Finding]) -> bool:
    """Says whether nothing is broken; what could not be checked is no fault, and is listed."""
    return all(finding.state != "broken" for finding in findings)


def _chain_findings(published: Path, anchor: str | None) -> Iterator[Finding]:
    chain = read_chain(published)
    rule = f"each of the {len(chain.links)} manifests follows the one it names"
    yield finding_of(rule, "; ".join(chain.problems) or None)
    if anchor is not None:
        there = chain.holds(anchor)
        yield finding_of(f"the manifest {anchor[:12]} that was kept elsewhere is part of the chain", None if there else
                       "it is not: manifests were taken out or made anew")  # fmt: skip


def _signature_finding(publication: Path, allowed_signers: Path | None) -> Finding:
    rule = "the manifest is signed, and the signature is of these bytes"
    if allowed_signers is None and not (publication / SIGNATURE).exists():
        return Finding(rule, "not checked", "it is not signed")
    try:
        signer = signer_of(publication, allowed_signers)
    except TierlineError as error:
        return Finding(rule, "broken", error.message)
    known = "" if allowed_signers else "; whose key that is was not checked: name a file of allowed signers"
    return Finding(rule, "holds", signer + known)


def _content_findings(
    published: Path, run_id: str, manifest: Mapping[str, Any], memory_limit: str
) -> Iterator[Finding]:
    entry = standing(published).pruned.get(run_id)
    if entry is not None:
        yield Finding("its tables are as published", "not checked", f"they were let go on {entry['entered_at'][:10]}")
        return
    yield from _file_findings(published / run_id, manifest)
    yield from _database_findings(published / run_id, manifest, memory_limit)
    yield from search_findings(published / run_id)


def _file_findings(publication: Path, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    folder = publication / "parquet"
    for name, table in manifest["tables"].items():
        path = folder / f"{name}.parquet"
        if not path.is_file():
            problem = "the file is missing"
        elif sha256_of_file(path) != table["sha256"]:
            problem = "its bytes are not those that were published"
        else:
            problem = None
        yield finding_of(f"the bytes of parquet/{name}.parquet have the hash of the manifest", problem)
    known = {f"{name}.parquet" for name in manifest["tables"]}
    foreign = sorted(path.name for path in folder.glob("*") if path.name not in known)
    yield finding_of("the folder parquet holds no other file", ", ".join(foreign) or None)


def _database_findings(publication: Path, manifest: Mapping[str, Any], memory_limit: str) -> Iterator[Finding]:
    path = publication / DATABASE
    if not path.is_file():
        yield Finding(f"{DATABASE} is there", "broken", "the file is missing")
        return
    with connect(path, read_only=True, memory_limit=memory_limit) as connection:
        yield from _tables_findings(connection, publication, manifest)
        yield _manifest_row_finding(connection, manifest)
        yield from _rule_findings(connection)


def _tables_findings(
    connection: duckdb.DuckDBPyConnection, publication: Path, manifest: Mapping[str, Any]
) -> Iterator[Finding]:
    held = {str(name) for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    foreign = sorted(held - manifest["tables"].keys() - {_MANIFEST_TABLE})
    yield finding_of(f"{DATABASE} holds no other table", ", ".join(foreign) or None)
    for name, table in manifest["tables"].items():
        yield _contract_finding(connection, name, table, held)
        yield _content_finding(connection, name, publication / "parquet" / f"{name}.parquet", held)


def _contract_finding(
    connection: duckdb.DuckDBPyConnection, name: str, table: Mapping[str, Any], held: set[str]
) -> Finding:
    rule = f"{name} has the columns, types and rows of the manifest"
    if name not in held:
        return Finding(rule, "broken", "the table is missing")
    relation = connection.table(name)
    if relation.shape[0] != table["rows"]:
        return Finding(rule, "broken", f"{relation.shape[0]} rows, and {table['rows']} were published")
    if "columns" not in table:
        return Finding(rule, "not checked", "its rows are; a manifest of this version names no columns")
    columns = dict(zip(relation.columns, map(str, relation.types), strict=True))
    return finding_of(rule, None if columns == table["columns"] else f"its columns are {columns}")


def _content_finding(connection: duckdb.DuckDBPyConnection, name: str, parquet: Path, held: set[str]) -> Finding:
    rule = f"{name} in {DATABASE} has the rows of its Parquet file"
    if name not in held or not parquet.is_file():
        return Finding(rule, "broken", "one of the two is missing")
    try:
        of_table = _content_hash(connection, quote_identifier(name))
        of_file = _content_hash(connection, "read_parquet($path)", {"path": str(parquet)})
    except duckdb.Error as error:
        return Finding(rule, "broken", f"they cannot be read: {str(error).splitlines()[0]}")
    return finding_of(rule, None if of_table == of_file else f"table {of_table}, file {of_file}")


def _content_hash(
    connection: duckdb.DuckDBPyConnection, relation: str, parameters: Mapping[str, str] | None = None
) -> str:
    """Gives the number of rows and the sum of their hashes: the same rows in any order and number, the same text."""
    row = connection.execute(
        f"SELECT count(*), coalesce(sum(CAST(hash(rows) AS HUGEINT)), 0) FROM {relation} AS rows",
        dict(parameters or {}),
    ).fetchone()
    count, total = row or (0, 0)
    return f"{count}:{total % 2**128:032x}"


def _manifest_row_finding(connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> Finding:
    rule = f"the row of {_MANIFEST_TABLE} says what the file {FILE_NAME} says"
    try:
        relation = connection.sql(f"SELECT * FROM {_MANIFEST_TABLE}")
        rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    except duckdb.Error as error:
        return Finding(rule, "broken", str(error).splitlines()[0])
    if len(rows) != 1:
        return Finding(rule, "broken", f"{len(rows)} rows")
    other = [name for name, value in rows[0].items() if name in manifest and str(manifest[name]) != str(value)]
    return finding_of(rule, f"{', '.join(other)} differ" if other else None)


def _rule_findings(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    for check in all_checks():
        try:
            problem = what_breaks(connection, check)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            told = f"this publication has no such table or column: {str(error).splitlines()[0]}"
            yield Finding(check.rule, "not checked", told)
            continue
        yield finding_of(check.rule, problem.removeprefix(f"{check.rule}: ") if problem else None)
