"""What is known of each indicator at each site: one of five states, with its reason (METHOD §1)."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from scoring.catalogue import Catalogue
from scoring.derived_states import derived_states
from scoring.evidence import event_weight
from scoring.keys import ABSENT, CONTRADICTED, NOT_APPLICABLE, NOT_ASSESSABLE, PRESENT, SITE, SITE_INDICATOR
from scoring.own_rules import MITIGATION
from scoring.workforce import INDICATOR as SHARE_INDICATOR
from scoring.workforce import is_share_told

_NEEDED = {
    "A03": "reports of NGOs or the media on this supplier; silence clears nothing",
    "M01": "remedy, an agreement or union access that workers verified",
    "N03": "share of migrant or agency workers",
    "W01": "ownership, agents, addresses or subcontractors",
    "W02": "labour agents",
    "Q01": "an audit and a word of workers on the same indicator in one window",
    "Q02": "a worker survey that tells enough to judge its answers by",
}
"""What an indicator needs where nothing at all is told: named once, and not for every supplier."""
_BASE_LEVELS = {"N01": ("country_level", "sector_level"), "N02": ("good_level",)}

_NO_CELL = pl.lit(-1, pl.Int64).alias("cell")
_NOTHING_MISSING = pl.lit(None, pl.String).alias("missing")
_ADVERSE_LIVE = pl.col("adverse_weight").is_not_null()
_CLEAN_LIVE = pl.col("clean_sources").is_not_null()
_LOOKED_LONG_AGO = pl.col("last_look").is_not_null()


@dataclass(frozen=True)
class Gaps:
    """What is not known and why: indicators that cannot apply, surveys that could not decide, what rules lacked.

    `not_assessable` has the columns supplier_id, site_id (empty: each site of the supplier), indicator_id and missing.
    """

    not_applicable: pl.DataFrame
    undetermined: pl.DataFrame
    not_assessable: pl.DataFrame


def site_states(
    ranked: pl.DataFrame,
    sites: pl.DataFrame,
    gaps: Gaps,
    catalogue: Catalogue,
) -> pl.DataFrame:
    """Gives a row for every site × indicator of the catalogue: state, reason, adverse_weight and clean_weight (Σ r·f).

    A clean row that workers contradict adds no weight and still makes the indicator contradicted; one too old to count
    as a look makes no state. Observations win over a claim that the indicator does not apply. What rows of other
    indicators say of contradictions and rehearsed answers goes before all else.
    """
    places = _Places(sites, catalogue)
    told = (
        *(_adverse(ranked), _clean(ranked), _mitigated(ranked), _looked_long_ago(ranked)),
        *(_reasons_not_applicable(gaps.not_applicable), _asked_in_vain(gaps.undetermined)),
        *(_named_as_missing(gaps.not_assessable, sites), derived_states(ranked, catalogue)),
    )
    numbered = [places.numbered(frame) for frame in told]
    present_minimum = catalogue.parameters["present_weight_minimum"]
    grid = _grid(sites, catalogue)
    heard = pl.concat([frame.select("cell") for frame in numbered]).unique()
    indicators = _indicators(catalogue)
    spoken = pl.concat(
        [
            grid.join(heard, on="cell", how="semi"),
            grid.filter(pl.col("missing").is_not_null()).join(heard, on="cell", how="anti"),
        ]
    )
    stated = _stated(spoken.join(indicators, on="indicator_id"), numbered, present_minimum)
    # Where nothing is told, an indicator has one state and one reason at every site: they are worded once.
    silent = _stated(indicators.with_columns(_NO_CELL, _NOTHING_MISSING), numbered, present_minimum)
    unspoken = grid.join(spoken, on="cell", how="anti").join(silent.drop("cell", "missing"), on="indicator_id")
    return pl.concat([stated, unspoken], how="diagonal").sort("cell")


def _stated(cells: pl.DataFrame, told: Iterable[pl.DataFrame], present_minimum: float) -> pl.DataFrame:
    for frame in told:
        cells = cells.join(frame, on="cell", how="left", maintain_order="left")
    return (
        cells.with_columns(_state(present_minimum).alias("state"))
        .with_columns(_reason().alias("reason"))
        .with_columns(pl.col("adverse_weight", "clean_weight").fill_null(0.0))
    )


class _Places:
    """Where a site × indicator stands in the grid: joins by one number cost a tenth of joins by three texts."""

    def __init__(self, sites: pl.DataFrame, catalogue: Catalogue) -> None:
        self._sites = sites.select(SITE).sort(SITE).with_row_index("site_number")
        self._indicators = catalogue.indicators.select("indicator_id").sort("indicator_id").with_row_index("place")

    def numbered(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Gives the frame with `cell` in place of its site and indicator."""
        cell = pl.col("site_number").cast(pl.Int64) * len(self._indicators) + pl.col("place")
        placed = frame.join(self._sites, on=SITE).join(self._indicators, on="indicator_id")
        return placed.with_columns(cell.alias("cell")).drop(*SITE_INDICATOR, "site_number", "place")


