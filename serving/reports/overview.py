"""What the report says about all suppliers together: bands, ranking, where they are, what is known."""

import math
from collections.abc import Sequence
from typing import Any

import polars as pl

from serving.explanation.rows import names_of
from serving.explanation.sentences import contradiction_sentence
from serving.language import Language
from serving.reports.published import Published
from serving.reports.words import ACTION_BANDS, BANDS, INDICATOR_FAMILIES, NOT_KNOWN, OBSERVED, STATES

Row = dict[str, Any]

ACTION_LIMIT = 40
RANKING_LIMIT = 500
CONTRADICTION_LIMIT = 100
MATCH_LIMIT = 100
_COUNTRY_LIMIT = 12
_PLACE = ["supplier_id", "site_id", "indicator_id"]
_SECTOR_LIMIT = 8
OTHER = "all others"
ABOUT = (
    *("supplier_id", "name", "country_code", "sector_label", "is_natural_person", "parent_supplier_id"),
    "source_ids",
)
"""Columns of `dim_supplier` that stand beside a score."""


def suppliers_in_order(published: Published) -> pl.DataFrame:
    """Gives one row a supplier with name, place, sector and score, in the order in which to look at them."""
    about = published.table("dim_supplier").select(ABOUT)
    scores = published.table("supplier_score").join(about, on="supplier_id", how="left")
    return scores.with_columns(_is_contested(published)).sort("review_rank", "supplier_id").collect()


def band_counts(suppliers: pl.DataFrame) -> dict[str, int]:
    """Gives band → number of suppliers, for each of the six bands in their order."""
    counts = dict(suppliers.group_by("band").len().iter_rows())
    return {band: counts.get(band, 0) for band in BANDS}


def needing_action(suppliers: pl.DataFrame) -> pl.DataFrame:
    """Gives the suppliers of the bands Critical and High, in order."""
    return suppliers.filter(pl.col("band").is_in(ACTION_BANDS))


def matrix(suppliers: pl.DataFrame) -> Row:
    """Gives country × sector with, in each cell, how many suppliers there are and how many need action.

    Countries and sectors with most suppliers have a row or column of their own; the rest share one.
    """
    named = suppliers.select(
        pl.col("country_code").fill_null(NOT_KNOWN).alias("country"),
        pl.col("sector_label").fill_null(NOT_KNOWN).alias("sector"),
        pl.col("band").is_in(ACTION_BANDS).alias("acute"),
    )
    countries, sectors = _largest(named["country"], _COUNTRY_LIMIT), _largest(named["sector"], _SECTOR_LIMIT)
    grouped = named.with_columns(_or_other("country", countries), _or_other("sector", sectors))
    cells = {
        (country, sector): {"suppliers": count, "acute": acute, "shade": _shade(acute, count)}
        for country, sector, count, acute in grouped.group_by("country", "sector")
        .agg(pl.len(), pl.col("acute").sum())
        .iter_rows()
    }
    return {
        "countries": [name for name in (*countries, OTHER) if name in set(grouped["country"])],
        "sectors": [name for name in (*sectors, OTHER) if name in set(grouped["sector"])],
        "cells": cells,
        "other_countries": named["country"].n_unique() - len(countries),
        "other_sectors": named["sector"].n_unique() - len(sectors),
    }


def contradictions(published: Published, suppliers: pl.DataFrame) -> pl.DataFrame:
    """Gives site and indicator where adverse and clean facts both bear on the state, in the order of the suppliers.

    Only sources whose word still stands are named.
    """
    found = published.table("supplier_indicator").filter(pl.col("state") == "contradicted").collect()
    spoken = (
        published.table("score_evidence")
        .filter(pl.col("kind").is_in(["adverse", "clean"]) & pl.col("bears_on_state"))
        .group_by("supplier_id", "site_id", "indicator_id", "kind")
        .agg(pl.col("source_type").drop_nulls().unique().sort(), pl.col("contested").any())
        .collect()
    )
    contested = spoken.filter("contested").select(*_PLACE, pl.lit(value=True).alias("contested")).unique()
    spoken = spoken.drop("contested")
    for kind in ("adverse", "clean"):
        voices = spoken.filter(pl.col("kind") == kind).drop("kind").rename({"source_type": f"{kind}_voices"})
        found = found.join(voices, on=_PLACE, how="left")
    found = found.join(contested, on=_PLACE, how="left").with_columns(pl.col("contested").fill_null(value=False))
    named = found.join(suppliers.select("supplier_id", "name", "band", "review_rank"), on="supplier_id", how="left")
    return named.sort("review_rank", "site_id", "indicator_id")


def about_contradictions(published: Published, suppliers: pl.DataFrame, speech: Language) -> Row:
    """Gives where an audit found clean what workers report, in sentences, and all sites with facts on both sides.

    `audit_contradictions` are the former, by the order of their suppliers; `contradictions` the latter.
    """
    states = contradictions(published, suppliers)
    about = suppliers.select("supplier_id", "name", "band", "review_rank")
    told = published.table("supplier_contradiction").collect().join(about, on="supplier_id", how="left")
    told = told.sort("review_rank", "contradiction_id")
    indicators = names_of(published, "indicator", "indicator_id")
    return {
        "audit_contradiction_count": told.height,
        "audit_contradictions": [
            {**row, "told": contradiction_sentence(row, indicators, speech)}
            for row in told.head(CONTRADICTION_LIMIT).iter_rows(named=True)
        ],
        "contradiction_count": states.height,
        "contradictions": states.head(CONTRADICTION_LIMIT).to_dicts(),
    }


