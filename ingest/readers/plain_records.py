"""Plain files: DuckDB reads them straight into raw, once they are known to hold nothing that readers could dispute."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.readers.delimited import LONGEST_RECORD, headings_of
from ingest.readers.headings import require_headings
from ingest.readers.incoming import RECORD_COLUMN, raw_columns
from ingest.readers.json_records import LONGEST_RECORD as LONGEST_LINE
from ingest.readers.plain_shape import LINE_DELIMITER, plain_csv_shape, plain_lines
from ingest.readers.text_file import TextFile, open_text
from ingest.spec import SourceSpec
from ingest.unpacking import ExpansionLimit

_BLANKS = " \t\r\n\ufeff"
# A thread of DuckDB reads a quarter of its buffer, and writes what it read as it is where that fills a row group
# (122,880 rows); of less, rows are gathered and copied once more. Almost two row groups leave no small ones behind.
_ROWS_READ_AT_ONCE = 225_000
_SHARE_READ_AT_ONCE = 4
_LARGEST_BUFFER = 160 << 20
_BUFFER_STEP = 1 << 20


@dataclass(frozen=True)
class PlainRecords:
    """A relation that gives the records of a file in its order, and how many they must be.

    `is_tidy` says that no cell begins or ends with a blank, `most_brackets` how many brackets a line of JSON opens.
    """

    columns: list[str]
    relation: str
    parameters: dict[str, Any]
    count: int
    is_tidy: bool
    most_brackets: int = 0


def plain_records(path: Path, name: str, spec: SourceSpec, *, work: Path, limit: ExpansionLimit) -> PlainRecords | None:
    """Gives the records of a landed file that is plain, otherwise None; then `read_file` must read it.

    The file that the relation reads is in the folder `work` and must stay until it was read. Raises FetchError and
    ContractError as `read_file` does.
    """
    if spec.format.kind not in {"csv", "jsonl"}:
        return None
    file = open_text(path, name, spec.format, work, limit)
    if not file.is_utf8:
        return None
    return _plain_cells(file, spec) if spec.format.kind == "csv" else _plain_lines(file)


def _plain_cells(file: TextFile, spec: SourceSpec) -> PlainRecords | None:
    headings = headings_of(file, spec)
    require_headings(headings, spec, file.name)
    columns = raw_columns(headings)
    shape = plain_csv_shape(file.path, spec.format.delimiter, len(columns), LONGEST_RECORD)
    if shape is None:
        return None
    # an error would end the transaction: lines that DuckDB refuses are left out, and then the count tells
    relation = (
        "read_csv($file, columns = $columns, header = true, auto_detect = false, delim = $delimiter, quote = '\"', "
        "escape = '\"', comment = '', force_not_null = $names, strict_mode = true, ignore_errors = true, "
        f"max_line_size = $longest{_buffer_size(file.path, shape.records)})"
    )
    parameters = {
        "file": str(file.path),
        "columns": dict.fromkeys(columns, "VARCHAR"),
        "delimiter": spec.format.delimiter,
        "names": columns,
        "longest": 2 * LONGEST_RECORD,
    }
    return PlainRecords(columns, relation, parameters, shape.records, shape.is_tidy)


def _buffer_size(path: Path, records: int) -> str:
    """Gives the option of the size of DuckDB's buffer, after a comma, where the file is worth one of its own."""
    size = path.stat().st_size
    wanted = _SHARE_READ_AT_ONCE * _ROWS_READ_AT_ONCE * size // max(records, 1)
    # DuckDB 1.5 loses a record where a buffer has no whole number of parts, and the short rest begins in a quoted cell
    whole = wanted // _BUFFER_STEP * _BUFFER_STEP
    return f", buffer_size = {whole}" if 2 * 2 * LONGEST_RECORD <= whole <= min(size, _LARGEST_BUFFER) else ""


def _plain_lines(file: TextFile) -> PlainRecords | None:
    lines = plain_lines(file.path, LONGEST_LINE)
    if lines is None:
        return None
    # a line that begins with a visible sign is not blank; only others are worth to be trimmed
    relation = (
        f"(SELECT {RECORD_COLUMN} FROM read_csv($file, columns = {{'{RECORD_COLUMN}': 'VARCHAR'}}, header = false, "
        "auto_detect = false, delim = $delimiter, quote = '', escape = '', comment = '', strict_mode = true, "
        f"ignore_errors = true, max_line_size = $longest) WHERE {RECORD_COLUMN} >= '!' "
        f"OR trim({RECORD_COLUMN}, $blanks) <> '')"
    )
    parameters = {"file": str(file.path), "delimiter": LINE_DELIMITER, "longest": 2 * LONGEST_LINE, "blanks": _BLANKS}
    return PlainRecords([RECORD_COLUMN], relation, parameters, lines.records, False, lines.most_brackets)
