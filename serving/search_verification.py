"""Whether the folder `search` of a publication is its index: what is found in it is what is published."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from serving.findings import Finding, finding_of
from serving.search import files
from serving.search.findable import Findable, findable
from serving.search.index import is_index_of
from tierline.errors import TierlineError

_BELONGS: Final = "the folder search is the index of this publication"
_INDEXED_ONLY: Final = {files.NAMES: "country_code", files.IDENTIFIERS: "keys"}
"""Columns that stand in the index alone, not in the table beside it."""


def search_findings(publication: Path) -> Iterator[Finding]:
    """Gives the findings on the index of a publication: that it is its own, whole, and holds what is published."""
    folder = publication / files.FOLDER
    if not folder.is_dir():
        yield Finding(_BELONGS, "not checked", "there is none; the lookup builds one for itself")
        return
    layout = _layout(folder)
    if layout is not None and layout != files.LAYOUT:
        told = f"it has layout {layout}, and this version reads {files.LAYOUT}; the lookup builds one for itself"
        yield Finding(_BELONGS, "not checked", told)
        return
    is_own = is_index_of(publication, folder)
    yield finding_of(_BELONGS, None if is_own else "it names another manifest, or does not say what it holds")
    if is_own:
        yield from _content_findings(publication, folder)


def _layout(folder: Path) -> int | None:
    """Gives the layout that an index says it has; None where it says none that can be read."""
    try:
        layout = json.loads((folder / files.CONTENTS).read_text(encoding="utf-8")).get("layout")
    except (OSError, ValueError, AttributeError):
        return None
    return layout if isinstance(layout, int) else None


def _content_findings(publication: Path, folder: Path) -> Iterator[Finding]:
    try:
        found = findable(publication)
    except (TierlineError, duckdb.Error) as error:
        told = f"the Parquet files cannot be read: {str(error).splitlines()[0]}"
        yield Finding("search holds what is published", "not checked", told)
        return
    for path, table in _tables(found).items():
        yield finding_of(f"search/{path} has the rows that are published", _difference(folder / path, table))
    yield finding_of("search/spelling.json spells names as published", _other_spelling(folder, found))
    for name, table in ((files.NAMES, found.names), (files.IDENTIFIERS, found.identifiers)):
        yield finding_of(f"search/{name} finds every row of search/{name}.arrow", _missing(folder / name, table))
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in _HELD)
    yield finding_of("the folder search holds nothing else", ", ".join(strangers) or None)


_HELD: Final = {
    *(files.CONTENTS, files.SPELLING, files.SUPPLIERS, files.NAMES, files.IDENTIFIERS),
    *(f"{name}.arrow" for name in _INDEXED_ONLY),
}


def _tables(found: Findable) -> dict[str, pa.Table]:
    named = {files.NAMES: found.names, files.IDENTIFIERS: found.identifiers}
    kept = {f"{name}.arrow": table.drop_columns([_INDEXED_ONLY[name]]) for name, table in named.items()}
    return {files.SUPPLIERS: found.suppliers, **kept}


def _difference(path: Path, published: pa.Table) -> str | None:
    try:
        with pa.memory_map(str(path)) as source:
            held = pa.ipc.open_file(source).read_all()
            if held.schema.names != published.schema.names:
                return f"its columns are {', '.join(held.schema.names)}"
            if held.num_rows != published.num_rows:
                return f"{held.num_rows} rows, and {published.num_rows} are published"
            return None if held.equals(published) else "some of its rows are others"
    except (OSError, pa.ArrowException) as error:
        return f"it cannot be read: {str(error).splitlines()[0]}"


def _other_spelling(folder: Path, found: Findable) -> str | None:
    try:
        held = json.loads((folder / files.SPELLING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "it cannot be read"
    published = json.loads(json.dumps(found.spelling.values()))
    return None if held == published else "legal forms, abbreviations or weights of words are others"


def _missing(folder: Path, table: pa.Table) -> str | None:
    """Gives what is wrong with an index by the number of its documents, one a row."""
    import tantivy

    try:
        count = tantivy.Index.open(str(folder)).searcher().num_docs
    except (OSError, ValueError) as error:
        return f"it cannot be opened: {str(error).splitlines()[0]}"
    return None if count == table.num_rows else f"{count} documents, and {table.num_rows} rows are published"
