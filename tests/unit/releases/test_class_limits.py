"""What docs/privacy.md says that classes do not promise, measured: the counts at which one answer decides the word."""

import polars as pl

from ingest.survey_classes import decide_classes, read_rule, read_thresholds
from tierline.run import PROJECT

LARGEST = 120


def words(indicator: str) -> dict[tuple[int, int], str]:
    """(respondents, adverse) → class, without a design effect."""
    counts = [(size, adverse) for size in range(1, LARGEST + 1) for adverse in range(size + 1)]
    cells = pl.DataFrame(
        {
            "indicator_id": indicator,
            "respondents": [size for size, _ in counts],
            "adverse_respondents": [adverse for _, adverse in counts],
            "design_effect": 1.0,
        }
    )
    decided = decide_classes(cells, read_rule(PROJECT), read_thresholds(PROJECT))
    return dict(zip(counts, decided["class"].to_list(), strict=True))


def test_an_answer_shows_in_a_class_at_three_counts_of_a_site_at_most() -> None:
    for indicator in ("F07", "F11"):
        told = words(indicator)
        for size in range(1, LARGEST + 1):
            changes = sum(told[size, adverse] != told[size, adverse + 1] for adverse in range(size))
            assert changes <= 3


def test_no_word_tells_of_fewer_than_ten_respondents_or_fewer_than_three_adverse_ones_that_it_fires() -> None:
    for indicator in ("F07", "F11"):
        for (size, adverse), word in words(indicator).items():
            assert not word.startswith("fires") or (size >= 10 and adverse >= 3)