def possible_matches(published: Published, suppliers: pl.DataFrame) -> pl.DataFrame:
    """Gives the list matches that nobody confirmed, by the order of their suppliers."""
    possible = published.table("fct_list_match").filter(pl.col("match_status") == "possible").collect()
    named = possible.join(suppliers.select("supplier_id", "name", "review_rank"), on="supplier_id", how="left")
    return named.sort("review_rank", "match_id")


def new_hits(published: Published, suppliers: pl.DataFrame) -> pl.DataFrame:
    """Gives the list matches that the publication before did not have, those that may decide a band first."""
    new = published.table("fct_list_match").filter(pl.col("is_new")).collect()
    named = new.join(suppliers.select("supplier_id", "name", "review_rank"), on="supplier_id", how="left")
    return named.sort("gates", "review_rank", "match_id", descending=[True, False, False])


def states_of_indicators(published: Published) -> list[Row]:
    """Gives, for each indicator, how many sites are in each state and what is most often missing."""
    states = published.table("supplier_indicator")
    counts = {
        (indicator, state): count
        for indicator, state, count in states.group_by("indicator_id", "state").len().collect().iter_rows()
    }
    missing = dict(
        states.filter(pl.col("state") == "not assessable")
        .group_by("indicator_id", "reason")
        .len()
        .sort(["indicator_id", "len", "reason"], descending=[False, True, False])
        .unique("indicator_id", keep="first", maintain_order=True)
        .select("indicator_id", "reason")
        .collect()
        .iter_rows()
    )
    return [
        {
            **indicator,
            "states": {state: counts.get((indicator["indicator_id"], state), 0) for state in STATES},
            "missing": missing.get(indicator["indicator_id"]),
        }
        for indicator in sorted(published.table("indicator").collect().to_dicts(), key=_reading_order)
    ]


def coverage(suppliers: pl.DataFrame) -> Row:
    """Gives the median coverage and how many suppliers lie below the 30 % under which a band is Unknown."""
    return {
        "median": suppliers["coverage"].median() if suppliers.height else None,
        "thin": suppliers.filter(pl.col("coverage") < 0.3).height,
    }


def observations(published: Published) -> Row:
    """Gives how many suppliers have no observation at all, or only such as count for no state, and how old those are.

    `half_before`: of the latter, half were last observed in that year or before; None where there are none.
    """
    facts = published.table("score_evidence").filter(pl.col("kind").is_in(["adverse", "clean"]))
    last = facts.group_by("supplier_id").agg(pl.col("event_date").max().dt.year().alias("last_year"))
    known = published.table("supplier_indicator").filter(pl.col("state").is_in(OBSERVED)).select("supplier_id").unique()
    suppliers = published.table("supplier_score").select("supplier_id")
    unobserved = suppliers.join(known, on="supplier_id", how="anti").join(
        last, on="supplier_id", how="left", coalesce=True
    )
    told = unobserved.join(facts.select("supplier_id").unique(), on="supplier_id", how="semi").collect()
    median = told["last_year"].median()
    return {
        "nothing": unobserved.select(pl.len()).collect().item() - told.height,
        "faded": told.height,
        "half_before": math.ceil(median) if isinstance(median, float) else None,
    }


def survey_note(published: Published, speech: Language) -> str | None:
    """Gives what is to be said where no worker was heard; nothing where surveys bear on the scores."""
    if published.rows("fct_survey_indicator"):
        return None
    given = [entry for entry in published.manifest["inputs"] if entry["sensitivity"] == "restricted"]
    if given:
        return speech.text(
            "Worker surveys were given, but none has yet a closed wave with enough answers to speak for a site. "
            "What only workers can tell is therefore not assessable here; it is not clean."
        )
    return speech.text(
        "No worker survey was given to this run. What only workers can tell is therefore not assessable here; "
        "it is not clean."
    )


def _is_contested(published: Published) -> pl.Expr:
    """Gives whether a row of evidence of the supplier is contested."""
    contested = published.table("score_evidence").filter("contested").select("supplier_id").unique().collect()
    return pl.col("supplier_id").is_in(contested["supplier_id"].implode()).alias("is_contested")


def _reading_order(indicator: Row) -> tuple[int, str]:
    family = INDICATOR_FAMILIES.find(indicator["indicator_id"][0])
    return (family if family >= 0 else len(INDICATOR_FAMILIES), indicator["indicator_id"])


def _largest(values: pl.Series, limit: int) -> list[str]:
    counts = values.value_counts(sort=False).sort(["count", values.name], descending=[True, False])
    names = [str(name) for name in counts[values.name]]
    return names if len(names) <= limit + 1 else names[:limit]


def _or_other(column: str, kept: Sequence[str]) -> pl.Expr:
    return pl.when(pl.col(column).is_in(kept)).then(column).otherwise(pl.lit(OTHER)).alias(column)


def _shade(acute: int, suppliers: int) -> int:
    """Gives 0 (none) to 4: how large a share needs action."""
    share = acute / suppliers
    return 0 if acute == 0 else 1 + sum(share >= step for step in (0.1, 0.25, 0.5))
