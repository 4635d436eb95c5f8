"""Attacks on told rates, by readers who know every rule and every number of respondents, but not the key.

Recovery is METHOD §6's: who knows all answers but one pins the last with a probability above .9 from a base of .6.
"""

from datetime import date
from itertools import pairwise

import duckdb
import numpy as np
import polars as pl
import pytest

from ingest.releases.class_decision import decide_protected
from ingest.releases.class_rule import class_decay
from ingest.releases.noise import noise_law, noise_of
from ingest.releases.rate_rule import AIMED_ODDS, BREAKDOWNS, LEAST_COUNT, NOISE_LIMIT, ODDS_LIMIT
from ingest.releases.suppression import rates_percent
from ingest.survey_classes import decide_classes, read_rule, read_thresholds
from ingest.withdrawals import make_withdrawals
from tests.class_chances import word_chances, words_of_counts
from tests.unit.releases.conftest import KEY, answers, places, tell
from tierline.run import PROJECT

BASE, PINNED = 0.6, 0.9
HEADING = {"country": "country_code", "sector": "sector_key"}


def finest(frame: pl.DataFrame, indicator: str) -> pl.DataFrame:
    """What the attacker knows: the respondents of each country and sector."""
    return (
        frame.filter(pl.col("indicator_id") == indicator)
        .join(places(), on="facility_ref")
        .group_by("country_code", "sector_key")
        .agg(pl.len().alias("respondents"))
        .sort("country_code", "sector_key")
    )


def in_cell(groups: pl.DataFrame, row: dict[str, object]) -> np.ndarray:
    by = HEADING.get(str(row["breakdown"]))
    return np.ones(groups.height) if by is None else (groups[by] == row[by]).to_numpy().astype(float)


def bounds(groups: pl.DataFrame, told: list[dict[str, object]], target: np.ndarray) -> tuple[float, float]:
    """A linear programme over all told tables, built from what is published alone."""
    from scipy.optimize import linprog

    sizes = groups["respondents"].to_numpy()
    rows, limits = [], []
    for row in told:
        cell, percent = in_cell(groups, row), float(str(row["rate_percent"]))
        size = cell @ sizes
        high = size if percent == 95 else (percent + 2.5) / 100 * size
        low = 0 if percent == 5 else (percent - 2.5) / 100 * size
        rows += [cell, -cell]
        limits += [min(high + NOISE_LIMIT, size - LEAST_COUNT), -max(low - NOISE_LIMIT, LEAST_COUNT)]
    known = {"A_ub": np.array(rows), "b_ub": np.array(limits)} if rows else {}
    ends = [
        linprog(sign * target, bounds=[(0, size) for size in sizes], method="highs", **known).fun * sign
        for sign in (1, -1)
    ]
    return ends[0], ends[1]


@pytest.mark.parametrize("seed", range(6))
def test_no_subtraction_or_linear_programme_bounds_a_count_to_fewer_than_ten(
    store: duckdb.DuckDBPyConnection, seed: int
) -> None:
    frame = answers(seed, largest=60)
    rates = tell(store, frame)
    recovered, attacked = [], 0
    for indicator in ("F01", "F07"):
        groups = finest(frame, indicator)
        rows = rates.filter(pl.col("indicator_id") == indicator).to_dicts()
        told = [row for row in rows if row["state"] == "told"]
        targets = [in_cell(groups, row) for row in rows] + list(np.eye(groups.height))
        for target in targets:
            low, high = bounds(groups, told, target)
            attacked += 1
            if high - low < min(LEAST_COUNT, target @ groups["respondents"].to_numpy()) - 1e-6:
                recovered.append((indicator, target.tolist(), low, high))

    assert attacked > 20
    assert recovered == []


def test_complementary_suppression_takes_back_what_gives_a_small_cell_away() -> None:
    from ingest.releases.suppression import Block, cells_told

    # All but one group are told and near their upper end, so that the whole less them leaves the last one hardly room.
    sizes = np.array([50.0, 50.0, 50.0, 50.0, 12.0])
    members = np.vstack([np.eye(5), np.ones(5)])
    block = Block(sizes, members, np.array([25.0, 25.0, 25.0, 25.0, 3.0, 26.0]), np.ones(6, dtype=bool))

    told = cells_told(block)

    assert not told[4]
    assert told.sum() < 5


