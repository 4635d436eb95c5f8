"""The differentially private release: what it writes, what it spends, and that it stops where the budget ends."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from ingest import survey as survey_module
from ingest.releases import synthetic
from ingest.releases.synthetic import REPORTING_LENGTH, synthesize, utility_of
from ingest.sealed_store import sealed_store
from ingest.stores import RESTRICTED_TABLES, make_tables
from ingest.survey import SurveyTerms
from tests.unit.releases.conftest import answers, places
from tierline.errors import ConfigError, TierlineError
from tierline.run import Run
from tierline.settings import Settings, SourceConfig


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """An installation with one closed wave of generated answers and a budget of 4."""
    monkeypatch.setattr(survey_module, "survey_terms", lambda run: [SurveyTerms("kobo", 3, 30, 2.0)])
    settings = Settings(home=tmp_path / "home", sources=(SourceConfig(id="kobo", path="kobo.json"),), threads=1)
    this = Run(run_id="r1", as_of=date(2026, 8, 1), settings=settings)
    frame = answers(1).select("respondent_key", "facility_ref", "indicator_id", "answer", "source_id", "wave_id")
    frame = frame.with_row_index("place").with_columns(
        record_no=pl.lit(1, dtype=pl.Int64), submitted_on=pl.lit(date(2026, 5, 4)), question=pl.lit("q"),
        source_type=pl.lit("offsite_survey"), snapshot_sha256=pl.lit("0" * 64), row_id=pl.format("r{}", "place"),
    ).drop("place")  # fmt: skip
    with sealed_store(this) as store:
        make_tables(store, RESTRICTED_TABLES)
        store.register("answers", frame)
        store.execute("INSERT INTO canonical.survey_answer BY NAME SELECT * FROM answers")
    return this


def test_a_release_has_a_record_a_respondent_or_so_and_says_what_it_spent(run: Run) -> None:
    made = synthesize(run, places(), 2.0)
    respondents = answers(1)["respondent_key"].n_unique()

    assert made.columns == ("wave_id", "country_code", "sector_key", "F01", "F07")
    assert abs(made.protected_records - respondents) < respondents / 2
    assert (made.epsilon, made.epsilon_spent, made.epsilon_total) == (2.0, 2.0, 4.0)
    assert [each.order for each in made.utility] == list(range(1, REPORTING_LENGTH + 1))
    assert dict(made.counts)["wave_id:2026-Q2"] == pytest.approx(respondents, rel=0.2)


def test_the_budget_adds_up_and_a_release_beyond_it_is_refused_before_anything_is_drawn(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    synthesize(run, places(), 2.5)
    monkeypatch.setattr(synthetic, "_release", lambda *_: pytest.fail("drawn"))

    with pytest.raises(ConfigError, match=r"2\.5 of 4 is spent"):
        synthesize(run, places(), 1.6)


def test_a_release_that_fails_has_spent_its_budget(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(synthetic, "_release", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            synthesize(run, places(), 3.0)

    assert synthesize(run, places(), 1.0).epsilon_spent == 4.0


def test_a_survey_too_small_for_its_noise_is_told_plainly_and_has_spent_its_budget(run: Run) -> None:
    one = pl.col("respondent_key") == answers(1)["respondent_key"][0]
    with sealed_store(run) as store:
        store.register("kept", answers(1).filter(one).select("respondent_key").unique())
        store.execute("DELETE FROM canonical.survey_answer WHERE respondent_key NOT IN (FROM kept)")

    def drawn_until_below_zero() -> None:
        for _ in range(60):  # noise around one respondent is below zero every other time
            synthesize(run, places(), 0.01)

    with pytest.raises(TierlineError, match=r"nothing was released, and ε 0\.01 is spent: .*negative number"):
        drawn_until_below_zero()
    with sealed_store(run, read_only=True) as store:
        entries = store.execute("SELECT sum(epsilon) > 0 FROM release.privacy_budget").fetchall()
    assert entries == [(True,)]


@pytest.mark.parametrize("epsilon", [0.0, -1.0, float("inf"), float("nan")])
def test_an_epsilon_that_bounds_nothing_is_refused(run: Run, epsilon: float) -> None:
    with pytest.raises(ConfigError, match="above 0"):
        synthesize(run, places(), epsilon)


def test_nothing_is_released_of_open_waves(run: Run) -> None:
    early = Run(run_id="r1", as_of=date(2026, 6, 1), settings=run.settings)

    with pytest.raises(TierlineError, match="no survey wave is closed"):
        synthesize(early, places(), 1.0)


def test_two_releases_differ_as_their_noise_has_no_seed(run: Run) -> None:
    assert synthesize(run, places(), 0.5).counts != synthesize(run, places(), 0.5).counts


def test_usefulness_is_measured_by_order() -> None:
    one, two = utility_of({"a:1": 10, "b:1": 4, "a:1;b:1": 3}, {"a:1": 8, "a:1;b:1": 3, "a:1;b:2": 2})

    assert (one.mean_absolute_error, one.combinations, one.retained, one.made_up) == (3.0, 2, 1, 0)
    assert (two.mean_absolute_error, two.combinations, two.retained, two.made_up) == (1.0, 1, 1, 1)
