"""Exports of one publication: entities of FollowTheMoney, CSV and Parquet, each with what its columns mean."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

import duckdb
import polars as pl

from serving.exports.csv_files import write_csv_files
from serving.exports.text import inert
from serving.interfaces import ftm_queries as queries
from serving.interfaces.awards import link_columns
from serving.manifest import FILE_NAME, read_manifest
from serving.publications.current import DATABASE
from tierline.errors import ConfigError, PublishError
from tierline.files import write_bytes_atomically
from tierline.warehouse import connect

FORMATS: Final = ("ftm", "csv", "parquet")
_BATCH_ROWS: Final = 50_000
_DICTIONARY: Final = """
    SELECT tables.table_name, tables.comment AS table_meaning, columns.column_name, columns.data_type AS type,
        columns.comment AS column_meaning
    FROM duckdb_columns() AS columns JOIN duckdb_tables() AS tables USING (schema_name, table_name)
    WHERE tables.database_name = columns.database_name AND NOT tables.internal
    ORDER BY tables.table_name, columns.column_index
"""
_LINKS: Final = "{columns}, row_id, supplier_id FROM fct_award ORDER BY row_id"


def export_publication(publication: Path, formats: Sequence[str], target: Path) -> list[Path]:
    """Writes a publication in the formats named, each in a folder of its own, with its manifest; gives the files.

    The same publication gives the same bytes. Raises ConfigError for a format that there is not or a folder that is not
    empty, PublishError where the publication is not whole.
    """
    strangers = sorted(set(formats) - set(FORMATS))
    if strangers or not formats:
        raise ConfigError(
            f"nothing is exported as {', '.join(strangers) or 'nothing'}", remedy=f"Choose among: {', '.join(FORMATS)}."
        )
    if target.exists() and any(target.iterdir()):
        raise ConfigError(f"{target.name} is not empty", remedy="Name a folder that is empty or not there yet.")
    if not (publication / DATABASE).is_file():
        raise PublishError(f"there is no publication {publication.name}", remedy="Name a run that was published.")
    target.mkdir(parents=True, exist_ok=True)
    known = set(read_manifest(publication)["tables"])
    written = [_copied(publication / FILE_NAME, target / FILE_NAME)]
    with connect(publication / DATABASE, read_only=True) as connection:
        for name in sorted(set(formats)):
            (target / name).mkdir()
            written += _WRITERS[name](connection, publication, target / name, known)
    return written


def _as_ftm(connection: duckdb.DuckDBPyConnection, publication: Path, folder: Path, known: set[str]) -> list[Path]:
    columns = set(read_manifest(publication)["tables"]["fct_award"]["columns"])
    texts = queries.entity_queries(known, link_columns(columns))
    entities = folder / "entities.ftm.json"
    statements = folder / "statements.json"
    for path, parts in ((entities, texts), (statements, queries.statement_queries(known))):
        with path.open("wb") as file:
            for query in parts:
                _write_lines(connection, query, file)
    return [entities, statements]


def _write_lines(connection: duckdb.DuckDBPyConnection, query: str, file: IO[bytes]) -> None:
    """Writes the one text column of a query, a line a row; JSON holds no line breaks, so nothing is quoted."""
    for batch in connection.execute(query).to_arrow_reader(_BATCH_ROWS):
        lines = pl.DataFrame(pl.from_arrow(batch))
        lines.write_csv(file, include_header=False, quote_style="never")


def _as_csv(connection: duckdb.DuckDBPyConnection, publication: Path, folder: Path, known: set[str]) -> list[Path]:
    tables = write_csv_files(publication / "parquet", folder / "tables")
    links, dictionary = folder / "award_link.csv", folder / "data_dictionary.csv"
    _inert(_links(connection, publication)).write_csv(links)
    _dictionary(connection, known).write_csv(dictionary)
    return [*tables, links, dictionary]


def _as_parquet(connection: duckdb.DuckDBPyConnection, publication: Path, folder: Path, known: set[str]) -> list[Path]:
    (folder / "tables").mkdir()
    copied = [
        _copied(path, folder / "tables" / path.name) for path in sorted((publication / "parquet").glob("*.parquet"))
    ]
    links, dictionary = folder / "award_link.parquet", folder / "data_dictionary.parquet"
    _links(connection, publication).write_parquet(links)
    _dictionary(connection, known).write_parquet(dictionary)
    return [*copied, links, dictionary]


_WRITERS: Final[Mapping[str, Callable[[duckdb.DuckDBPyConnection, Path, Path, set[str]], list[Path]]]] = {
    "ftm": _as_ftm,
    "csv": _as_csv,
    "parquet": _as_parquet,
}


def _links(connection: duckdb.DuckDBPyConnection, publication: Path) -> pl.DataFrame:
    columns = link_columns(set(read_manifest(publication)["tables"]["fct_award"]["columns"]))
    return connection.execute(_LINKS.format(columns=columns)).pl()


def _dictionary(connection: duckdb.DuckDBPyConnection, known: set[str]) -> pl.DataFrame:
    return connection.execute(_DICTIONARY).pl().filter(pl.col("table_name").is_in(sorted(known | {"run_manifest"})))


def _inert(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(inert(name) for name, kind in table.schema.items() if kind == pl.String)


def _copied(source: Path, target: Path) -> Path:
    if source.suffix == ".json":
        write_bytes_atomically(target, source.read_bytes())
    else:
        shutil.copyfile(source, target)
    return target