def _grid(sites: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    levels = {indicator: _missing_levels(names) for indicator, names in _BASE_LEVELS.items()}
    levels[SHARE_INDICATOR] = pl.when(is_share_told()).then(pl.lit(""))
    crossed = sites.sort(SITE).select(*SITE, **levels).join(_indicators(catalogue).select("indicator_id"), how="cross")
    missing = pl.coalesce(pl.when(pl.col("indicator_id") == name).then(pl.col(name)) for name in levels)
    return crossed.with_columns(missing.alias("missing"), pl.int_range(pl.len()).alias("cell")).drop(*levels)


def _indicators(catalogue: Catalogue) -> pl.DataFrame:
    with_sources = catalogue.indicators.join(_eligible_sources(catalogue), on="indicator_id", how="left")
    return with_sources.select(
        *("indicator_id", "own_points", "severity", "eligible_sources"),
        pl.col("kind").alias("indicator_kind"),
    ).sort("indicator_id")


def _missing_levels(names: tuple[str, ...]) -> pl.Expr:
    """Gives the missing levels as words, empty where all are known."""
    words = [pl.when(pl.col(name).is_null()).then(pl.lit(name.replace("_", " "))) for name in names]
    return pl.concat_str(words, separator=" and ", ignore_nulls=True)


def _eligible_sources(catalogue: Catalogue) -> pl.DataFrame:
    named = catalogue.eligible.join(catalogue.sources, on="source_type").sort(
        "indicator_id", "reliability_clean", "source_type", descending=[False, True, False]
    )
    return named.group_by("indicator_id", maintain_order=True).agg(
        pl.col("source_name").str.to_lowercase().str.join(", ").alias("eligible_sources")
    )


def _adverse(ranked: pl.DataFrame) -> pl.DataFrame:
    live = ranked.filter((pl.col("kind") == "adverse") & pl.col("live"))
    return event_weight(live, "adverse_weight").join(_source_names(live, "adverse_sources"), on=SITE_INDICATOR)


def _clean(ranked: pl.DataFrame) -> pl.DataFrame:
    heard = ranked.filter((pl.col("kind") == "clean") & pl.col("bears_on_state"))
    weight = event_weight(heard.filter("counted"), "clean_weight")
    return _source_names(heard, "clean_sources").join(weight, on=SITE_INDICATOR, how="left")


def _mitigated(ranked: pl.DataFrame) -> pl.DataFrame:
    live = ranked.filter(MITIGATION & pl.col("live"))
    return event_weight(live, "mitigation_weight").join(_source_names(live, "verifying_sources"), on=SITE_INDICATOR)


def _looked_long_ago(ranked: pl.DataFrame) -> pl.DataFrame:
    faded = ranked.filter((pl.col("kind") == "clean") & pl.col("live") & ~pl.col("bears_on_state"))
    return faded.group_by(SITE_INDICATOR).agg(pl.col("event_date").max().dt.year().alias("last_look"))


def _source_names(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Gives the names of the sources a site × indicator, once each and in order; a bit a source, worded once a set."""
    known = rows.select(pl.col("source_name").str.to_lowercase().unique().sort().alias("said")).with_row_index("bit")
    bits = rows.with_columns(pl.col("source_name").str.to_lowercase().alias("said")).join(known, on="said")
    sets = bits.group_by(SITE_INDICATOR).agg(pl.lit(2, pl.Int64).pow(pl.col("bit")).bitwise_or().alias("sources"))
    there = (pl.col("sources") // pl.lit(2, pl.Int64).pow(pl.col("bit"))) % 2 == 1
    worded = (
        sets.select(pl.col("sources").unique())
        .join(known, how="cross")
        .filter(there)
        .sort("sources", "bit")
        .group_by("sources")
        .agg(pl.col("said").str.join(", ").alias(name))
    )
    return sets.join(worded, on="sources").drop("sources")


def _reasons_not_applicable(not_applicable: pl.DataFrame) -> pl.DataFrame:
    reasons = pl.col("reason").unique().sort().str.join("; ").alias("not_applicable_reason")
    return not_applicable.group_by(SITE_INDICATOR).agg(reasons)


def _asked_in_vain(undetermined: pl.DataFrame) -> pl.DataFrame:
    return undetermined.select(SITE_INDICATOR).unique().with_columns(pl.lit(True).alias("asked_in_vain"))


def _named_as_missing(not_assessable: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """Gives, a site × indicator, what its rule would have needed; what a company lacks each of its sites lacks."""
    of_site = not_assessable.filter(pl.col("site_id").is_not_null())
    of_company = not_assessable.filter(pl.col("site_id").is_null()).drop("site_id")
    everywhere = of_company.join(sites.select(SITE), on="supplier_id")
    lacked = pl.col("missing").unique().sort().str.join("; ").alias("named_missing")
    return pl.concat([of_site, everywhere], how="diagonal").group_by(SITE_INDICATOR).agg(lacked)


def _state(present_minimum: float) -> pl.Expr:
    inherent = pl.col("indicator_kind") == "inherent"
    return (
        pl.when(pl.col("derived_state").is_not_null())
        .then("derived_state")
        .when(_ADVERSE_LIVE & _CLEAN_LIVE)
        .then(pl.lit(CONTRADICTED))
        .when(pl.max_horizontal("adverse_weight", "mitigation_weight") >= present_minimum)
        .then(pl.lit(PRESENT))
        .when(_CLEAN_LIVE & pl.col("not_applicable_reason").is_null())
        .then(pl.lit(ABSENT))
        .when(pl.col("not_applicable_reason").is_not_null() & ~_ADVERSE_LIVE)
        .then(pl.lit(NOT_APPLICABLE))
        .when(inherent & (pl.col("missing") == ""))
        .then(pl.lit(NOT_APPLICABLE))
        .otherwise(pl.lit(NOT_ASSESSABLE))
    )


def _reason() -> pl.Expr:
    state = pl.col("state")
    weight = pl.col("adverse_weight").round(2).cast(pl.String)
    return (
        pl.when(pl.col("derived_state").is_not_null())
        .then("derived_reason")
        .when(state == CONTRADICTED)
        .then(pl.format("reported by {}; found clean by {}", "adverse_sources", "clean_sources"))
        .when((state == PRESENT) & pl.col("mitigation_weight").is_not_null())
        .then(pl.format("verified by workers through {}", "verifying_sources"))
        .when(state == PRESENT)
        .then(pl.format("reported by {}, weight {}", "adverse_sources", weight))
        .when(state == ABSENT)
        .then(pl.format("found clean by {}", "clean_sources"))
        .when(pl.col("not_applicable_reason").is_not_null() & (state == NOT_APPLICABLE))
        .then("not_applicable_reason")
        .when(state == NOT_APPLICABLE)
        .then(pl.lit("inherent risk: it is the base of the score, not an observation"))
        .otherwise(_reason_not_assessable(weight))
    )


def _reason_not_assessable(weight: pl.Expr) -> pl.Expr:
    return (
        pl.when(_ADVERSE_LIVE)
        .then(
            pl.format(
                "what {} reported is too weak or too old to count as present, weight {}", "adverse_sources", weight
            )
        )
        .when(pl.col("missing").is_not_null())
        .then(pl.format("missing: {}; the portfolio's median stands in", "missing"))
        .when(_LOOKED_LONG_AGO)
        .then(
            pl.format(
                "last looked at in {}, too long ago to count; missing: {}",
                "last_look",
                pl.coalesce("named_missing", "eligible_sources"),
            )
        )
        .when("asked_in_vain")
        .then(pl.format("a worker survey asked and could not decide; missing: more answers, or {}", "eligible_sources"))
        .when(pl.col("named_missing").is_not_null())
        .then(pl.format("missing: {}", "named_missing"))
        .when(pl.col("indicator_id").is_in(list(_NEEDED)))
        .then(pl.format("missing: {}", pl.col("indicator_id").replace_strict(_NEEDED, default=None)))
        .when(pl.col("eligible_sources").is_not_null())
        .then(pl.format("missing: {}", "eligible_sources"))
        .when(pl.col("indicator_kind") == "context")
        .then(pl.lit("no source recorded it; nothing here could show its absence"))
        .otherwise(pl.lit("no confirmed entry or report; silence clears nothing"))
    )
