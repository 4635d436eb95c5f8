"""Whether a text file is so regular that DuckDB's reader and a careful one must see the same records, and how many.

Only then is the fast reader used; its count is compared with the one made here, which shares no code with it.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_CHUNK_BYTES = 1 << 22
_LINE_FEED, _RETURN, _QUOTE, _ASCII = 10, 13, 34, 128
LINE_DELIMITER = "\x1f"


class _Lines:
    """Counts lines that are not blank, their cells and the longest, from the places of their ends, chunk by chunk."""

    def __init__(self) -> None:
        self.count = 0
        self.longest = 0
        self.with_return = 0
        self.ends = 0
        self.widths: set[int] = set()
        self._next_start = 0
        self._delimiters = np.zeros(0, np.int64)

    def add(
        self, ends: NDArray[np.int64], returns_before: NDArray[np.bool_], delimiters: NDArray[np.int64] | None = None
    ) -> None:
        """Takes the places of line ends in the file, whether a carriage return stands before each, and delimiters."""
        if delimiters is not None:
            self._delimiters = np.concatenate([self._delimiters, delimiters])
        if ends.size == 0:
            return
        starts = np.concatenate([[self._next_start], ends[:-1] + 1])
        lengths = ends - starts - returns_before
        self._take_widths(ends, lengths > 0)
        self.count += int(np.count_nonzero(lengths > 0))
        self.longest = max(self.longest, int(lengths.max()))
        self.with_return += int(np.count_nonzero(returns_before))
        self.ends += ends.size
        self._next_start = int(ends[-1]) + 1

    def finish(self, size: int) -> None:
        """Takes the size of the file: a last line may have no end."""
        rest = size - self._next_start
        if rest > 0:
            self.count += 1
            self.longest = max(self.longest, rest)
            self.widths.add(self._delimiters.size + 1)

    def _take_widths(self, ends: NDArray[np.int64], is_record: NDArray[np.bool_]) -> None:
        before = np.searchsorted(self._delimiters, ends)
        self.widths.update(np.unique((np.diff(before, prepend=0) + 1)[is_record]).tolist())
        self._delimiters = self._delimiters[before[-1] :]

    @property
    def ends_are_alike(self) -> bool:
        """Whether all lines end in a line feed, or all in carriage return and line feed."""
        return self.with_return in {0, self.ends}


def plain_csv_records(path: Path, delimiter: str, width: int, longest: int) -> int | None:
    """Gives the number of records after the heading if the file is plain, otherwise None.

    Plain means: RFC 4180 quoting and nothing looser, `width` cells in every record, one kind of line end, no NUL, no
    record over `longest` bytes.
    """
    if ord(delimiter) >= _ASCII:
        return None
    lines, before, open_quotes, offset = _Lines(), _LINE_FEED, 0, 0
    may_touch_quote = np.array([ord(delimiter), _LINE_FEED, _RETURN, _QUOTE], np.uint8)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            data = np.frombuffer(chunk, np.uint8)
            former = np.concatenate([np.array([before], np.uint8), data[:-1]])
            quotes = data == _QUOTE
            # counting in a byte overflows, and keeps the last bit, which is all that is asked
            inside_after = ((np.cumsum(quotes, dtype=np.uint8) + np.uint8(open_quotes)) & 1).astype(bool)
            outside = ~(inside_after ^ quotes)
            if _is_irregular(data, former, outside) or _quotes_are_loose(data, former, outside, may_touch_quote):
                return None
            ends = np.flatnonzero((data == _LINE_FEED) & outside)
            delimiters = np.flatnonzero((data == ord(delimiter)) & outside)
            lines.add(ends + offset, former[ends] == _RETURN, delimiters + offset)
            before, open_quotes, offset = int(data[-1]), int(inside_after[-1]), offset + data.size
    lines.finish(offset)
    is_regular = not open_quotes and before != _RETURN and lines.ends_are_alike and lines.widths == {width}
    return lines.count - 1 if is_regular and lines.longest <= longest else None


def plain_line_records(path: Path, longest: int) -> int | None:
    """Gives the number of lines that are not empty if the file is plain, otherwise None.

    Plain means: one kind of line end, neither NUL nor the delimiter that DuckDB is told, no line over `longest` bytes.
    """
    lines, before, offset = _Lines(), _LINE_FEED, 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            data = np.frombuffer(chunk, np.uint8)
            former = np.concatenate([np.array([before], np.uint8), data[:-1]])
            everywhere = np.ones(data.size, bool)
            if _is_irregular(data, former, everywhere) or bool((data == ord(LINE_DELIMITER)).any()):
                return None
            ends = np.flatnonzero(data == _LINE_FEED)
            lines.add(ends + offset, former[ends] == _RETURN)
            before, offset = int(data[-1]), offset + data.size
    lines.finish(offset)
    if before == _RETURN or not lines.ends_are_alike or lines.longest > longest:
        return None
    return lines.count


def _is_irregular(data: NDArray[np.uint8], former: NDArray[np.uint8], outside: NDArray[np.bool_]) -> bool:
    lone_return = (former == _RETURN) & (data != _LINE_FEED) & outside
    return bool(lone_return.any() or (data == 0).any())


def _quotes_are_loose(
    data: NDArray[np.uint8], former: NDArray[np.uint8], outside: NDArray[np.bool_], may_touch: NDArray[np.uint8]
) -> bool:
    before_opening = former[(data == _QUOTE) & outside]
    after_closing = data[(former == _QUOTE) & outside]
    return not (np.isin(before_opening, may_touch).all() and np.isin(after_closing, may_touch).all())
