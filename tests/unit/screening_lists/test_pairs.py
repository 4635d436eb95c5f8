"""Names of bidders meet names on lists that share a word, an order, a beginning or an end; each pair once, in order."""

import polars as pl
import pytest

from serving.screening.pairs import KEY_PAIRS, alike_names
from serving.screening.reading import OpenPublication

LISTED = ("VALLEY ORE", "GOLDEN STAR TRADING", "SEVERNYI LES", "STAR STAR MINING", "ORE VALLEY", "VALLEY ORE")


def pairs(publication: OpenPublication, typed: list[str], listed: list[str]) -> list[tuple[str, str]]:
    told = alike_names(publication, pl.Series(typed), pl.DataFrame({"name_key": listed}), 0.8)
    return [(one, other) for one, other, _ in told.iter_rows()]


@pytest.mark.parametrize(
    ("typed", "met"),
    [
        ("VALLEY ORE", ["ORE VALLEY", "VALLEY ORE"]),
        ("VALLEYORE", ["VALLEY ORE"]),
        ("GOLDEN STAR TRADNG", ["GOLDEN STAR TRADING"]),
        ("GOLDN STAR TRADING", ["GOLDEN STAR TRADING"]),
        ("SEVERNYY LES", ["SEVERNYI LES"]),
        ("STAR MINING STAR", ["STAR STAR MINING"]),
        ("NOBODY KNOWS", []),
    ],
)
def test_a_name_meets_those_that_it_may_be(publication: OpenPublication, typed: str, met: list[str]) -> None:
    assert pairs(publication, [typed], list(LISTED)) == [(typed, name) for name in met]


def test_many_names_meet_what_each_meets_alone_in_their_order(publication: OpenPublication) -> None:
    typed = ["VALLEY ORE", "GOLDN STAR TRADING", "VALLEY ORE", "NOBODY KNOWS", "SEVERNYY LES"]
    alone = [pair for name in sorted(set(typed)) for pair in pairs(publication, [name], list(LISTED))]

    assert pairs(publication, typed, list(LISTED)) == alone
    assert pairs(publication, [], list(LISTED)) == pairs(publication, typed, []) == []


def test_a_word_of_too_many_names_joins_nothing_and_the_same_name_counts_anyway(publication: OpenPublication) -> None:
    listed = [f"ZEBRATRADE {number:05d}" for number in range(KEY_PAIRS + 1)]

    assert len(pairs(publication, ["ZEBRATRADE 00002"], listed[:-1])) > KEY_PAIRS // 2
    assert pairs(publication, ["ZEBRATRADE 00002"], listed) == [("ZEBRATRADE 00002", listed[2])]
