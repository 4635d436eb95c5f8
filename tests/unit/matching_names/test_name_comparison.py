"""The comparison of names: what raises and lowers the score, against a reference written from its description."""

import random
from typing import Any

import pytest
from rapidfuzz.distance import DamerauLevenshtein

from matching.name_comparison import (
    INITIAL_LIKENESS,
    KIND_CONFLICT,
    LESSER_SHARE,
    SHORT_WORD,
    SPACING_SCORE,
    WORD_LIKENESS,
    similarity_sql,
    word_likeness_sql,
)
from tests.unit.matching_names.conftest import KeyNames
from tierline.warehouse import open_connection

Feature = dict[str, Any]
_TYPE = "STRUCT(words VARCHAR[], weights DOUBLE[], kind VARCHAR)"


def feature(words: str, weights: list[float] | None = None, kind: str | None = None) -> Feature:
    split = words.split()
    return {"words": split, "weights": weights or [1.0] * len(split), "kind": kind}


def score(left: Feature | None, right: Feature | None) -> float | None:
    with open_connection() as connection:
        row = connection.execute(
            f"SELECT {similarity_sql('l', 'r')} FROM"
            f" (SELECT CAST($left AS {_TYPE}) AS l, CAST($right AS {_TYPE}) AS r)",
            {"left": left, "right": right},
        ).fetchone()
    assert row is not None
    similarity: float | None = row[0]
    return similarity


@pytest.mark.parametrize("words", ["ACME", "ACME TRADING", "A AND B 44"])
def test_a_name_is_wholly_like_itself(words: str) -> None:
    assert score(feature(words), feature(words)) == 1


def test_the_order_of_words_does_not_matter() -> None:
    assert score(feature("FIRST BANK INTERNATIONAL"), feature("INTERNATIONAL FIRST BANK")) == 1


def test_names_that_differ_in_blanks_only_are_nearly_the_same() -> None:
    assert score(feature("VOGUE TEX"), feature("VOGUETEX")) == SPACING_SCORE


def test_a_slip_costs_less_than_another_word() -> None:
    slip = score(feature("CRISTALORD"), feature("CRYSTALORD"))
    longer = score(feature("CRYSTALORD SYSTEMS"), feature("CRYSTALORD"))

    assert slip == pytest.approx(0.9)
    assert longer is not None
    assert slip is not None
    assert longer < slip


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    common = score(feature("BAE SYSTEMS", [1, 0.4]), feature("BAE INDUSTRIES", [1, 0.4]))
    rare = score(feature("BLINQ SYSTEMS", [1, 0.4]), feature("BAILEY SYSTEMS", [1, 0.4]))

    assert common is not None
    assert rare is not None
    assert rare < 0.5 < common


@pytest.mark.parametrize("pair", [("SNOW", "SNOE"), ("BD", "BP"), ("2005", "2006"), ("10001", "10002"), ("LXC", "LAU")])
def test_short_words_and_numbers_are_the_same_or_not(pair: tuple[str, str]) -> None:
    assert score(feature(pair[0]), feature(pair[1])) == 0


def test_an_initial_is_half_like_a_word_that_begins_with_it() -> None:
    assert score(feature("J ALDERWOOD"), feature("JOHN ALDERWOOD")) == pytest.approx((1 + INITIAL_LIKENESS) / 2)
    assert score(feature("J ALDERWOOD"), feature("MARK ALDERWOOD")) == pytest.approx(0.5)


def test_different_kinds_of_legal_form_lower_the_score_and_an_unknown_one_does_not() -> None:
    stock, limited, unknown = (feature("DEUTSCHE BANK", kind=kind) for kind in ("stock", "limited", None))

    assert score(stock, limited) == pytest.approx(KIND_CONFLICT)
    assert score(stock, unknown) == 1


def test_nothing_is_said_of_a_name_that_is_missing() -> None:
    assert score(feature("ACME"), None) is None
    assert score(None, feature("ACME")) is None


def _expected(left: Feature, right: Feature) -> float:
    covers = [_cover(left, right), _cover(right, left)]
    value = LESSER_SHARE * min(covers) + (1 - LESSER_SHARE) * max(covers)
    if "".join(left["words"]) == "".join(right["words"]):
        value = max(value, SPACING_SCORE)
    conflict = None not in (left["kind"], right["kind"]) and left["kind"] != right["kind"]
    return value * (KIND_CONFLICT if conflict else 1)


def _cover(name: Feature, other: Feature) -> float:
    best = [max(_likeness(word, against) for against in other["words"]) for word in name["words"]]
    return sum(w * b for w, b in zip(name["weights"], best, strict=True)) / sum(name["weights"])


def _likeness(left: str, right: str) -> float:
    if left == right:
        return 1
    shorter, longer = sorted((len(left), len(right)))
    if left[0].isdigit() or right[0].isdigit():
        return 0
    if shorter == 1 and longer >= SHORT_WORD and left[0] == right[0]:
        return INITIAL_LIKENESS
    if shorter < SHORT_WORD:
        return 0
    likeness = 1 - DamerauLevenshtein.distance(left, right) / longer
    return likeness if likeness >= WORD_LIKENESS else 0


