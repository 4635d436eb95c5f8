"""Rates of waves: what is told is right within its noise, keeps ten on either side, and is decided once."""

from datetime import date

import duckdb
import polars as pl
import pytest

from ingest.releases.rate_rule import LEAST_COUNT, NOISE_LIMIT
from tests.unit.releases.conftest import answers, places, tell
from tierline.run import PROJECT


def truth(frame: pl.DataFrame, by: str | None) -> dict[tuple[str, str], tuple[int, int]]:
    """(heading, indicator) → adverse and all respondents."""
    heading = pl.lit("") if by is None else pl.col(by)
    counted = (
        frame.join(places(), on="facility_ref")
        .group_by(heading.alias("heading"), "indicator_id")
        .agg((pl.col("answer") == "adverse").sum().alias("adverse"), pl.len().alias("respondents"))
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in counted.iter_rows()}


@pytest.mark.parametrize("seed", range(4))
def test_told_rates_are_near_the_truth_and_keep_ten_on_either_side(store: duckdb.DuckDBPyConnection, seed: int) -> None:
    frame = answers(seed)
    rates = tell(store, frame)
    told = rates.filter(pl.col("state") == "told")

    assert told.height > 4
    for row in told.iter_rows(named=True):
        by = {"country": "country_code", "sector": "sector_key", "wave": None}[row["breakdown"]]
        adverse, respondents = truth(frame, by)[row[by] if by else "", row["indicator_id"]]
        assert min(adverse, respondents - adverse) >= LEAST_COUNT
        assert abs(row["rate_percent"] - 100 * adverse / respondents) <= 2.5 + 100 * NOISE_LIMIT / respondents
        assert row["rate_percent"] in range(5, 100, 5)
        assert row["respondents_at_least"] == respondents // 5 * 5


def test_a_suppressed_cell_is_a_row_without_numbers(store: duckdb.DuckDBPyConnection) -> None:
    rates = tell(store, answers(0, sites=8, largest=12))

    assert set(rates["state"]) == {"suppressed"}
    assert rates.height > 0
    for column in ("rate_percent", "shrunk_percent", "respondents_at_least"):
        assert rates[column].null_count() == rates.height


def test_a_site_of_unknown_country_counts_in_its_wave_and_has_no_row(store: duckdb.DuckDBPyConnection) -> None:
    frame = answers(1).with_columns(facility_ref=pl.lit("elsewhere"))
    rates = tell(store, frame)

    assert set(rates["breakdown"]) == {"wave"}


def test_late_answers_change_nothing_of_a_wave_that_was_told(store: duckdb.DuckDBPyConnection) -> None:
    before = tell(store, answers(1))
    late = answers(2, prefix="late")

    assert tell(store, pl.concat([answers(1), late])).equals(before)


def test_an_open_wave_tells_nothing(store: duckdb.DuckDBPyConnection) -> None:
    assert tell(store, answers(1), as_of=date(2026, 6, 27)).is_empty()
    assert not tell(store, answers(1), as_of=date(2026, 6, 28)).is_empty()


def test_the_same_key_gives_the_same_rates_and_another_key_others(store: duckdb.DuckDBPyConnection) -> None:
    from ingest.releases.noise import noise_of

    names = [str(number) for number in range(200)]

    assert (noise_of(b"k" * 32, names) == noise_of(b"k" * 32, names)).all()
    assert (noise_of(b"k" * 32, names) != noise_of(b"j" * 32, names)).any()


@pytest.mark.parametrize(("withdrawn", "is_told"), [(9, True), (10, False)])
def test_ten_withdrawals_end_the_rates_of_a_wave_for_ever(
    store: duckdb.DuckDBPyConnection, withdrawn: int, is_told: bool
) -> None:
    frame = answers(1)
    before = tell(store, frame, as_of=date(2026, 7, 1))
    gone = [f"p{number}" for number in range(withdrawn)]
    for key in gone:
        store.execute("INSERT INTO release.withdrawal VALUES ('kobo', ?, DATE '2026-08-01')", [key])
        store.execute("INSERT INTO release.withdrawn_answer VALUES ('kobo', 's', 'site0', '2026-Q2', ?, NULL)", [key])
    left = frame.filter(~pl.col("respondent_key").is_in(gone))

    after = tell(store, left)

    assert after.equals(before) if is_told else after.is_empty()
    assert tell(store, left).equals(after)


def test_nothing_that_scores_reads_a_rate_so_suppression_moves_no_rank() -> None:
    folders = ("dbt_project/models", "scoring", "matching", "models")
    files = [path for folder in folders for path in (PROJECT / folder).rglob("*") if path.suffix in {".sql", ".py"}]

    assert len(files) > 100
    assert [path.name for path in files if "survey_rate" in path.read_text(encoding="utf-8")] == []
