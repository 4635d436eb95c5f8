"""Records of CSV and JSON Lines: the lines that hold them, numbered as the readers number them."""

from pathlib import Path
from typing import IO, cast

from ingest.origin.placed_text import PlacedText, read_range, without_line_end
from ingest.origin.places import Place, no_such_record
from ingest.readers.delimited import delimited_records
from ingest.readers.json_records import LONGEST_RECORD
from ingest.spec import Format

_BLANKS = " \t\r\n\ufeff"


def place_in_delimited(path: Path, name: str, format_: Format, record_no: int) -> Place:
    """Gives the place of a record of a CSV file; raises ContractError where there is none of that number."""
    number = -1
    with PlacedText(path, format_.encoding) as text:
        for number, (record, _) in enumerate(delimited_records(cast("IO[str]", text), format_.delimiter)):
            lines = text.take_lines(record)
            if number == record_no:
                content = without_line_end(read_range(path, lines.start, lines.end), text.codec)
                return Place(content, lines.start, lines.start + len(content), text.codec)
    raise no_such_record(name, record_no, max(number, 0))


def place_in_json_lines(path: Path, name: str, format_: Format, record_no: int) -> Place:
    """Gives the place of a record of a JSON Lines file; raises ContractError where there is none of that number."""
    number = 0
    with PlacedText(path, format_.encoding) as text:
        while line := _next_line(text):
            start, end, kept = line
            if not kept.strip(_BLANKS):
                continue
            number += 1
            if number == record_no:
                start += text.size_of(kept[: len(kept) - len(kept.lstrip(_BLANKS))])
                content = _trimmed(read_range(path, start, end), text.codec)
                return Place(content, start, start + len(content), text.codec)
    raise no_such_record(name, record_no, number)


def _next_line(text: PlacedText) -> tuple[int, int, str] | None:
    """Gives range and text of the next line up to its line feed; of a very long one, as much as is read of it."""
    pieces: list[str] = []
    start = end = length = 0
    while piece := text.readline(LONGEST_RECORD):
        line = text.take_line()
        start = start if pieces or length else line.start
        end, length = line.end, length + len(piece)
        if length <= LONGEST_RECORD:
            pieces.append(piece)
        if piece.endswith("\n"):
            break
    return (start, end, "".join(pieces)) if length else None


def _trimmed(content: bytes, codec: str) -> bytes:
    """Gives the bytes without blanks at their end; a single-byte encoding has no byte order mark to strip."""
    blanks = [blank.encode(codec) for blank in _BLANKS if blank.isascii() or codec.startswith("utf")]
    while tail := next((blank for blank in blanks if content.endswith(blank)), b""):
        content = content[: -len(tail)]
    return content
