"""Whether a text file is so regular that DuckDB's reader and a careful one must see the same records, and how many.

Only then does DuckDB read it straight into raw; its count is compared with the one made here, which shares no code
with it. A record with too many or too few cells is left out by DuckDB, and then the counts differ; one with more empty
cells at its end than the heading is not, so cells are counted where a record ends in two empty ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_CHUNK_BYTES = 1 << 22
_LINE_FEED, _RETURN, _QUOTE, _SPACE, _BRACKET, _BRACE, _ASCII = 10, 13, 34, 32, 91, 123, 128
# how a no-break space and a byte order mark begin in UTF-8
_BLANKS_BEYOND_ASCII = (b"\xc2\xa0", b"\xef\xbb")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LINE_DELIMITER = "\x1f"

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class PlainShape:
    """A plain file: how many records it has, and whether no cell begins or ends with a blank."""

    records: int
    is_tidy: bool


@dataclass(frozen=True)
class PlainLines:
    """A plain file of lines: how many records it has, and the most brackets, { and [, that one of them opens."""

    records: int
    most_brackets: int


class _Lines:
    """Counts lines that are not blank and the longest, from the places of their ends, chunk by chunk."""

    def __init__(self) -> None:
        self.count = 0
        self.longest = 0
        self.with_return = 0
        self.ends = 0
        self._next_start = 0

    def add(self, ends: Positions, returns_before: NDArray[np.bool_]) -> None:
        """Takes the places of line ends in the file, and whether a carriage return stands before each."""
        if ends.size == 0:
            return
        lengths = np.diff(ends, prepend=self._next_start - 1) - 1 - returns_before
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

    @property
    def ends_are_alike(self) -> bool:
        """Whether all lines end in a line feed, or all in carriage return and line feed."""
        return self.with_return in {0, self.ends}


class _Chunk:
    """Some bytes of a file between those before and the one after them; places count from the first of them."""

    def __init__(self, before: bytes, chunk: bytes, after: bytes) -> None:
        self.bytes = chunk
        self.data = np.frombuffer(chunk, np.uint8)
        self._with_edges = before + chunk + after
        self._around = np.frombuffer(self._with_edges, np.uint8)[len(before) - 1 :]

    def places(self, byte: int) -> Positions:
        """Gives where the byte stands."""
        return np.flatnonzero(self.data == byte) if byte in self.bytes else np.zeros(0, np.int64)

    def holds(self, pattern: bytes) -> bool:
        """Tells whether up to three bytes stand here one after the other, the bytes before and after included."""
        return pattern in self._with_edges

    def before(self, places: Positions) -> NDArray[np.uint8]:
        """Gives the bytes before these places."""
        return self._around[places]

    def after(self, places: Positions) -> NDArray[np.uint8]:
        """Gives the bytes after these places."""
        return self._around[places + 2]


class _Quoting:
    """Follows quotes through a file: which places are outside of them, and whether each stands where RFC 4180 says."""

    def __init__(self, edges: NDArray[np.uint8]) -> None:
        self.edges = edges
        self.is_open = False
        self.is_strict = True
        self._was_open = False
        self._quotes = np.zeros(0, np.int64)

    def take(self, chunk: _Chunk) -> None:
        """Takes the next chunk; an opening quote follows an edge of a cell, a closing one stands before an edge."""
        self._was_open, self._quotes = self.is_open, chunk.places(_QUOTE)
        first, second = self._quotes[::2], self._quotes[1::2]
        opening, closing = (second, first) if self._was_open else (first, second)
        self.is_strict = bool(
            np.isin(chunk.before(opening), self.edges).all() and np.isin(chunk.after(closing), self.edges).all()
        )
        self.is_open ^= bool(self._quotes.size % 2)

    def outside(self, places: Positions) -> Positions:
        """Gives those places of the chunk that are in no quoted cell."""
        if not self._quotes.size:
            return places[:0] if self._was_open else places
        is_outside = np.searchsorted(self._quotes, places) % 2 == int(self._was_open)
        return np.asarray(places[is_outside], np.int64)


def plain_csv_shape(path: Path, delimiter: str, width: int, longest: int) -> PlainShape | None:
    """Gives the shape of the records after the heading if the file is plain, otherwise None.

    Plain means: RFC 4180 quoting and nothing looser, one kind of line end, no NUL, no record over `longest` bytes, no
    record of more than `width` cells of which the last are empty. The file must be valid UTF-8.
    """
    if ord(delimiter) >= _ASCII:
        return None
    lines, offset, is_tidy, last, ends_in_blanks = _Lines(), 0, True, _LINE_FEED, False
    two_blanks = tuple(f"{delimiter * 2}{end}".encode() for end in ("\n", "\r"))
    quoting = _Quoting(np.array([ord(delimiter), _LINE_FEED, _RETURN, _QUOTE], np.uint8))
    for chunk in _chunks(path):
        quoting.take(chunk)
        last = chunk.bytes[-1]
        ends, returns = chunk.places(_LINE_FEED), chunk.places(_RETURN)
        ends_outside, returns_outside = quoting.outside(ends), quoting.outside(returns)
        if not quoting.is_strict or not _returns_are_regular(chunk, returns_outside):
            return None
        breaks_inside = ends.size > ends_outside.size or returns.size > returns_outside.size
        is_tidy = is_tidy and not breaks_inside and _is_tidy(chunk, quoting)
        lines.add(ends_outside + offset, chunk.before(ends_outside) == _RETURN)
        ends_in_blanks = ends_in_blanks or any(chunk.holds(ending) for ending in two_blanks)
        offset += chunk.data.size
    lines.finish(offset)
    is_regular = not quoting.is_open and last != _RETURN and lines.ends_are_alike and lines.longest <= longest
    if not is_regular or not lines.count or (ends_in_blanks and _widest(path, delimiter) > width):
        return None
    return PlainShape(lines.count - 1, is_tidy)


def _widest(path: Path, delimiter: str) -> int:
    """Gives the most cells that a record of the file has."""
    quoting, widest, cells = _Quoting(np.zeros(0, np.uint8)), 0, 1
    for chunk in _chunks(path):
        quoting.take(chunk)
        ends, delimiters = quoting.outside(chunk.places(_LINE_FEED)), quoting.outside(chunk.places(ord(delimiter)))
        before = np.searchsorted(delimiters, ends)
        if ends.size:
            widest = max(widest, cells + int(before[0]), 1 + int(np.diff(before, prepend=before[0]).max()))
            cells = 1 + delimiters.size - int(before[-1])
        else:
            cells += delimiters.size
    return max(widest, cells)


def plain_lines(path: Path, longest: int) -> PlainLines | None:
    """Gives the shape of the lines that are not empty if the file is plain, otherwise None.

    Plain means: one kind of line end, neither NUL nor the delimiter that DuckDB is told, no line over `longest` bytes.
    """
    lines, offset, last, most, opened = _Lines(), 0, _LINE_FEED, 0, 0
    for chunk in _chunks(path):
        last = chunk.bytes[-1]
        if not _returns_are_regular(chunk, chunk.places(_RETURN)) or LINE_DELIMITER.encode() in chunk.bytes:
            return None
        ends = chunk.places(_LINE_FEED)
        lines.add(ends + offset, chunk.before(ends) == _RETURN)
        offset += chunk.data.size
        brackets = np.flatnonzero((chunk.data == _BRACE) | (chunk.data == _BRACKET))
        counts = np.diff(np.searchsorted(brackets, ends), prepend=-opened, append=brackets.size)
        most, opened = max(most, int(counts.max())), int(counts[-1])
    lines.finish(offset)
    if last == _RETURN or not lines.ends_are_alike or lines.longest > longest:
        return None
    return PlainLines(lines.count, most)


def _chunks(path: Path) -> Iterator[_Chunk]:
    line_feed = bytes([_LINE_FEED])
    before = line_feed
    with path.open("rb") as stream:
        chunk = stream.read(_CHUNK_BYTES + len(_BYTE_ORDER_MARK)).removeprefix(_BYTE_ORDER_MARK)
        while chunk:
            following = stream.read(_CHUNK_BYTES)
            yield _Chunk(before, chunk, following[:1] or line_feed)
            before, chunk = (before + chunk)[-2:], following


def _returns_are_regular(chunk: _Chunk, returns_outside: Positions) -> bool:
    return 0 not in chunk.bytes and bool((chunk.after(returns_outside) == _LINE_FEED).all())


def _is_tidy(chunk: _Chunk, quoting: _Quoting) -> bool:
    if not chunk.bytes.isascii() and any(chunk.holds(start) for start in _BLANKS_BEYOND_ASCII):
        return False
    blanks = np.flatnonzero((chunk.data <= _SPACE) & (chunk.data != _LINE_FEED) & (chunk.data != _RETURN))
    before, after = chunk.before(blanks), chunk.after(blanks)
    if (before == _QUOTE).any() or (after == _QUOTE).any():
        return False
    # a delimiter inside of quotes is no edge of a cell
    return not quoting.outside(blanks[np.isin(before, quoting.edges) | np.isin(after, quoting.edges)]).size
