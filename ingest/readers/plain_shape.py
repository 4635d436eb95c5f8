"""Whether a text file is so regular that DuckDB's reader and a careful one must see the same records, and how many.

Only then does DuckDB read it straight into raw; its count is compared with the one made here, which shares no code
with it. A record with too many or too few cells is left out by DuckDB, and then the counts differ; one with more empty
cells at its end than the heading is not, so cells are counted where a record ends in two empty ones.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# what is made of a chunk stays in the cache of a core
_CHUNK_BYTES = 1 << 18
_SCANNERS = 2
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
        self._around = np.frombuffer(self._with_edges, np.uint8)[len(before) - 2 :]

    def places(self, byte: int) -> Positions:
        """Gives where the byte stands."""
        return np.flatnonzero(self.data == byte) if byte in self.bytes else np.zeros(0, np.int64)

    def holds(self, pattern: bytes) -> bool:
        """Tells whether up to three bytes stand here one after the other, the bytes before and after included."""
        return pattern in self._with_edges

    def before(self, places: Positions) -> NDArray[np.uint8]:
        """Gives the bytes before these places."""
        return self._around[places + 1]

    def follow_two(self, byte: int, places: Positions) -> bool:
        """Tells whether any of these places comes after two of the byte."""
        return bool(((self._around[places] == byte) & (self._around[places + 1] == byte)).any())

    def after(self, places: Positions) -> NDArray[np.uint8]:
        """Gives the bytes after these places."""
        return self._around[places + 3]


class _Quoting:
    """Follows quotes through a file: which places are outside of them, and whether each stands where RFC 4180 says."""

    def __init__(self, edges: Iterable[int], *, is_open: bool = False) -> None:
        self._is_edge = np.zeros(256, np.bool_)
        self._is_edge[list(edges)] = True
        self.is_open = is_open
        self.is_strict = True
        self._was_open = False
        self._quotes = np.zeros(0, np.int64)

    def take(self, chunk: _Chunk) -> None:
        """Takes the next chunk; an opening quote follows an edge of a cell, a closing one stands before an edge."""
        self._was_open, self._quotes = self.is_open, chunk.places(_QUOTE)
        first, second = self._quotes[::2], self._quotes[1::2]
        opening, closing = (second, first) if self._was_open else (first, second)
        self.is_strict = bool(
            self.are_edges(chunk.before(opening)).all() and self.are_edges(chunk.after(closing)).all()
        )
        self.is_open ^= bool(self._quotes.size % 2)

    def are_edges(self, data: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Tells of each byte whether a cell ends or begins beside it."""
        return self._is_edge[data]

    def outside(self, places: Positions) -> Positions:
        """Gives those places of the chunk that are in no quoted cell."""
        if not self._quotes.size:
            return places[:0] if self._was_open else places
        is_outside = np.searchsorted(self._quotes, places) % 2 == int(self._was_open)
        return np.asarray(places[is_outside], np.int64)


@dataclass(frozen=True)
class _Look:
    """What one chunk shows: its line ends outside of quotes, as places in the chunk, and what it leaves open.

    `ends_in_blanks` is of records that end in a line end, `stops_in_blanks` of one that would end with the chunk.
    """

    ends: Positions
    returns_before: NDArray[np.bool_]
    is_regular: bool
    is_tidy: bool
    ends_in_blanks: bool
    stops_in_blanks: bool
    is_open: bool
    last: int
    size: int


def plain_csv_shape(path: Path, delimiter: str, width: int, longest: int) -> PlainShape | None:
    """Gives the shape of the records after the heading if the file is plain, otherwise None.

    Plain means: RFC 4180 quoting and nothing looser, one kind of line end, no NUL, no record over `longest` bytes, no
    record of more than `width` cells of which the last are empty. The file must be valid UTF-8.
    """
    if ord(delimiter) >= _ASCII:
        return None
    lines, offset, is_tidy, ends_in_blanks, look = _Lines(), 0, True, False, None
    for look in _in_order(partial(_looked_at, delimiter=ord(delimiter)), _chunks_with_quoting(path)):
        if not look.is_regular:
            return None
        lines.add(look.ends + offset, look.returns_before)
        is_tidy, ends_in_blanks = is_tidy and look.is_tidy, ends_in_blanks or look.ends_in_blanks
        offset += look.size
    lines.finish(offset)
    is_whole = look is not None and not look.is_open and look.last != _RETURN
    is_regular = is_whole and lines.ends_are_alike and lines.longest <= longest
    # the last record may end with the file
    ends_in_blanks = ends_in_blanks or (look is not None and look.stops_in_blanks)
    if not is_regular or not lines.count or (ends_in_blanks and _widest(path, delimiter) > width):
        return None
    return PlainShape(lines.count - 1, is_tidy)


def _chunks_with_quoting(path: Path) -> Iterator[tuple[_Chunk, bool]]:
    """Yields each chunk with whether it begins inside of quotes."""
    is_open = False
    for chunk in _chunks(path):
        yield chunk, is_open
        is_open ^= bool(np.count_nonzero(chunk.data == _QUOTE) % 2)


def _in_order(look: Callable[[_Chunk, bool], _Look], chunks: Iterable[tuple[_Chunk, bool]]) -> Iterator[_Look]:
    """Yields what each chunk shows, in order; some are looked at side by side, and few are held."""
    with ThreadPoolExecutor(_SCANNERS) as pool:
        waiting: deque[Future[_Look]] = deque()
        for chunk, is_open in chunks:
            waiting.append(pool.submit(look, chunk, is_open))
            if len(waiting) > _SCANNERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _looked_at(chunk: _Chunk, is_open: bool, *, delimiter: int) -> _Look:
    quoting = _Quoting((delimiter, _LINE_FEED, _RETURN, _QUOTE), is_open=is_open)
    quoting.take(chunk)
    ends, returns = chunk.places(_LINE_FEED), chunk.places(_RETURN)
    ends_outside, returns_outside = quoting.outside(ends), quoting.outside(returns)
    breaks_inside = ends.size > ends_outside.size or returns.size > returns_outside.size
    return _Look(
        ends=ends_outside,
        returns_before=chunk.before(ends_outside) == _RETURN,
        is_regular=quoting.is_strict and _returns_are_regular(chunk, returns_outside),
        is_tidy=not breaks_inside and _is_tidy(chunk, quoting),
        ends_in_blanks=chunk.follow_two(delimiter, ends) or chunk.follow_two(delimiter, returns),
        stops_in_blanks=chunk.follow_two(delimiter, np.array([chunk.data.size])),
        is_open=quoting.is_open,
        last=chunk.bytes[-1],
        size=chunk.data.size,
    )


def _widest(path: Path, delimiter: str) -> int:
    """Gives the most cells that a record of the file has."""
    quoting, widest, cells = _Quoting(()), 0, 1
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
    before = line_feed * 2
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
    return not quoting.outside(blanks[quoting.are_edges(before) | quoting.are_edges(after)]).size
