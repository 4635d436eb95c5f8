"""How much of what could be known is known, and how far to trust it (METHOD §3)."""

import polars as pl

from scoring.catalogue import Catalogue
from scoring.keys import NOT_APPLICABLE, NOT_ASSESSABLE, OBSERVED, SITE, SITE_INDICATOR

SURVEY = "offsite_survey"
ORDERABLE_SOURCES = (SURVEY, "unannounced_audit", "field_visit")
_NAMED = 2


def site_coverage(states: pl.DataFrame, ranked: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives coverage and confidence (0–1) a site.

    Coverage = Σ points of observed indicators / Σ points of applicable ones. An indicator that no kind of source could
    ever clear enters only once it is observed; one worth no points enters neither figure.
    Confidence = √(coverage × mean over observed indicators of Σ r·f·decay^(j−1), at most 1): the further a row stands
    behind others of its indicator, the less independent it is taken to be.
    """
    observed = pl.col("state").is_in(OBSERVED)
    knowable = (pl.col("state") != NOT_APPLICABLE) & (pl.col("eligible_sources").is_not_null() | observed)
    points = pl.col("own_points").fill_null(0.0)
    summed = (
        states.join(_trust(ranked, catalogue.parameters["row_decay"]), on=SITE_INDICATOR, how="left")
        .sort(SITE_INDICATOR)
        .group_by(SITE, maintain_order=True)
        .agg(
            points.filter(observed & knowable).sum().alias("observed_points"),
            points.filter(knowable).sum().alias("knowable_points"),
            pl.col("trust").filter(observed & pl.col("own_points").is_not_null()).fill_null(0.0).mean().alias("trust"),
        )
    )
    share = pl.col("observed_points") / pl.col("knowable_points")
    covered = summed.with_columns(pl.when(pl.col("knowable_points") > 0).then(share).otherwise(0.0).alias("coverage"))
    return covered.select(
        *SITE, "coverage", (pl.col("coverage") * pl.col("trust").fill_null(0.0)).sqrt().alias("confidence")
    )


def next_best_facts(states: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives, a site, the one thing to collect: the orderable source that would show most of the points not known.

    A survey is not proposed for what a survey could not decide. Sites where no source would add anything have no row.
    """
    unknown = states.filter((pl.col("state") == NOT_ASSESSABLE) & pl.col("own_points").is_not_null()).join(
        catalogue.indicators.select("indicator_id", "name"), on="indicator_id"
    )
    asked_in_vain = (pl.col("source_type") == SURVEY) & pl.col("asked_in_vain").fill_null(False)
    askable = catalogue.eligible.filter(pl.col("source_type").is_in(ORDERABLE_SOURCES)).join(
        catalogue.sources.select("source_type", "source_name", "reliability_clean"), on="source_type"
    )
    gains = (
        unknown.join(askable, on="indicator_id")
        .filter(~asked_in_vain)
        .sort(
            *SITE,
            "source_type",
            "own_points",
            "severity",
            "indicator_id",
            descending=[False] * 3 + [True] * 2 + [False],
        )
        .group_by([*SITE, "source_type", "source_name", "reliability_clean"], maintain_order=True)
        .agg(pl.col("own_points").sum(), _first_named())
    )
    best = gains.sort(
        *SITE, "own_points", "reliability_clean", "source_type", descending=[False, False, True, True, False]
    ).unique(SITE, keep="first", maintain_order=True)
    return best.select(*SITE, pl.format("{}: would show {}", "source_name", "indicators").alias("next_best_fact"))


def _first_named() -> pl.Expr:
    """Gives the first indicators of a group by name, and how many more there are, as "a, b and 8 more"."""
    name = pl.col("name")
    said = pl.format("{}{} ({})", name.str.slice(0, 1).str.to_lowercase(), name.str.slice(1), "indicator_id")
    more = pl.format("{} more", pl.len() - _NAMED)
    first = said.head(_NAMED).str.join(", ")
    last_of_few = said.slice(_NAMED, 1).first()
    return (
        pl.when(pl.len() == 1)
        .then(said.first())
        .when(pl.len() == _NAMED)
        .then(said.str.join(" and "))
        .otherwise(pl.format("{} and {}", first, pl.when(pl.len() == _NAMED + 1).then(last_of_few).otherwise(more)))
        .alias("indicators")
    )


def _trust(ranked: pl.DataFrame, row_decay: float) -> pl.DataFrame:
    rows = ranked.filter("counted").sort(*SITE_INDICATOR, "weight", "fact_id", descending=[False] * 3 + [True, False])
    behind = pl.int_range(pl.len()).over(SITE_INDICATOR).cast(pl.Float64)
    weighed = rows.with_columns((pl.col("weight") * row_decay**behind).alias("trust"))
    return weighed.group_by(SITE_INDICATOR, maintain_order=True).agg(pl.col("trust").sum().clip(upper_bound=1.0))