def _some_features(count: int) -> list[tuple[Feature, Feature]]:
    generator = random.Random(7)
    stock = ["ALDER", "ALDERS", "ALDRE", "BIRCHWOOD", "BIRCHWOODS", "CEDAR", "CEDARS", "A", "B", "44", "45", "AND",
             "TRADING", "TRADERS", "INTERNATIONAL", "INTERNATIONEL", "AL", "DER"]  # fmt: skip

    def name() -> Feature:
        words = generator.choices(stock, k=generator.randint(1, 4))
        weights = [round(generator.uniform(0.1, 1), 3) for _ in words]
        return {"words": words, "weights": weights, "kind": generator.choice([None, None, "stock", "limited"])}

    return [(name(), name()) for _ in range(count)]


def test_the_sql_does_what_its_description_says_and_is_symmetric() -> None:
    pairs = _some_features(400)
    with open_connection() as connection:
        connection.execute(f"CREATE TABLE pair (number INTEGER, l {_TYPE}, r {_TYPE})")
        connection.executemany(
            f"INSERT INTO pair VALUES (?, CAST(? AS {_TYPE}), CAST(? AS {_TYPE}))",
            [(number, left, right) for number, (left, right) in enumerate(pairs)],
        )
        rows = connection.execute(
            f"SELECT {similarity_sql('l', 'r')}, {similarity_sql('r', 'l')} FROM pair ORDER BY number"
        ).fetchall()

    for (left, right), (forward, backward) in zip(pairs, rows, strict=True):
        assert forward == pytest.approx(_expected(left, right)), (left, right)
        assert backward == pytest.approx(forward)
        assert 0 <= forward <= 1


def test_the_quick_look_before_the_distance_drops_no_word_that_names_slip_into() -> None:
    slips = [("MICROSOFT", "MACROSOFT"), ("NVIDIA", "INVIDIA"), ("XENCORA", "CENCORA"), ("WALMART", "WALLMART"),
             ("KHULNA", "KULHNA"), ("STRIPE", "STRIP"), ("HELLO", "JELLO")]  # fmt: skip
    with open_connection() as connection:
        for left, right in slips:
            row = connection.execute(
                f"SELECT {word_likeness_sql('l', 'r')} FROM (SELECT $left AS l, $right AS r)",
                {"left": left, "right": right},
            ).fetchone()
            assert row == (pytest.approx(_likeness(left, right)),)


THIRTY_SPELLINGS = [
    "Sonnenhof Textil GmbH", "SONNENHOF TEXTIL GMBH", "Sonnenhof Textil G.m.b.H.", "Sonnenhof-Textil GmbH",
    "Sonnenhof Textil Gesellschaft mit beschränkter Haftung", "Sonnenhof Textil", "sonnenhof textil gmbh",
    "Sonnenhof  Textil   GmbH", "Sonnenhof Textil GmbH.", "Sonnenhof Textil, GmbH", "\"Sonnenhof\" Textil GmbH",
    "Textil Sonnenhof GmbH", "Sonnenhof Textil UG", "Sonnenhof Textil (GmbH)", "Sonnenhof Textil LLC",
    "Sonnenhof Textil Ltd", "SonnenhofTextil GmbH", "Sonnen hof Textil GmbH", "Sonnenhoff Textil GmbH",
    "Sonnenhof Textile GmbH", "Sonenhof Textil GmbH", "Sonnenhof Textil GmbH & Co. KG", "The Sonnenhof Textil GmbH",
    "Sonnenhof Textil mbH", "SONNENHOF TEXTIL Gesellschaft m.b.H.", "Sonnenhof Textil OOO", "Sönnenhof Textil GmbH",
    "Sonnenhof' Textil GmbH", "S o n n e n h o f Textil GmbH", "Sonnenhof Textil gmbh,",
]  # fmt: skip


def test_one_company_with_thirty_spellings_is_like_itself_and_unlike_its_neighbours(key_names: KeyNames) -> None:
    others = [
        "Sonnenberg Textil GmbH",
        "Sonnenhof Baustoffe GmbH",
        "Mondhof Textil GmbH",
        "Sonnenhof Textil Stiftung AG",
    ]
    connection = key_names([*THIRTY_SPELLINGS, *others])

    rows = connection.execute(
        f"SELECT r.spelling, {similarity_sql('l.name_feature', 'r.name_feature')}"
        " FROM int_name_keys AS l CROSS JOIN int_name_keys AS r WHERE l.spelling = $first",
        {"first": THIRTY_SPELLINGS[0]},
    ).fetchall()

    scores = dict(rows)
    assert len(set(THIRTY_SPELLINGS)) == 30
    assert min(scores[spelling] for spelling in THIRTY_SPELLINGS) >= 0.85
    assert max(scores[other] for other in others) < 0.85
