"""Every number of the method that is a judgement, how far it may be off, and the catalogue with some of them moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from scoring.catalogue import BandRule, Catalogue

INDICATOR_WEIGHT = "indicator_weight"
_CAPS = ("inherent_raw", "procurement", "network", "mitigation", "clean", "clean_weak_source")
_PROBABILITIES = ("probability_at_lowest_level", "probability_at_highest_level")
_SHARES = ("row_decay", "clean_reliability_share", "coached_reliability_share")
_PEERS = ("peer_prior_suppliers",)
_LEAST_WEIGHTS = ("present_weight_minimum",)
_SOURCE_COLUMNS = {
    "reliability_adverse": "reliability_adverse",
    "reliability_clean": "reliability_clean",
    "half_life": "half_life_months",
}


@dataclass(frozen=True)
class Prior:
    """One number of the method: its kind and name, its value, and by how much it may be off."""

    prior_kind: str
    name: str
    value: float
    scale: str
    spread: float
    lowest: float | None
    highest: float | None

    @property
    def prior_id(self) -> str:
        """Gives the kind and the name in one."""
        return f"{self.prior_kind}:{self.name}"

    def moved(self, deviations: float) -> float:
        """Gives the value so many spreads away: times exp(spread · deviations), or plus it for a score; bounded."""
        step = self.spread * deviations
        value = self.value + step if self.scale == "points" else self.value * float(np.exp(step))
        return min(max(value, -np.inf if self.lowest is None else self.lowest), self.highest or np.inf)


def priors(catalogue: Catalogue) -> tuple[Prior, ...]:
    """Gives every prior of the catalogue that is not zero, by kind and name."""
    spreads = {row["prior_kind"]: row for row in catalogue.prior_spreads.iter_rows(named=True)}
    found = [
        Prior(name=name, value=value, **spreads[kind])
        for kind, name, value in _values(catalogue)
        if value and kind in spreads
    ]
    return tuple(sorted(found, key=lambda prior: (prior.prior_kind, prior.name)))


def with_moved(catalogue: Catalogue, values: Mapping[str, float]) -> Catalogue:
    """Gives the catalogue with these values, by prior_id; all but the weights of indicators, which it does not hold."""
    named = {kind: _of_kind(values, kind) for kind in {prior_id.split(":")[0] for prior_id in values}}
    points = named.get("strength_points", {})
    return replace(
        catalogue,
        strengths=_replaced(catalogue.strengths, "strength", "points", points),
        indicators=_replaced(
            _replaced(catalogue.indicators, "default_strength", "own_points", points),
            "indicator_id",
            "irremediability",
            named.get("irremediability", {}),
        ),
        sources=_with_sources(catalogue.sources, named),
        caps={**catalogue.caps, **named.get("point_cap", {})},
        inherent={**catalogue.inherent, **named.get("base_probability", {}), **named.get("peer_prior", {})},
        scopes=_with_scopes(catalogue.scopes, named.get("scope", {})),
        parameters={**catalogue.parameters, **named.get("share", {}), **_parameters(named.get("least_weight", {}))},
        band_rules=tuple(_with_rule(rule, named) for rule in catalogue.band_rules),
    )


def _values(catalogue: Catalogue) -> Iterator[tuple[str, str, float]]:
    for strength, points in catalogue.strengths.select("strength", "points").iter_rows():
        yield "strength_points", strength, points
    for kind, column in _SOURCE_COLUMNS.items():
        for source, value in catalogue.sources.select("source_type", column).iter_rows():
            yield kind, source, value
    for indicator in catalogue.indicators.filter(pl.col("own_points") > 0)["indicator_id"]:
        yield INDICATOR_WEIGHT, indicator, 1.0
    yield from (("point_cap", name, catalogue.caps[name]) for name in _CAPS)
    yield from (("base_probability", name, catalogue.inherent[name]) for name in _PROBABILITIES)
    yield from (("peer_prior", name, catalogue.inherent[name]) for name in _PEERS)
    for indicator, value in catalogue.indicators.select("indicator_id", "irremediability").drop_nulls().iter_rows():
        yield "irremediability", indicator, value
    for measure, minimum, value in catalogue.scopes.select("measure", "minimum", "scope").iter_rows():
        yield "scope", _scope_name(measure, minimum), value
    yield from (("share", name, catalogue.parameters[name]) for name in _SHARES)
    yield from (("least_weight", name, catalogue.parameters[name]) for name in _LEAST_WEIGHTS)
    yield from _values_of_rules(catalogue)


def _values_of_rules(catalogue: Catalogue) -> Iterator[tuple[str, str, float]]:
    limits = {limit for rule in catalogue.band_rules for limit in (rule.score_minimum, rule.score_below)}
    yield from (("score_limit", f"{limit:g}", limit) for limit in sorted(limit for limit in limits if limit))
    for rule in catalogue.band_rules:
        if rule.weight_minimum is not None:
            yield "least_weight", rule.rule_id, rule.weight_minimum


def _of_kind(values: Mapping[str, float], kind: str) -> dict[str, float]:
    return {
        prior_id.removeprefix(f"{kind}:"): value
        for prior_id, value in values.items()
        if prior_id.startswith(f"{kind}:")
    }


def _replaced(frame: pl.DataFrame, key: str, column: str, values: Mapping[str, float]) -> pl.DataFrame:
    if not values:
        return frame
    moved = pl.col(key).replace_strict(values, default=None, return_dtype=pl.Float64)
    return frame.with_columns(pl.when(pl.col(column).is_not_null()).then(pl.coalesce(moved, column)).alias(column))


def _scope_name(measure: str, minimum: int) -> str:
    return f"{measure} {minimum}"


def _with_scopes(scopes: pl.DataFrame, values: Mapping[str, float]) -> pl.DataFrame:
    name = pl.concat_str("measure", pl.lit(" "), "minimum")
    return _replaced(scopes.with_columns(name.alias("name")), "name", "scope", values).drop("name")


def _with_sources(sources: pl.DataFrame, named: Mapping[str, Mapping[str, float]]) -> pl.DataFrame:
    for kind, column in _SOURCE_COLUMNS.items():
        sources = _replaced(sources, "source_type", column, named.get(kind, {}))
    return sources


def _parameters(values: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in values.items() if name in _LEAST_WEIGHTS}


def _with_rule(rule: BandRule, named: Mapping[str, Mapping[str, float]]) -> BandRule:
    limits, weights = named.get("score_limit", {}), named.get("least_weight", {})

    def moved(limit: float | None) -> float | None:
        return None if limit is None else limits.get(f"{limit:g}", limit)

    return replace(
        rule,
        score_minimum=moved(rule.score_minimum),
        score_below=moved(rule.score_below),
        weight_minimum=weights.get(rule.rule_id, rule.weight_minimum),
    )
