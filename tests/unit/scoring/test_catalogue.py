"""The seeds of the project are complete, and a broken one is told by name."""

import polars as pl
import pytest

from scoring.bands import score_limits
from scoring.catalogue import _PARAMETERS, WEAK_CLEAN_SOURCES, build_catalogue
from scoring.tables import BANDS
from tierline.errors import ConfigError


def without(seed, column, value):
    return seed.filter(pl.col(column) != value)


def test_the_seeds_hold_the_points_and_reliabilities_of_the_method(catalogue):
    assert dict(catalogue.strengths.select("strength", "points").iter_rows()) == {"S": 30, "M": 16, "W": 6}
    row = catalogue.sources.filter(source_type="offsite_survey").to_dicts()[0]
    assert (row["reliability_adverse"], row["reliability_clean"], row["half_life_months"]) == (0.85, 0.6, 18)
    assert set(WEAK_CLEAN_SOURCES) <= set(catalogue.sources["source_type"])


def test_every_parameter_of_the_seed_is_read(seeds):
    assert set(seeds["score_parameter"]["name"]) == set(_PARAMETERS)


def test_every_band_has_a_rule_and_the_limits_are_known(catalogue):
    assert {rule.band for rule in catalogue.band_rules} == set(BANDS)
    assert score_limits(catalogue) == [30, 50, 70]


@pytest.mark.parametrize(
    ("seed", "column", "value", "message"),
    [
        ("half_life", "source_type", "grievance", "half_life has no row for grievance"),
        ("point_cap", "kind", "clean", "point_cap has no clean"),
        ("inherent_prior", "name", "reference_points", "inherent_prior has no reference_points"),
        ("score_parameter", "name", "row_decay", "score_parameter has no row_decay"),
        ("strength", "strength", "W", "strength does not have: W"),
    ],
)
def test_a_seed_that_misses_a_row_is_a_configuration_error(seeds, seed, column, value, message):
    with pytest.raises(ConfigError, match=message):
        build_catalogue({**seeds, seed: without(seeds[seed], column, value)})


def test_weights_without_a_version_are_a_configuration_error(seeds):
    with pytest.raises(ConfigError, match="method_version is empty"):
        build_catalogue({**seeds, "method_version": seeds["method_version"].clear()})


@pytest.mark.parametrize("rule_id", ["official_order_in_force", "debarment_in_force", "strong_severe_indicator"])
def test_a_gate_missing_from_the_seed_is_a_configuration_error(seeds, portfolio, rule_id):
    rules = without(seeds["band_rule"], "rule_id", rule_id)
    with pytest.raises(ConfigError, match=rule_id):
        type(portfolio)(build_catalogue({**seeds, "band_rule": rules})).score([])


def test_rules_that_leave_a_gap_are_a_configuration_error(seeds, portfolio):
    thin = seeds["band_rule"].filter(~pl.col("rule_id").is_in(["coverage_too_thin", "low_score_thinly_covered"]))
    with pytest.raises(ConfigError, match="without a band"):
        type(portfolio)(build_catalogue({**seeds, "band_rule": thin})).score([])


def test_a_seed_cannot_let_a_source_clear_an_official_act(seeds):
    cleared = pl.when(pl.col("indicator_id") == "A01").then(pl.lit(True)).otherwise(pl.col("eligible"))
    wrong = seeds["indicator_eligibility"].with_columns(cleared.alias("eligible"))
    with pytest.raises(ConfigError, match="A01"):
        build_catalogue({**seeds, "indicator_eligibility": wrong})


def test_a_changed_weight_in_the_seed_changes_the_score(seeds, portfolio):
    strong = pl.when(pl.col("strength") == "S").then(60).otherwise(pl.col("points")).alias("points")
    heavier = type(portfolio)(build_catalogue({**seeds, "strength": seeds["strength"].with_columns(strong)}))
    fact = portfolio.adverse("F07")
    assert heavier.raw([fact]) - portfolio.raw([fact]) == pytest.approx(30 * 0.85)
