"""The catalogue and its weights, read from the versioned seeds; the only place that knows their columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from duckdb import DuckDBPyConnection

from tierline.errors import ConfigError
from tierline.warehouse import quote_identifier

SEED_TABLES = (
    "indicator",
    "strength",
    "reliability",
    "half_life",
    "indicator_eligibility",
    "point_cap",
    "band_rule",
    "buyer_action",
    "inherent_prior",
    "score_parameter",
    "severity_irremediability",
    "severity_scope",
    "inherent_share",
    "prior_spread",
    "method_version",
)
WORKER_FAMILY = "survey_or_grievance"
OFFICIAL_FAMILY = "official"
LEARNED = "learned"
"""Kind of the layer of models: a kind of evidence, not an indicator, so it has no state."""
WEAK_CLEAN_SOURCES = ("announced_audit", "self_assessment")
NEVER_CLEARED = ("F12", "A01", "A02")

_NUMBER = pl.Float64
_TEXT = pl.String
_INHERENT = (
    "probability_at_lowest_level",
    "probability_at_highest_level",
    "lowest_level",
    "highest_level",
    "reference_points",
    "reference_probability",
    "points_per_doubling",
    "other_cases_minimum",
    "peer_cases_minimum",
    "peer_prior_suppliers",
    "country_level_minimum",
    "country_level_maximum",
    "sector_level_minimum",
    "sector_level_maximum",
    "good_level_minimum",
    "good_level_maximum",
)
_PARAMETERS = (
    "present_weight_minimum",
    "row_decay",
    "observation_freshness_minimum",
    "clean_reliability_share",
    "severity_scale_share",
    "severity_scope_share",
    "severity_irremediability_share",
    "coached_reliability_share",
    "contradiction_window_months",
    "network_restart",
    "network_reference_mass",
    "network_least_points",
    "interval_level",
    "critical_share_warning",
    "base_standard_deviation",
    "missing_level_standard_deviation",
    "reliability_sigma",
    "review_capacity",
    "review_random_share",
    "review_allocation_power",
    "leverage_sales_weight",
    "leverage_full_share",
    "what_if_suppliers",
    "sensitivity_suppliers",
    "first_share",
)
_CAPS = ("inherent_raw", "procurement", "network", "mitigation", "learned", "clean", "clean_weak_source")
_PRIOR_SPREAD = {
    **dict.fromkeys(("prior_kind", "scale"), _TEXT),
    **dict.fromkeys(("spread", "lowest", "highest"), _NUMBER),
}


@dataclass(frozen=True)
class BandRule:
    """One rule of the bands; a threshold that is None does not apply to it."""

    rule_id: str
    rule_order: int
    band: str
    indicators: tuple[str, ...]
    action: str
    score_minimum: float | None
    score_below: float | None
    severity_minimum: float | None
    weight_minimum: float | None
    window_months: float | None
    coverage_minimum: float | None
    coverage_below: float | None
    confidence_minimum: float | None


@dataclass(frozen=True)
class Catalogue:
    """Everything numeric of the method, at one version.

    `indicators`: indicator_id, name, severity, irremediability, role, kind, own_points, own_sigma (both NULL for those
    worth no points). `scopes`: measure, minimum, scope.
    `strengths`: strength, points, sigma. `sources`: source_type, source_name, reliability_adverse, reliability_clean,
    family, half_life_months. `eligible`: the pairs indicator_id × source_type whose clean rows count. `buyer_actions`:
    indicator_id, buyer_action, for what the buyer itself answers for. `prior_spreads`: how far each kind of prior may
    be off: prior_kind, scale (factor or points), spread, lowest, highest.
    """

    version: str
    indicators: pl.DataFrame
    strengths: pl.DataFrame
    sources: pl.DataFrame
    eligible: pl.DataFrame
    buyer_actions: pl.DataFrame
    scopes: pl.DataFrame
    band_rules: tuple[BandRule, ...]
    caps: Mapping[str, float]
    inherent: Mapping[str, float]
    shares: pl.DataFrame
    parameters: Mapping[str, float]
    prior_spreads: pl.DataFrame

    def source_types_of(self, family: str) -> list[str]:
        """Gives the source types of one family, sorted."""
        return self.sources.filter(pl.col("family") == family)["source_type"].sort().to_list()

    def rule(self, rule_id: str) -> BandRule:
        """Gives the band rule of that id; raises ConfigError where the seed has none."""
        for rule in self.band_rules:
            if rule.rule_id == rule_id:
                return rule
        raise _broken_seed("band_rule", f"has no rule '{rule_id}'")


def read_catalogue(connection: DuckDBPyConnection) -> Catalogue:
    """Gives the catalogue from the schema `seeds` of the warehouse; raises ConfigError where a seed is incomplete."""
    return build_catalogue({name: connection.sql(f"FROM seeds.{quote_identifier(name)}").pl() for name in SEED_TABLES})


def read_seed_files(folder: Path) -> dict[str, pl.DataFrame]:
    """Gives the seed tables by name from the CSV files of a checkout, for pages and tests that need no warehouse."""
    return {name: pl.read_csv(folder / f"{name}.csv") for name in SEED_TABLES}


def build_catalogue(seeds: Mapping[str, pl.DataFrame]) -> Catalogue:
    """Gives the catalogue from the seed tables by name; raises ConfigError where they are incomplete or at odds."""
    strengths = _typed(seeds["strength"], {"strength": _TEXT, "points": _NUMBER, "sigma": _NUMBER})
    eligible = _eligible(seeds["indicator_eligibility"])
    return Catalogue(
        version=_latest_version(seeds["method_version"]),
        indicators=_with_irremediability(_indicators(seeds["indicator"], strengths), seeds["severity_irremediability"]),
        strengths=strengths,
        sources=_sources(seeds["reliability"], seeds["half_life"]),
        eligible=eligible,
        buyer_actions=_buyer_actions(seeds["buyer_action"]),
        scopes=_typed(seeds["severity_scope"], {"measure": _TEXT, "minimum": pl.Int64, "scope": _NUMBER}),
        band_rules=_band_rules(seeds["band_rule"]),
        caps=_named_numbers(seeds["point_cap"], "point_cap", "kind", "limit_points", _CAPS),
        inherent=_named_numbers(seeds["inherent_prior"], "inherent_prior", "name", "value", _INHERENT),
        shares=_typed(seeds["inherent_share"], {"share_kind": _TEXT, "minimum_share": _NUMBER, "points": _NUMBER}).sort(
            "share_kind", "minimum_share"
        ),
        parameters=_named_numbers(seeds["score_parameter"], "score_parameter", "name", "value", _PARAMETERS),
        prior_spreads=_typed(seeds["prior_spread"], _PRIOR_SPREAD),
    )


def _broken_seed(seed: str, problem: str) -> ConfigError:
    return ConfigError(f"the seed {seed} {problem}", remedy=f"Correct {seed}.csv in dbt_project/seeds/catalogue.")


def _typed(frame: pl.DataFrame, columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in columns.items())


def _indicators(seed: pl.DataFrame, strengths: pl.DataFrame) -> pl.DataFrame:
    columns = dict.fromkeys(("indicator_id", "name", "default_strength", "role", "kind"), _TEXT)
    indicators = _typed(seed, {**columns, "severity": _NUMBER}).filter(pl.col("kind") != LEARNED)
    unknown = _missing(indicators["default_strength"].drop_nulls(), strengths["strength"])
    if unknown:
        raise _broken_seed("indicator", f"names strengths that the seed strength does not have: {', '.join(unknown)}")
    own = strengths.select(
        pl.col("strength").alias("default_strength"),
        pl.col("points").alias("own_points"),
        pl.col("sigma").alias("own_sigma"),
    )
    return indicators.join(own, on="default_strength", how="left").sort("indicator_id")


def _with_irremediability(indicators: pl.DataFrame, seed: pl.DataFrame) -> pl.DataFrame:
    graded = indicators.join(
        _typed(seed, {"indicator_id": _TEXT, "irremediability": _NUMBER}), on="indicator_id", how="left"
    ).sort("indicator_id")
    without = graded.filter(pl.col("severity").is_not_null() & pl.col("irremediability").is_null())["indicator_id"]
    if len(without):
        raise _broken_seed("severity_irremediability", f"has no row for {', '.join(without)}")
    return graded


def _sources(reliability: pl.DataFrame, half_life: pl.DataFrame) -> pl.DataFrame:
    reliabilities = reliability.select(
        pl.col("source_type").cast(_TEXT),
        pl.col("name").cast(_TEXT).alias("source_name"),
        pl.col("adverse").cast(_NUMBER).alias("reliability_adverse"),
        pl.col("clean").cast(_NUMBER).alias("reliability_clean"),
    )
    half_lives = half_life.select(
        pl.col("source_type").cast(_TEXT),
        pl.col("family").cast(_TEXT),
        pl.col("months").cast(_NUMBER).alias("half_life_months"),
    )
    without = _missing(reliabilities["source_type"], half_lives["source_type"])
    if without:
        raise _broken_seed("half_life", f"has no row for {', '.join(without)}")
    return reliabilities.join(half_lives, on="source_type").sort("source_type")


def _eligible(seed: pl.DataFrame) -> pl.DataFrame:
    eligible = (
        seed.filter(pl.col("eligible").cast(pl.Boolean))
        .select(pl.col("indicator_id").cast(_TEXT), pl.col("source_type").cast(_TEXT))
        .sort("indicator_id", "source_type")
    )
    wrong = eligible.filter(pl.col("indicator_id").is_in(NEVER_CLEARED))["indicator_id"].unique().sort()
    if len(wrong):
        raise _broken_seed("indicator_eligibility", f"lets a source clear {', '.join(wrong)}, which nothing may clear")
    return eligible


def _buyer_actions(seed: pl.DataFrame) -> pl.DataFrame:
    return _typed(seed, {"indicator_id": _TEXT, "action": _TEXT}).rename({"action": "buyer_action"})


def _band_rules(seed: pl.DataFrame) -> tuple[BandRule, ...]:
    numbers = (
        *("score_minimum", "score_below", "severity_minimum", "weight_minimum", "window_months"),
        *("coverage_minimum", "coverage_below", "confidence_minimum"),
    )
    columns = {"rule_id": _TEXT, "rule_order": pl.Int64, "band": _TEXT, "indicators": _TEXT, "action": _TEXT}
    rules = _typed(seed, {**columns, **dict.fromkeys(numbers, _NUMBER)}).sort("rule_order")
    return tuple(
        BandRule(**{**row, "indicators": tuple((row["indicators"] or "").split())})
        for row in rules.iter_rows(named=True)
    )


def _named_numbers(
    seed: pl.DataFrame, seed_name: str, key: str, value: str, needed: Iterable[str]
) -> Mapping[str, float]:
    typed = _typed(seed, {key: _TEXT, value: _NUMBER}).drop_nulls()
    numbers = dict(typed.iter_rows())
    absent = sorted(set(needed) - numbers.keys())
    if absent:
        raise _broken_seed(seed_name, f"has no {', '.join(absent)}")
    return numbers


def _latest_version(seed: pl.DataFrame) -> str:
    latest = seed.sort(pl.col("changed_on").cast(_TEXT), pl.col("version").cast(_TEXT)).tail(1)
    if latest.is_empty():
        raise _broken_seed("method_version", "is empty")
    return str(latest["version"][0])


def _missing(needed: pl.Series, known: pl.Series) -> list[str]:
    return sorted(set(needed.to_list()) - set(known.to_list()))
