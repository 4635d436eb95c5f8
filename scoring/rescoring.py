"""The scores of the same facts under other priors, many times over: what does not change is worked out once.

Sums and ranks are done on arrays; severity, gates and the deciding rule are those of the score itself. A test holds
the outcome against scoring from the start.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from scoring.bands import deciding_rule, inherent_level, with_gates
from scoring.catalogue import WEAK_CLEAN_SOURCES, Catalogue
from scoring.evidence import SAME_EVENT, with_weight
from scoring.inherent import with_base
from scoring.keys import SITE, SITE_INDICATOR, SITE_NUMBER
from scoring.observed_cells import ObservedCells
from scoring.ranked_groups import RankedGroups
from scoring.score import Banded, Features, in_review_order, worst_sites
from scoring.severity import site_severity

Floats = npt.NDArray[np.float64]

_LOWEST, _HIGHEST = 0.0, 100.0
_DECIMALS = 9
"""Sums of other orders differ in their last bits; what is equal but for them must share a rank's tie."""


@dataclass(frozen=True)
class Standing:
    """Suppliers in the order of their ids: their band, score, and rank in the order of review from 1."""

    bands: npt.NDArray[np.object_]
    scores: Floats
    ranks: npt.NDArray[np.int64]


class Rescoring:
    """Scores the suppliers of `made` again under another catalogue of the same indicators and sources."""

    def __init__(self, made: Banded, features: Features, medians: Mapping[str, float], catalogue: Catalogue) -> None:
        self._medians, self._catalogue = medians, catalogue
        self._sites = made.sites.select(*SITE, SITE_NUMBER, *_columns_of_base(features.sites))
        self._rows = made.ranked.with_columns(
            _candidate().alias("candidate"), _age_months().alias("age_months"), _void().alias("is_void")
        ).sort(*SITE_INDICATOR, "kind", "event", "fact_id")
        candidates = self._rows["candidate"].to_numpy()
        strong_clean = ~self._rows["source_type"].is_in(WEAK_CLEAN_SOURCES) & (self._rows["kind"] == "clean")
        self._all = RankedGroups(self._rows, candidates)
        self._strong_clean = RankedGroups(self._rows, candidates & strong_clean.to_numpy())
        self._cells = ObservedCells(self._rows, features.not_applicable, self._sites, catalogue)
        gating = (pl.col("kind") == "adverse") & pl.col("live") & pl.col("severity").is_not_null()
        self._gating_rows = self._rows.select(gating).to_series().to_numpy()
        self._gating = self._rows.filter(self._gating_rows)
        self._gates: dict[bytes, pl.DataFrame] = {}

    def standing(self, catalogue: Catalogue, weights: Mapping[str, float]) -> Standing:
        """Gives bands and order under that catalogue and those weights of indicators (1 where none is given)."""
        own = _own_points(catalogue, weights)
        numbers = _moved_numbers(self._rows, catalogue, own, weights)
        sizes, weight, freshness = (numbers[name].to_numpy() for name in ("size", "weight", "freshness"))
        raw = self._raw_scores(catalogue, np.abs(sizes), own)
        leaders = self._all.leaders(np.abs(sizes))
        coverage, confidence = self._cells.coverage(catalogue, own, weight, freshness, leaders)
        measured = self._sites.with_columns(
            pl.Series("score", np.clip(raw, _LOWEST, _HIGHEST).round(_DECIMALS)),
            pl.Series("coverage", coverage),
            pl.Series("confidence", confidence),
        )
        return _standing(self._with_gates(measured, catalogue, weight), catalogue)

    def _raw_scores(self, catalogue: Catalogue, sizes: Floats, own: Mapping[str, float]) -> Floats:
        caps, decay, count = catalogue.caps, catalogue.parameters["row_decay"], len(self._sites)
        base = with_base(self._sites, self._medians, catalogue.inherent, catalogue.shares)["base"].to_numpy()
        sums = self._all.sums(sizes, decay)
        total = np.minimum(base, caps["inherent_raw"])
        adverse = self._all.is_kind("adverse")
        for kind in ("procurement", "network"):
            of_kind = adverse & self._all.is_indicator_kind(kind)
            total += np.minimum(self._all.by_site(sums, of_kind, count), caps[kind])
            adverse = adverse & ~of_kind
        total += self._all.by_site(sums, adverse, count)
        total += np.maximum(-self._all.by_site(sums, self._all.is_kind("mitigation"), count), caps["mitigation"])
        alone_groups = self._strong_clean
        alone = alone_groups.credit(alone_groups.sums(sizes, decay), own, count)
        weak = np.maximum(self._all.credit(sums, own, count) - alone, caps["clean_weak_source"])
        return np.asarray(total + np.maximum(alone + weak, caps["clean"]), dtype=np.float64)

    def _with_gates(self, measured: pl.DataFrame, catalogue: Catalogue, weight: Floats) -> pl.DataFrame:
        """Adds severity and gates; those of the last weights are kept, as most priors do not touch them."""
        present_minimum = catalogue.parameters["present_weight_minimum"]
        moved = weight[self._gating_rows].round(_DECIMALS)
        rules = [rule.weight_minimum or 0.0 for rule in catalogue.band_rules]
        severity = (*catalogue.indicators["irremediability"].fill_null(0.0), *catalogue.scopes["scope"])
        key = moved.tobytes() + np.array([present_minimum, *rules, *severity]).tobytes()
        if key not in self._gates:
            rows = self._gating.with_columns(pl.Series("weight", weight[self._gating_rows]))
            graded = self._sites.select(SITE_NUMBER).join(
                site_severity(rows, catalogue), on=SITE_NUMBER, how="left", maintain_order="left"
            )
            opened = with_gates(graded, rows, catalogue, present_minimum)
            self._gates = {key: opened}
        return measured.join(self._gates[key], on=SITE_NUMBER, how="left", maintain_order="left")


