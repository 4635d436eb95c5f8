"""The limits of the method, each a row of evidence of its own, so that rows always add up to the raw score."""

import polars as pl

from scoring.catalogue import WEAK_CLEAN_SOURCES, Catalogue
from scoring.evidence import ranked_rows
from scoring.keys import CELL, SITE_NUMBER
from scoring.ranked_groups import added_in_order, starts_of

_CAPPED_KINDS = ("procurement", "network")
_NEEDED = [SITE_NUMBER, CELL, "kind", "indicator_kind", "source_type", "event_number", "size", "set_aside"]
_COLUMNS = [SITE_NUMBER, "indicator_id", "row_name", "contribution", "description"]


def cap_rows(weighed: pl.DataFrame, ranked: pl.DataFrame, sites: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives the cap rows of all sites: site_number, indicator_id (NULL where it spans several), row_name, contribution.

    `weighed` are the rows before ranking, `ranked` the same after it, `sites` carry their base.
    """
    counted = ranked.select(*_NEEDED, "contribution", "rank", "counted").filter("counted")
    frames = [
        _inherent_cap(sites, catalogue.caps["inherent_raw"]),
        *(_kind_cap(counted, kind, catalogue.caps[kind]) for kind in _CAPPED_KINDS),
        _mitigation_cap(counted, catalogue.caps["mitigation"]),
        *_clean_caps(weighed, counted, catalogue),
    ]
    return pl.concat([frame.select(_COLUMNS) for frame in frames]).with_columns(pl.lit("cap").alias("kind"))


def _row(
    name: str | pl.Expr, contribution: pl.Expr, description: str, indicator: pl.Expr | None = None
) -> list[pl.Expr]:
    return [
        pl.col(SITE_NUMBER),
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


def _kind_cap(counted: pl.DataFrame, kind: str, limit: float) -> pl.DataFrame:
    rows = counted.filter((pl.col("kind") == "adverse") & (pl.col("indicator_kind") == kind))
    total = _total(rows).filter(pl.col("total") > limit)
    return total.select(_row(f"cap:{kind}", limit - pl.col("total"), f"Facts of {kind} give at most {limit:g} points"))


def _mitigation_cap(counted: pl.DataFrame, limit: float) -> pl.DataFrame:
    """Limits the sum of all kinds, so that neither their order nor losing one can take more off."""
    total = _total(counted.filter(pl.col("kind") == "mitigation")).filter(pl.col("total") < limit)
    text = f"Mitigation takes off at most {-limit:g} points"
    return total.select(_row("cap:mitigation", limit - pl.col("total"), text))


def _clean_caps(weighed: pl.DataFrame, counted: pl.DataFrame, catalogue: Catalogue) -> list[pl.DataFrame]:
    """Limits clean credit by indicator, then that of weak sources, then all of it.

    What weak sources add is the credit of all rows less the credit that the other rows give alone: so taking a weak row
    away can never raise the credit that is left.
    """
    is_clean = pl.col("kind") == "clean"
    others = weighed.select(_NEEDED).filter(is_clean & ~pl.col("source_type").is_in(WEAK_CLEAN_SOURCES))
    others_alone = ranked_rows(others, catalogue.parameters["row_decay"]).filter("counted")
    by_indicator = _limited_by_indicator(counted.filter(is_clean), catalogue)
    alone = _added(_limited_by_indicator(others_alone, catalogue), SITE_NUMBER, "limited").rename(
        {"total": "total_alone"}
    )
    by_site = (
        _added(by_indicator, SITE_NUMBER, "limited")
        .join(alone.drop(CELL), on=SITE_NUMBER, how="left")
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


def _limited_by_indicator(clean: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives a row a cell in its order: total, limited (no larger than the points of the indicator), site, indicator."""
    ids, points = (catalogue.indicators[name] for name in ("indicator_id", "own_points"))
    place = pl.col(CELL) % len(ids)
    return (
        _added(_in_rank_order(clean), CELL, "contribution")
        .with_columns(pl.lit(ids).gather(place).alias("indicator_id"))
        .with_columns(pl.max_horizontal("total", -pl.lit(points.fill_null(0.0)).gather(place)).alias("limited"))
    )


def _total(rows: pl.DataFrame) -> pl.DataFrame:
    return _added(_in_rank_order(rows), SITE_NUMBER, "contribution")


def _in_rank_order(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort(CELL, "rank")


def _added(rows: pl.DataFrame, key: str, column: str) -> pl.DataFrame:
    """Gives the site, the cell of its first row and the total of each run of equal keys, in the order of the rows."""
    starts = starts_of(rows[key].to_numpy())
    total = added_in_order(rows[column].to_numpy(), starts)
    return rows.select(SITE_NUMBER, CELL)[pl.Series(starts)].with_columns(pl.Series("total", total))
