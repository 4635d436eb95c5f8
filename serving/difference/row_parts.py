"""Splits the change of each row of evidence into what changed of the row itself and what follows from other rows."""

import polars as pl

from serving.difference.reading import TwoRuns
from serving.difference.tags import AGEING, CORRECTION, LIST_CHANGE, METHOD_CHANGE, NEW_EVIDENCE, VERDICT, parts_of

_LIST_TABLE = "fct_list_match"
_EXPOSURE = "W01"
_UNCONFIRMED = "neither an identifier nor a person confirmed the match"
_PUT_RIGHT = "workers verified that it was put right"
_OBJECTION_UPHELD = "objection upheld on "
_NOISE = 1e-12  # what is left of two floats that ought to be the same


def parts_of_facts(rows: pl.DataFrame, runs: TwoRuns) -> pl.DataFrame:
    """Gives the parts of facts that both runs have: quality (points · r), freshness, and place among the other rows.

    A contribution is points · r · f · place, where place is the share left by rank, or 0 where the row does not count.
    The three parts take one factor after the other from before to after, so that they add up to the whole change. A
    place that changed has no tag of its own: other rows moved it.
    """
    factors = rows.with_columns(*_factors("", _is_adverse()), *_factors("_after", _is_adverse())).with_columns(
        _place(""), _place("_after")
    )
    quality = (pl.col("quality_after") - pl.col("quality")) * pl.col("freshness") * pl.col("place")
    freshness = pl.col("quality_after") * (pl.col("freshness_after") - pl.col("freshness")) * pl.col("place")
    change = pl.col("contribution_after") - pl.col("contribution")
    split = factors.with_columns(quality.alias("by_quality"), freshness.alias("by_freshness")).with_columns(
        (change - pl.col("by_quality") - pl.col("by_freshness")).alias("by_place")
    )
    text = pl.coalesce("description_after", "description")
    return pl.concat(
        parts_of(
            split.filter(pl.col(points).abs() > _NOISE).with_columns(
                tag.alias("tag"),
                pl.col(points).alias("points"),
                pl.concat_str(text, pl.lit(f" ({what})")).alias("what"),
                pl.coalesce("evidence_id_after", "evidence_id").alias("evidence_id"),
            )
        )
        for points, tag, what in (
            ("by_quality", _tag_of_quality(runs), "its points or the trust in its source changed"),
            ("by_freshness", _tag_of_freshness(runs), "it is older"),
            ("by_place", _tag_of_place(), "its place among the rows of the indicator changed"),
        )
    )


def _factors(suffix: str, adverse: pl.Expr) -> list[pl.Expr]:
    points = pl.col(f"points{suffix}").fill_null(0.0)
    reliability = pl.when(adverse).then(pl.col(f"reliability{suffix}").fill_null(0.0)).otherwise(1.0)
    return [(points * reliability).alias(f"quality{suffix}"), pl.col(f"freshness{suffix}").fill_null(0.0)]


def _is_adverse() -> pl.Expr:
    # the points of a clean row hold the trust in its source already (METHOD §2)
    return pl.col("kind") == "adverse"


def _place(suffix: str) -> pl.Expr:
    size = pl.col(f"quality{suffix}") * pl.col(f"freshness{suffix}")
    share = pl.col(f"contribution{suffix}") / size
    return pl.when(size != 0.0).then(share).otherwise(0.0).alias(f"place{suffix}")


def _tag_of_quality(runs: TwoRuns) -> pl.Expr:
    otherwise = CORRECTION if runs.is_same_method else METHOD_CHANGE
    return (
        pl.when(_is_of_a_list())
        .then(pl.lit(LIST_CHANGE))
        # exposure is reckoned anew in each run: it moves because ties or other companies' cases did
        .when((pl.col("indicator_id") == _EXPOSURE) & runs.is_same_method)
        .then(pl.lit(NEW_EVIDENCE))
        .otherwise(pl.lit(otherwise))
    )


def _tag_of_freshness(runs: TwoRuns) -> pl.Expr:
    another_state = pl.col("in_force").ne_missing(pl.col("in_force_after"))
    another_day = pl.col("event_date").ne_missing(pl.col("event_date_after"))
    unmoved = AGEING if not runs.is_same_day else CORRECTION if runs.is_same_method else METHOD_CHANGE
    return (
        pl.when(_is_of_a_list() & (another_state | another_day | pl.lit(runs.is_same_day)))
        .then(pl.lit(LIST_CHANGE))
        .when(another_day)
        .then(pl.lit(CORRECTION))
        .otherwise(pl.lit(unmoved))
    )


def _tag_of_place() -> pl.Expr:
    """Gives the tag where the row itself was set aside or taken back; none where other rows moved it."""

    def was_or_is(reason: str) -> pl.Expr:
        before, after = (
            pl.col(name).fill_null("").str.starts_with(reason) for name in ("set_aside", "set_aside_after")
        )
        return before != after

    return (
        pl.when(was_or_is(_UNCONFIRMED) | was_or_is(_OBJECTION_UPHELD))
        .then(pl.lit(VERDICT))
        .when(was_or_is(_PUT_RIGHT))
        .then(pl.lit(NEW_EVIDENCE))
        .otherwise(pl.lit(None, pl.String))
    )


def _is_of_a_list() -> pl.Expr:
    return pl.coalesce("source_table_after", "source_table").eq_missing(pl.lit(_LIST_TABLE))
