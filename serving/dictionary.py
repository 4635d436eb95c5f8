"""The data dictionary of the published tables: `docs/data-dictionary.md`, written by `make docs`."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from serving.descriptions import ColumnText, TableText, described_tables
from serving.shape import column_texts
from serving.tables import COPIED, RUN_MANIFEST, PublishedTable

DOCUMENT = Path("docs") / "data-dictionary.md"
_OPENING = """# Data dictionary

Generated from `dbt_project/` and `serving/tables.py` by `make docs`; do not edit.

Every table of a publication, `published/<run>/warehouse.duckdb`, with its columns. All but `run_manifest` are there as
`parquet/<table>.parquet` too. The same words stand as comments on the tables and columns themselves. Rows are sorted by
the key. `known_on` is the day from which a row is known, all other days say when something was so; nothing in a
publication was known later than its `as_of`. How each table is built is on the pages that `tierline dbt-docs` writes.
"""
_HEADER = "| column | type | filled | meaning | values or table referred to |\n|---|---|---|---|---|\n"


def dictionary_document(project: Path) -> str:
    """Gives the document in Markdown; raises PublishError where a published column is described nowhere."""
    described = described_tables(project)
    tables = [*COPIED, RUN_MANIFEST]
    return "\n".join([_OPENING, _contents(tables), *(_section(table, described) for table in tables)])


def _contents(tables: list[PublishedTable]) -> str:
    return "| table | what a row is |\n|---|---|\n" + "".join(
        f"| [{table.name}](#{table.name}) | {_cell(table.description)} |\n" for table in tables
    )


def _section(table: PublishedTable, described: Mapping[str, TableText]) -> str:
    facts = [f"Key: {', '.join(table.key)}."]
    if table.origin:
        facts.append(f"Built as `{table.origin}`.")
    if table.lineage_key:
        facts.append(f"`score_evidence.source_key` leads to its `{table.lineage_key}`.")
    rows = "".join(_rows(column_texts(table, described).values()))
    return f"## {table.name}\n\n{table.description}\n\n{' '.join(facts)}\n\n{_HEADER}{rows}"


def _rows(texts: Iterable[ColumnText]) -> Iterator[str]:
    for text in texts:
        filled = "always" if text.is_required else ""
        values = ", ".join(text.allowed) or text.refers_to or ""
        cells = (text.name, text.data_type or "", filled, text.description, values)
        yield f"| {' | '.join(map(_cell, cells))} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
