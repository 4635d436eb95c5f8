"""Candidates for a long list of names: the same as the index of names gives, by a walk that pays for many names alone.

Without a country a question of the index walks along all names that have any of its pieces. Here the rows of each piece
lie open in memory, a block of rows at a time, so that the scores of a block stay close to the processor while they are
added up. Scores are those of the index (BM25, tantivy's constants); no name has a piece more than once, as the index
counts none twice.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from serving.search import files
from serving.search.spelling import MOST_LETTERS, MOST_WORDS, searched

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Weights = np.ndarray[Any, np.dtype[np.float32]]

WORTH_A_SCAN: Final = 1_000
"""So many names without a country pay for reading all names first."""
_BLOCK: Final = 131_072
_LETTERS: Final = b" 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE: Final = len(_LETTERS)
_PIECES: Final = _BASE**files.PIECE_LETTERS
_FOREIGN: Final = 255
# BM25 as tantivy has it: how soon a piece counts no more, and how much a long name loses.
_SATURATION, _LENGTH_SHARE = np.float32(1.2), np.float32(0.75)
_EXACT_LENGTHS: Final = 24
_LENGTH_BITS: Final = 4


@dataclass(frozen=True)
class _Block:
    """Rows of one block by piece: those of piece p are `rows[starts[p]:starts[p + 1]]`, counted from the first row."""

    first: int
    rows: np.ndarray[Any, np.dtype[np.int32]]
    starts: np.ndarray[Any, np.dtype[np.int32]]
    shares: Weights
    """Of each row, what its length leaves of the weight of a piece."""


class NameScan:
    """All names of an index by their pieces, in about 200 bytes a name; it may be asked by many threads at once."""

    def __init__(self, blocks: list[_Block], weights: Weights) -> None:
        self._blocks = blocks
        self._weights = weights
        self._ones = np.ones(max(len(block.rows) for block in blocks), np.float32)

    def best(self, key: str, limit: int) -> Numbers:
        """Gives the rows of the `limit` names with the highest scores, the highest first, then in their order."""
        pieces = self._pieces(key)
        weights = self._weights[pieces]
        rows, scores, least = np.zeros(0, np.int64), np.zeros(0, np.float32), np.float32(0)
        for block in self._blocks:
            found = _scores(block, pieces, weights, self._ones)
            above = _highest(found, np.flatnonzero(found > least), limit)
            # rows go up from block to block, so that a stable order leaves equals in theirs
            rows, scores = np.append(rows, above + block.first), np.append(scores, found[above])
            order = np.argsort(-scores, kind="stable")[:limit]
            rows, scores = rows[order], scores[order]
            least = scores[-1] if len(rows) == limit else least
        return rows

    def _pieces(self, key: str) -> Numbers:
        codes = _codes(np.frombuffer(files.pieces_text(key).encode(), np.uint8))
        known = np.unique(codes[codes < _PIECES])
        return known[self._weights[known] > 0]


def name_scan(keys: pa.StringArray) -> NameScan | None:
    """Gives what finds rows of these keys, none of them empty; none where a key has other letters than keys have."""
    tables, lengths = [], []
    for first in range(0, len(keys), _BLOCK):
        told = _by_piece(_texts(keys[first : first + _BLOCK]))
        if told is None:
            return None
        tables.append(told[0])
        lengths.append(told[1])
    if not tables:
        return None
    names = np.float32(len(keys))
    mean = np.float32(sum(int(of_block.sum()) for of_block in lengths)) / names
    counts = sum(np.diff(starts) for _, starts in tables)
    idf = np.log(1 + (len(keys) - counts + 0.5) / (counts + 0.5)).astype(np.float32)
    weights = np.where(counts > 0, idf * (1 + _SATURATION), np.float32(0))
    return NameScan(
        [
            _Block(place * _BLOCK, rows, starts, _length_shares(of_block, mean))
            for place, ((rows, starts), of_block) in enumerate(zip(tables, lengths, strict=True))
        ],
        weights,
    )


def _highest(scores: Weights, places: Numbers, limit: int) -> Numbers:
    """Gives those places whose score is among the `limit` highest, and all that tie with the last of these."""
    if len(places) <= limit:
        return places
    there = scores[places]
    kept: Numbers = places[there >= np.partition(there, -limit)[-limit]]
    return kept


def _scores(block: _Block, pieces: Numbers, weights: Weights, ones: Weights) -> Weights:
    from scipy.sparse import csc_array

    begins, ends = block.starts[pieces], block.starts[pieces + 1]
    runs = [block.rows[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
    has_piece = csc_array((len(block.shares), len(pieces)), dtype=np.float32)
    # set one by one, as building it of the three would look through all rows for the least and greatest
    has_piece.indices = np.concatenate(runs) if runs else np.zeros(0, np.int32)
    has_piece.indptr = np.append(0, np.cumsum(ends - begins)).astype(np.int32)
    has_piece.data = ones[: len(has_piece.indices)]
    scores: Weights = has_piece @ weights
    scores *= block.shares
    return scores


def _texts(keys: pa.StringArray) -> pa.StringArray:
    """Gives keys as the index cuts them into pieces."""
    is_long = pc.or_(
        pc.greater(pc.utf8_length(keys), MOST_LETTERS), pc.greater_equal(pc.count_substring(keys, " "), MOST_WORDS)
    )
    if pc.any(is_long).as_py():
        short = [searched(key) for key in keys.filter(is_long).to_pylist()]
        keys = pc.replace_with_mask(keys, is_long, pa.array(short, keys.type))
    return pc.binary_join_element_wise("", keys, "", " ")


def _by_piece(texts: pa.StringArray) -> tuple[tuple[Any, Any], Numbers] | None:
    """Gives rows and starts by piece, and how many pieces each row has; none where a letter is none of keys."""
    from scipy.sparse import csr_array

    ends = np.frombuffer(texts.buffers()[1], np.int32)[: len(texts) + 1]
    letters = np.frombuffer(texts.buffers()[2], np.uint8)[: ends[-1]]
    if (_PLACES[letters] == _FOREIGN).any():
        return None
    within = np.ones(len(letters), bool)
    for past in range(1, files.PIECE_LETTERS):
        within[ends[1:] - past] = False
    codes = _codes(letters)[within[: 1 - files.PIECE_LETTERS]]
    lengths = np.diff(ends).astype(np.int64) - (files.PIECE_LETTERS - 1)
    starts = np.append(0, np.cumsum(lengths)).astype(np.int32)
    table = csr_array((np.ones(len(codes), np.int8), codes.astype(np.int32), starts), shape=(len(texts), _PIECES))
    table.sum_duplicates()
    by_piece = table.tocsc()
    return (by_piece.indices, by_piece.indptr), lengths


def _codes(letters: np.ndarray[Any, np.dtype[np.uint8]]) -> Numbers:
    """Gives the number of the piece that begins at each letter but the last ones; too great with a foreign letter."""
    places: Numbers = _PLACES[letters].astype(np.int64)
    places[places == _FOREIGN] = _PIECES
    codes: Numbers = places[:-2] * _BASE**2 + places[1:-1] * _BASE + places[2:]
    return codes


def _length_shares(lengths: Numbers, mean: np.float32) -> Weights:
    """Gives tf / (tf + norm) of BM25 for pieces that count once; lengths are rounded as tantivy stores them.

    It keeps 24 and, of what is above, four binary digits (Lucene's SmallFloat.intToByte4).
    """
    above = np.maximum(lengths - _EXACT_LENGTHS, 0)
    dropped = np.maximum(np.frexp(above)[1] - _LENGTH_BITS, 0)
    rounded = (np.minimum(lengths, _EXACT_LENGTHS) + (above >> dropped << dropped)).astype(np.float32)
    norm = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * rounded / mean)
    shares: Weights = (1 / (1 + norm)).astype(np.float32)
    return shares


_PLACES: Final = np.full(256, _FOREIGN, np.uint8)
_PLACES[list(_LETTERS)] = range(_BASE)
