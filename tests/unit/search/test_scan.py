"""A long list of names is sought by a walk of its own; it must find what the index finds, to the last row."""

import random
from typing import Any

import pyarrow as pa
import pytest

from serving.search import files, scan
from serving.search.building import _empty_index, _fill
from serving.search.scan import NameScan, name_scan
from serving.search.spelling import searched
from tests.benchmarks.misspelling import KINDS, misspelt

LIMIT = 40
CHANCE = random.Random(7)


def _invented() -> str:
    syllables = ("AN", "BO", "KA", "RIS", "TEX", "MIL", "42", "ZU")
    words = ("".join(CHANCE.choices(syllables, k=CHANCE.randint(1, 4))) for _ in range(CHANCE.randint(1, 4)))
    return " ".join([*words, *CHANCE.choices(("TRADING", "TEXTILES", "MILLS"), k=CHANCE.randint(0, 2))])


UNUSUAL = ("A", "7", "ANANANANANANAN", "X" * 300, "ONE " * 30 + "END", "AB CD " * 60 + "END", "TEXTILES " * 8 + "END")
KEYS = [*(_invented() for _ in range(3_000)), *UNUSUAL]
ASKED = [
    *UNUSUAL, *KEYS[:40], *(misspelt(key, CHANCE.choice(KINDS), CHANCE).upper() for key in KEYS[40:200]),
    "QQQ", "ÑÑÑ TEXTILES", "TEX-TILES", "MILLS",
]  # fmt: skip


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """The index of the keys as a publication has it, and its schema."""
    import tantivy

    index = _empty_index(tmp_path_factory.mktemp("scan") / "names", files.names_schema())
    files.register_pieces(index)
    texts = [files.pieces_text(searched(key)) for key in KEYS]
    _fill(index, (tantivy.Document(row=row, pieces=text, country="-") for row, text in enumerate(texts)))
    index.reload()
    return index.searcher(), index.schema


@pytest.fixture(params=[256, 1_000, 100_000])
def scanned(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> NameScan:
    monkeypatch.setattr(scan, "_BLOCK", request.param)
    told = name_scan(pa.array(KEYS))
    assert told is not None
    return told


def _found_by_index(searcher: tuple[Any, Any], key: str) -> list[int]:
    import tantivy

    text = files.pieces_text(key)
    pieces = sorted({text[place : place + 3] for place in range(len(text) - 2)})
    terms = [(tantivy.Occur.Should, tantivy.Query.term_query(searcher[1], "pieces", one, "basic")) for one in pieces]
    hits = searcher[0].search(tantivy.Query.boolean_query(terms), limit=LIMIT, count=False).hits
    return list(searcher[0].fast_field_values("row", [address for _, address in hits]))


def test_it_finds_the_rows_that_the_index_finds(searcher: tuple[Any, Any], scanned: NameScan) -> None:
    keys = [searched(key) for key in ASKED]

    found = {key: set(scanned.best(key, LIMIT).tolist()) for key in keys}

    assert found == {key: set(_found_by_index(searcher, key)) for key in keys}
    assert len(found["MILLS"]) == LIMIT
    assert found["QQQ"] == set()


def test_equal_names_stand_in_their_order_in_whatever_block(scanned: NameScan) -> None:
    repeated = sorted({key for key in KEYS if KEYS.count(key) > 3})
    assert repeated
    for key in repeated[:20]:
        same = [row for row, other in enumerate(KEYS) if other == key]
        found = [row for row in scanned.best(key, LIMIT).tolist() if KEYS[row] == key]
        assert found == same[: len(found)]
        assert found


@pytest.mark.parametrize("key", ["ŁÓDŹ TEXTILES", "lower", "TEX-TILES"])
def test_keys_of_other_letters_are_left_to_the_index(key: str) -> None:
    assert name_scan(pa.array([*KEYS[:10], key])) is None


def test_where_there_are_no_names_there_is_nothing_to_scan() -> None:
    assert name_scan(pa.array([], pa.string())) is None


def test_a_name_taken_from_a_longer_table_is_read_from_where_it_stands() -> None:
    whole = pa.array(KEYS)
    part, alone = name_scan(whole[100:200]), name_scan(pa.array(KEYS[100:200]))

    assert part is not None
    assert alone is not None
    assert part.best(KEYS[150], LIMIT).tolist() == alone.best(KEYS[150], LIMIT).tolist()