def outcome_laws(respondents: int) -> np.ndarray:
    """A row a true number of adverse respondents: the chance of each told rate, and of suppression (column 0)."""
    laws = np.zeros((respondents + 1, 22))
    noise = np.arange(-NOISE_LIMIT, NOISE_LIMIT + 1)
    least = LEAST_COUNT + NOISE_LIMIT
    for adverse in range(respondents + 1):
        noisy = adverse + noise
        shown = (noisy >= least) & (respondents - noisy >= least)
        rates = rates_percent(noisy.astype(float), np.full(len(noisy), float(respondents)))
        np.add.at(laws[adverse], np.where(shown, rates // 5 + 1, 0).astype(int), noise_law())
    return laws


@pytest.mark.parametrize("respondents", [40, 45, 63, 100, 257, 1000])
def test_who_knows_all_answers_but_one_pins_it_from_no_table_nor_all_together(respondents: int) -> None:
    laws, others = outcome_laws(respondents), AIMED_ODDS ** ((len(BREAKDOWNS) - 1) / len(BREAKDOWNS))
    pinned = 0.0
    for fewer, more in pairwise(laws):
        for likely, unlikely in ((more, fewer), (fewer, more)):
            is_pinned = BASE * likely * others > PINNED / (1 - PINNED) * (1 - BASE) * unlikely * (1 + 1e-9)
            pinned = max(pinned, float(likely[is_pinned].sum()))

    # At the very ends of the noise an answer shows: less than once in a thousand, at few counts of many.
    assert pinned < 0.001


def test_the_limit_of_odds_is_that_of_a_recovery() -> None:
    assert pytest.approx(PINNED) == BASE * ODDS_LIMIT / (BASE * ODDS_LIMIT + 1 - BASE)
    assert AIMED_ODDS < ODDS_LIMIT


def test_an_attacker_who_knows_all_but_one_recovers_nothing_of_generated_surveys(
    store: duckdb.DuckDBPyConnection,
) -> None:
    recovered = guessed = 0
    for seed in range(5):
        wave = f"{2020 + seed}-Q1"
        frame = answers(seed, wave=wave, prefix=f"s{seed}-")
        rates = tell(store, frame, key=bytes([seed]) * 32).filter(pl.col("wave_id") == wave)
        for row in rates.iter_rows(named=True):
            groups = frame.filter(pl.col("indicator_id") == row["indicator_id"]).join(places(), on="facility_ref")
            by = HEADING.get(row["breakdown"])
            cell = groups if by is None else groups.filter(pl.col(by) == row[by])
            adverse = int((cell["answer"] == "adverse").sum())
            laws, seen = outcome_laws(cell.height), (row["rate_percent"] or -5) // 5 + 1
            if row["state"] == "suppressed":
                continue
            for known in {max(adverse - 1, 0), adverse} - {cell.height}:
                guessed += 1
                odds = BASE * laws[known + 1][seen] / max((1 - BASE) * laws[known][seen], 1e-300)
                recovered += not 1 / 9 - 1e-9 <= odds <= 9 + 1e-9
    assert guessed > 50
    assert recovered == 0


@pytest.mark.parametrize("counted_in", [1, 2, None])
def test_who_knows_all_answers_but_one_recovers_some_from_exact_classes_and_none_from_protected_ones(
    counted_in: int | None,
) -> None:
    cells = pl.concat(
        answers(seed)
        .group_by("facility_ref", "indicator_id", maintain_order=True)
        .agg(pl.len().alias("respondents"), (pl.col("answer") == "adverse").sum().alias("adverse_respondents"))
        .with_columns(cell_id=pl.format("{} {} {}", pl.lit(seed), "facility_ref", "indicator_id"))
        for seed in range(12)
    ).with_columns(
        design_effect=pl.lit(1.0), is_told_already=pl.lit(value=False), respondents=pl.col("respondents").cast(int)
    )
    rule, thresholds = read_rule(PROJECT), read_thresholds(PROJECT)
    decided = (
        decide_classes(cells, rule, thresholds)
        if counted_in is None
        else decide_protected(cells, rule, thresholds, KEY, counted_in)
    )
    decay = None if counted_in is None else class_decay(counted_in)
    sizes = sorted(set(cells["respondents"]))
    words = {name: words_of_counts(sizes, name, 1.0, counted_in=counted_in) for name in ("F01", "F07")}
    guessed = recovered = 0
    true = cells.select("cell_id", true="adverse_respondents")
    for row in decided.join(true, on="cell_id").iter_rows(named=True):
        of_count = words[row["indicator_id"]][row["respondents"]]
        for known in {row["true"] - 1, row["true"]} - {-1, row["respondents"]}:
            fewer, more = (word_chances(of_count, count, decay)[row["class"]] for count in (known, known + 1))
            odds = (more / fewer if fewer else 10**9) ** (counted_in or 1)
            guessed += 1
            recovered += not 1 / ODDS_LIMIT - 1e-12 <= odds <= ODDS_LIMIT + 1e-12

    assert guessed > 900
    assert (recovered > 0) == (counted_in is None)


def test_the_same_people_but_one_in_a_later_wave_or_under_another_name_are_not_told_again(
    store: duckdb.DuckDBPyConnection,
) -> None:
    first = tell(store, answers(1))
    fired = answers(1).filter(pl.col("respondent_key") != "p5")
    for wave, source in (("2026-Q2", "other"), ("2026-Q3", "kobo")):
        again = fired.with_columns(wave_id=pl.lit(wave), source_id=pl.lit(source), closes_on=pl.lit(date(2026, 9, 30)))
        both = tell(store, pl.concat([answers(1), again]))
        new = both.filter((pl.col("wave_id") == wave) & (pl.col("source_id") == source))
        headings = first.filter(pl.col("state") == "told").join(
            new, on=["breakdown", "country_code", "sector_key", "indicator_id"], nulls_equal=True, suffix="_new"
        )
        fired_from = places().filter(pl.col("facility_ref") == first_site_of("p5"))
        touched = headings.filter(
            (pl.col("breakdown") == "wave")
            | (pl.col("country_code") == fired_from["country_code"].item())
            | (pl.col("sector_key") == fired_from["sector_key"].item())
        )

        assert touched.height > 2
        assert set(touched["state_new"]) == {"suppressed"}


def first_site_of(respondent: str) -> str:
    return str(answers(1).filter(pl.col("respondent_key") == respondent)["facility_ref"][0])


def test_other_people_in_a_later_wave_are_told(store: duckdb.DuckDBPyConnection) -> None:
    later = answers(1, wave="2026-Q3", prefix="other")
    rates = tell(store, pl.concat([answers(1), later]))

    assert (rates.filter(pl.col("wave_id") == "2026-Q3")["state"] == "told").any()


def test_a_report_after_one_more_answer_or_one_withdrawal_is_the_same(store: duckdb.DuckDBPyConnection) -> None:
    frame = answers(3)
    before = tell(store, frame, as_of=date(2026, 7, 1))
    more = frame.vstack(frame.filter(pl.col("respondent_key") == "p0").with_columns(respondent_key=pl.lit("new")))
    store.execute("INSERT INTO release.withdrawal VALUES ('kobo', 'p1', DATE '2026-08-01')")
    store.execute("INSERT INTO release.withdrawn_answer VALUES ('kobo', 's', 'site0', '2026-Q2', 'p1', NULL)")

    assert tell(store, more).equals(before)
    assert tell(store, frame.filter(pl.col("respondent_key") != "p1")).equals(before)


def test_the_noise_that_is_drawn_follows_its_law() -> None:
    drawn = noise_of(bytes(32), [f"cell {number}" for number in range(20_000)])
    shares = np.bincount(drawn + NOISE_LIMIT, minlength=2 * NOISE_LIMIT + 1) / len(drawn)

    assert np.abs(shares - noise_law()).max() < 0.01
    assert np.abs(drawn).max() <= NOISE_LIMIT


def test_told_rates_hang_on_the_key_that_an_attacker_lacks() -> None:
    told = []
    for number in range(8):
        with duckdb.connect() as store:
            make_withdrawals(store)
            store.execute("CREATE TABLE terms AS SELECT 'kobo' AS source_name, 3650 AS retention_days")
            told.append(tell(store, answers(1), key=bytes([number]) * 32)["rate_percent"].to_list())

    assert len({str(rates) for rates in told}) > 1