def _columns_of_base(sites: pl.DataFrame) -> list[str]:
    return [name for name in sites.columns if name not in SITE]


def _candidate() -> pl.Expr:
    return pl.col("set_aside").is_null() | (pl.col("set_aside") == SAME_EVENT)


def _void() -> pl.Expr:
    """Says of which rows the score believes nothing though it believes their source: audits that workers contradict."""
    return (pl.col("kind") == "clean") & (pl.col("reliability") == 0) & (pl.col("reliability_clean") > 0)


def _age_months() -> pl.Expr:
    """Gives the age from what is left: freshness = ½^(age / half-life)."""
    return -pl.col("freshness").log(2) * pl.col("half_life_months")


def _own_points(catalogue: Catalogue, weights: Mapping[str, float]) -> dict[str, float]:
    points = catalogue.indicators.select("indicator_id", pl.col("own_points").fill_null(0.0)).iter_rows()
    return {indicator: value * weights.get(indicator, 1.0) for indicator, value in points}


def _moved_numbers(
    rows: pl.DataFrame, catalogue: Catalogue, own: Mapping[str, float], weights: Mapping[str, float]
) -> pl.DataFrame:
    """Gives size, weight and freshness of each row, reckoned by `scoring.evidence` from the moved seeds."""
    sources, strengths = catalogue.sources, catalogue.strengths
    half_life = _seed_value("source_type", "half_life_months", sources)
    moved = rows.with_columns(
        _seed_value("source_type", "reliability_adverse", sources),
        pl.when("is_void")
        .then(0.0)
        .otherwise(_seed_value("source_type", "reliability_clean", sources))
        .alias("reliability_clean"),
        _seed_value("strength", "points", strengths),
        pl.when(pl.col("own_points").is_not_null()).then(_value(pl.col("indicator_id"), own)).alias("own_points"),
        (0.5 ** (pl.col("age_months") / half_life)).alias("freshness"),
    )
    adverse = pl.col("kind") == "adverse"
    factor = pl.when(adverse).then(pl.col("indicator_id").replace_strict(dict(weights), default=1.0)).otherwise(1.0)
    return with_weight(moved, catalogue).select((pl.col("size") * factor).alias("size"), "weight", "freshness")


def _seed_value(key: str, value: str, seed: pl.DataFrame) -> pl.Expr:
    return _value(pl.col(key), dict(seed.select(key, value).iter_rows())).alias(value)


def _value(key: pl.Expr, values: Mapping[str, float]) -> pl.Expr:
    return key.replace_strict(dict(values), default=None, return_dtype=pl.Float64)


def _standing(gated: pl.DataFrame, catalogue: Catalogue) -> Standing:
    bands = {rule.rule_id: rule.band for rule in catalogue.band_rules}
    decided = gated.with_columns(
        deciding_rule(catalogue).replace_strict(bands, return_dtype=pl.String).alias("band"),
        inherent_level(catalogue).alias("inherent_level"),
    )
    ordered = in_review_order(worst_sites(decided))
    return Standing(ordered["band"].to_numpy(), ordered["score"].to_numpy(), ordered["review_rank"].to_numpy())
