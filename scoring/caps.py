"""The limits of the method, each a row of evidence of its own, so that rows always add up to the raw score."""

import polars as pl

from scoring.catalogue import WEAK_CLEAN_SOURCES, Catalogue
from scoring.evidence import ranked_rows
from scoring.keys import SITE, SITE_INDICATOR

_CAPPED_KINDS = ("procurement", "network")
_COLUMNS = [*SITE, "indicator_id", "row_name", "contribution", "description"]


def cap_rows(weighed: pl.DataFrame, ranked: pl.DataFrame, sites: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives the cap rows of all sites: site, indicator_id (NULL where it spans several), row_name, contribution.

    `weighed` are the rows before ranking, `ranked` the same after it, `sites` carry their base.
    """
    frames = [
        _inherent_cap(sites, catalogue.caps["inherent_raw"]),
        *(_kind_cap(ranked, kind, catalogue.caps[kind]) for kind in _CAPPED_KINDS),
        _mitigation_cap(ranked, catalogue.caps["mitigation"]),
        *_clean_caps(weighed, ranked, catalogue),
    ]
    return pl.concat([frame.select(_COLUMNS) for frame in frames]).with_columns(pl.lit("cap").alias("kind"))


def _row(
    name: str | pl.Expr, contribution: pl.Expr, description: str, indicator: pl.Expr | None = None
) -> list[pl.Expr]:
    return [
        *(pl.col(key) for key in SITE),
        (pl.lit(None, pl.String) if indicator is None else indicator).alias("indicator_id"),
        (pl.lit(name) if isinstance(name, str) else name).alias("row_name"),
        contribution.alias("contribution"),
        pl.lit(description).alias("description"),
    ]


def _inherent_cap(sites: pl.DataFrame, limit: float) -> pl.DataFrame:
    text = f"Inherent risk together gives at most {limit:g} points"
    return sites.filter(pl.col("base") > limit).select(
        _row("cap:inherent", limit - pl.col("base"), text, pl.lit("N01"))
    )


def _kind_cap(ranked: pl.DataFrame, kind: str, limit: float) -> pl.DataFrame:
    rows = ranked.filter((pl.col("kind") == "adverse") & (pl.col("indicator_kind") == kind) & pl.col("counted"))
    total = _total(rows, SITE).filter(pl.col("total") > limit)
    return total.select(_row(f"cap:{kind}", limit - pl.col("total"), f"Facts of {kind} give at most {limit:g} points"))


def _mitigation_cap(ranked: pl.DataFrame, limit: float) -> pl.DataFrame:
    """Limits the sum of all kinds, so that neither their order nor losing one can take more off."""
    rows = ranked.filter((pl.col("kind") == "mitigation") & pl.col("counted"))
    total = _total(rows, SITE).filter(pl.col("total") < limit)
    text = f"Mitigation takes off at most {-limit:g} points"
    return total.select(_row("cap:mitigation", limit - pl.col("total"), text))


def _clean_caps(weighed: pl.DataFrame, ranked: pl.DataFrame, catalogue: Catalogue) -> list[pl.DataFrame]:
    """Limits clean credit by indicator, then that of weak sources, then all of it.

    What weak sources add is the credit of all rows less the credit that the other rows give alone: so taking a weak row
    away can never raise the credit that is left.
    """
    clean = ranked.filter(_counts_as_clean())
    others = weighed.filter((pl.col("kind") == "clean") & ~pl.col("source_type").is_in(WEAK_CLEAN_SOURCES))
    others_alone = ranked_rows(others, catalogue.parameters["row_decay"]).filter(_counts_as_clean())
    by_indicator = _limited_by_indicator(clean)
    by_site = (
        _total(by_indicator, SITE, "limited")
        .join(_total(_limited_by_indicator(others_alone), SITE, "limited"), on=SITE, how="left", suffix="_alone")
        .with_columns(pl.col("total_alone").fill_null(0.0))
        .with_columns((pl.col("total") - pl.col("total_alone")).alias("weak"))
    )
    weak_limit, limit = catalogue.caps["clean_weak_source"], catalogue.caps["clean"]
    weak_excess = (weak_limit - pl.col("weak")).clip(lower_bound=0.0)
    excess = (limit - pl.col("total") - weak_excess).clip(lower_bound=0.0)
    return [
        by_indicator.filter(pl.col("limited") > pl.col("total")).select(
            _row(
                pl.concat_str(pl.lit("cap:clean_"), "indicator_id"),
                pl.col("limited") - pl.col("total"),
                "Clean credit is never larger than the points of the indicator",
                pl.col("indicator_id"),
            )
        ),
        by_site.filter(weak_excess > 0).select(
            _row(
                "cap:clean_weak_source",
                weak_excess,
                f"Announced audits and self-assessments together take off at most {-weak_limit:g} points",
            )
        ),
        by_site.filter(excess > 0).select(
            _row("cap:clean", excess, f"All clean rows together take off at most {-limit:g} points")
        ),
    ]


def _counts_as_clean() -> pl.Expr:
    return (pl.col("kind") == "clean") & pl.col("counted")


def _limited_by_indicator(clean: pl.DataFrame) -> pl.DataFrame:
    own = clean.group_by(SITE_INDICATOR).agg(pl.col("own_points").first().fill_null(0.0))
    total = _total(clean, SITE_INDICATOR).join(own, on=SITE_INDICATOR)
    return total.with_columns(pl.max_horizontal("total", -pl.col("own_points")).alias("limited")).sort(SITE_INDICATOR)


def _total(rows: pl.DataFrame, keys: list[str], column: str = "contribution") -> pl.DataFrame:
    ordered = rows.sort(*SITE_INDICATOR, *(["rank", "fact_id"] if "fact_id" in rows.columns else []))
    return ordered.group_by(keys, maintain_order=True).agg(pl.col(column).sum().alias("total"))
