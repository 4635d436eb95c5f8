"""Reads bytes with one reader, without landing and store."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.readers.reading import read_file
from ingest.spec import parse_spec
from ingest.unpacking import ExpansionLimit
from tierline.warehouse import connect

LIMIT = ExpansionLimit(most_bytes=1 << 24)

SOURCE = """
id: listed
title: Listed
publisher: Test
licence: {name: none}
citation: Test
cadence: never
corrections_contact: nobody
sensitivity: public
reference_namespace: t
shape_checked: false
format: %s
columns: [Name, Day]
optional_columns: [Place]
column_aliases: {Name: [Name of Entity]}
mapping:
  - table: supplier
    fields:
      supplier_ref: {column: Name}
      name: {column: Name}
"""


@dataclass(frozen=True)
class Read:
    """What a reader made of bytes."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    rejected: list[tuple[int, str]]


Reader = Callable[..., Read]


@pytest.fixture
def read() -> Reader:
    """Gives a function that reads bytes as the format says."""

    def reading(content: bytes, format_: str) -> Read:
        spec = parse_spec(SOURCE % format_, "listed")
        with tempfile.TemporaryDirectory() as folder, connect(threads=1) as connection:
            path = Path(folder) / "file"
            path.write_bytes(content)
            work = Path(folder) / "work"
            work.mkdir()
            columns = read_file(connection, path, "file", spec, work=work, limit=LIMIT)
            rows = connection.execute("FROM incoming ORDER BY _record_no").fetchall()
            rejected = connection.execute("SELECT record_no, reason_code FROM rejected ORDER BY 1").fetchall()
        return Read(columns, rows, rejected)

    return reading
