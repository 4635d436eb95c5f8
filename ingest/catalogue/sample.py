"""The first records of a sample, read with the readers of a load: headings (or JSON paths) and their texts."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from ingest.catalogue.layout import Layout, layout_of
from ingest.quarantine import Fault
from ingest.readers.delimited import delimited_records
from ingest.readers.headings import same_heading
from ingest.readers.html_table import TITLE_COLUMN
from ingest.readers.incoming import RECORD_COLUMN
from ingest.readers.reading import read_file
from ingest.readers.text_file import open_text
from ingest.spec import Format, SourceSpec
from ingest.unpacking import ExpansionLimit
from tierline.errors import ConfigError
from tierline.warehouse import connect

MOST_RECORDS = 5_000
_DEEPEST_PATH = 3
_JSON_KINDS = {"json", "jsonl"}


@dataclass(frozen=True)
class Sample:
    """What was seen of a file.

    `columns` has one text column a heading or JSON path; `records` are the JSON records themselves, none for tables;
    `unusable` are headings that stand there twice or are blank; `arrays` are JSON paths of arrays, and `items` has for
    each array of objects a text column a path of its items, written from the record: `$.sites[*].code`.
    """

    layout: Layout
    columns: pl.DataFrame
    records: tuple[str, ...]
    rejected: int
    unusable: tuple[str, ...]
    arrays: tuple[str, ...]
    items: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def is_json(self) -> bool:
        """Whether the columns are JSON paths."""
        return self.layout.format.kind in _JSON_KINDS

    @property
    def is_whole(self) -> bool:
        """Whether every record of the file was looked at."""
        return self.layout.is_whole and self.columns.height < MOST_RECORDS

    def texts(self, name: str) -> list[str | None]:
        """Gives the texts of a column of the records or of the items of an array."""
        frames = (self.columns, *self.items.values())
        return next(frame[name].to_list() for frame in frames if name in frame.columns)


def read_sample(path: Path) -> Sample:
    """Reads the first records of a file; raises ConfigError, ContractError or FetchError where none can be read."""
    layout = layout_of(path)
    with TemporaryDirectory(prefix="tierline-") as folder, connect() as connection:
        work = Path(folder)
        looked_at = path if not layout.content else work / "sample"
        if layout.content:
            looked_at.write_bytes(layout.content)
        probe = _probe(layout.format.model_copy(update={"member": None} if layout.content else {}))
        unusable = _unusable_headings(looked_at, path.name, probe, work)
        (work / "read").mkdir()
        read_file(connection, looked_at, path.name, probe, work=work / "read", limit=ExpansionLimit())
        frame = connection.execute(
            "SELECT * EXCLUDE (_record_no) FROM incoming ORDER BY _record_no LIMIT $most", {"most": MOST_RECORDS}
        ).pl()
        counted = connection.execute("SELECT count(*) FROM rejected").fetchone()
    rejected = int(counted[0]) if counted else 0
    sample = _sample(layout, frame, rejected, unusable)
    if sample.columns.is_empty():
        raise ConfigError(f"{path.name} holds no record that can be read", remedy="Name a sample with records in it.")
    return sample


def _sample(layout: Layout, frame: pl.DataFrame, rejected: int, unusable: tuple[str, ...]) -> Sample:
    if layout.format.kind in _JSON_KINDS:
        records = tuple(frame[RECORD_COLUMN].to_list())
        columns, arrays, items = _columns_of_json(records)
        return Sample(layout, columns, records, rejected, (), arrays, items)
    if layout.format.kind == "html" and not frame.is_empty():
        frame = _of_the_longest_table(frame)
    folded = {same_heading(name) for name in unusable}
    usable = [name for name in frame.columns if same_heading(name) not in folded and name != TITLE_COLUMN]
    return Sample(layout, frame.select(usable), (), rejected, unusable, ())


def _probe(format_: Format) -> SourceSpec:
    """Gives a declaration that asks for no heading, so that the readers take any file of this layout."""
    return SourceSpec.model_construct(
        format=format_, columns=(), optional_columns=(), column_aliases={}, null_values=("",), key=(), mapping=()
    )


def _unusable_headings(path: Path, name: str, probe: SourceSpec, work: Path) -> tuple[str, ...]:
    """Gives the headings of a CSV file that no declaration can name: blank ones and those that stand there twice."""
    if probe.format.kind != "csv":
        return ()
    (work / "headings").mkdir()
    text = open_text(path, name, probe.format, work / "headings", ExpansionLimit())
    with text.open() as stream:
        _, cells = next(delimited_records(stream, probe.format.delimiter), ("", []))
    if isinstance(cells, Fault):
        return ()
    counts = Counter(same_heading(cell) for cell in cells)
    blank = [f"column_{place}" for place, cell in enumerate(cells, start=1) if not cell.strip()]
    twice = [name for name, count in counts.items() if count > 1 and name]
    repeated = [f"{name}_{number}" for name in twice for number in range(2, counts[name] + 1)]
    return (*blank, *twice, *repeated)


def _of_the_longest_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Gives the rows and columns of the kind of table that has the most rows: a page may hold others."""
    names = [name for name in frame.columns if name != TITLE_COLUMN]
    shapes = Counter(tuple(name for name in names if row[name] is not None) for row in frame.iter_rows(named=True))
    wanted = list(shapes.most_common(1)[0][0])
    others = [name for name in names if name not in wanted]
    return (
        frame.filter(*(pl.col(name).is_not_null() for name in wanted))
        .filter(*(pl.col(name).is_null() for name in others))
        .select(wanted)
    )


def _columns_of_json(records: Sequence[str]) -> tuple[pl.DataFrame, tuple[str, ...], dict[str, pl.DataFrame]]:
    values = [json.loads(record) for record in records]
    columns, arrays = _frame([dict(_leaves(value, "$", 0)) for value in values])
    items, nested = {}, list(arrays)
    for path in arrays:
        found = [item for value in values for item in _items(value, path)][:MOST_RECORDS]
        objects = [item for item in found if isinstance(item, dict)]
        if len(objects) > len(found) / 2:
            items[path], inner = _frame([dict(_leaves(item, path, 0)) for item in objects])
            nested.extend(inner)
    return columns, tuple(nested), items


def _frame(rows: Sequence[dict[str, str | None]]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Gives a column a path of a value, and the paths of arrays."""
    paths = list(dict.fromkeys(path for row in rows for path in row))
    arrays = tuple(path for path in paths if path.endswith("[*]"))
    values = {path: [row.get(path) for row in rows] for path in paths if path not in arrays}
    return pl.DataFrame(values, schema=dict.fromkeys(values, pl.String)), arrays


def _items(value: Any, path: str, at: str = "$") -> list[Any]:
    """Gives the items of the array at a path that `_leaves` gave."""
    if isinstance(value, list):
        return value if f"{at}[*]" == path else []
    if not isinstance(value, dict):
        return []
    below = ((inner, _step(at, key)) for key, inner in value.items())
    return next((found for inner, step in below if path.startswith(step) and (found := _items(inner, path, step))), [])


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, dict) and depth < _DEEPEST_PATH:
        for key, inner in value.items():
            if '"' not in key:
                yield from _leaves(inner, _step(path, key), depth + 1)
    elif isinstance(value, list):
        yield f"{path}[*]", None
    elif not isinstance(value, dict):
        yield path, None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _step(path: str, key: str) -> str:
    return f"{path}.{key}" if key.isidentifier() else f'{path}."{key}"'
