"""CSV files that grow chunk by chunk."""

import csv
from pathlib import Path
from types import TracebackType

import polars as pl

_DECIMALS = 2


class TableFile:
    """A CSV file with one header, opened once and written part by part; numbers with two decimals, days in ISO form."""

    def __init__(self, path: Path, encoding: str = "utf-8") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._encoding = encoding
        self._stream = path.open("wb")
        self._columns: list[str] = []
        self.rows = 0

    def __enter__(self) -> "TableFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def add(self, frame: pl.DataFrame) -> None:
        """Adds the rows of the frame; the first frame's columns become the header."""
        text = frame.write_csv(include_header=not self._columns, float_precision=_DECIMALS)
        self._columns = self._columns or frame.columns
        self._stream.write(text.encode(self._encoding))
        self.rows += frame.height

    def add_texts(self, rows: list[dict[str, str]]) -> None:
        """Adds rows as they stand, whatever their cells hold."""
        self._stream.flush()
        with open(self._stream.fileno(), "w", encoding=self._encoding, newline="", closefd=False) as text:
            csv.DictWriter(text, self._columns, lineterminator="\n").writerows(rows)
        self.rows += len(rows)


def as_texts(frame: pl.DataFrame, row: int) -> dict[str, str]:
    """Gives one row of the frame as the texts that a CSV file holds for it."""
    line = frame.slice(row, 1).write_csv(float_precision=_DECIMALS)
    return next(csv.DictReader(line.splitlines()))
