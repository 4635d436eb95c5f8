"""The publication that a list is checked against: held open for one check, by its run or as the lookup holds it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from serving.manifest import read_manifest
from serving.publications.current import DATABASE
from serving.search import SupplierIndex, build_index, is_index_of, open_index
from serving.search.files import FOLDER
from tierline.errors import PublishError
from tierline.warehouse import connect

Row = dict[str, Any]


class Publication(Protocol):
    """What a check reads: one publication; the lookup's own reading is one."""

    @property
    def folder(self) -> Path:
        """Folder of the publication."""

    @property
    def manifest(self) -> dict[str, Any]:
        """Its manifest."""

    @property
    def index(self) -> SupplierIndex:
        """The search among its suppliers."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Its DuckDB file, read-only."""


class OpenPublication:
    """A publication that is open for as long as one check takes."""

    def __init__(self, folder: Path, index: SupplierIndex, connection: duckdb.DuckDBPyConnection) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        self.index = index
        self.connection = connection


@contextmanager
def opened(folder: Path) -> Iterator[OpenPublication]:
    """Gives the publication of a folder; raises PublishError where its tables are gone.

    Where it has no index for the search, one is built in a temporary folder that goes when the check ends.
    """
    if not (folder / DATABASE).is_file():
        raise PublishError(
            f"the tables of publication {folder.name} are not there", remedy="Make the run again: tierline reproduce."
        )
    with tempfile.TemporaryDirectory(prefix="tierline-") as scratch, connect(folder / DATABASE, read_only=True) as db:
        where = folder / FOLDER
        if not is_index_of(folder, where):
            where = Path(scratch) / FOLDER
            build_index(folder, where)
        yield OpenPublication(folder, open_index(folder, where), db)


def has_table(publication: Publication, name: str) -> bool:
    """Says whether the publication has a table of that name; older ones lack some."""
    return name in publication.manifest["tables"]


def rows_of(publication: Publication, query: str, parameters: dict[str, Any] | None = None) -> list[Row]:
    """Gives the rows of a query on the publication, each by column."""
    result = publication.connection.execute(query, parameters or {})
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
