"""The classes that leave the store: on exact counts or, where those of a wave are protected, on counts with noise."""

from collections.abc import Mapping
from dataclasses import replace

import duckdb
import polars as pl

from ingest.releases.class_rule import PROTECTED, class_decay
from ingest.releases.noise import class_noise_of
from ingest.releases.wave_kinds import with_kinds
from ingest.survey_classes import SurveyRule, decide_classes


def decide_cells(
    store: duckdb.DuckDBPyConnection,
    cells: pl.DataFrame,
    rule: SurveyRule,
    thresholds: pl.DataFrame,
    key: bytes,
    counted_in: Mapping[str, int],
) -> pl.DataFrame:
    """Gives the undecided cells with their `class` and the `class_kind` of their wave.

    `key`: the secret from which noise is drawn. `counted_in`: source → in how many cells one answer counts. Protected
    cells say nothing of rehearsed answers, and one that had a class before is undetermined. Needs the kinds of waves.
    """
    known = with_kinds(store, cells)
    is_protected = pl.col("class_kind") == PROTECTED
    decided = [decide_classes(known.filter(~is_protected), rule, thresholds)]
    for group in known.filter(is_protected).partition_by("source_id", maintain_order=True):
        counted = counted_in[str(group["source_id"][0])]
        decided.append(decide_protected(group, rule, thresholds, key, counted))
    return pl.concat(decided).drop("is_told_already")


def decide_protected(
    cells: pl.DataFrame, rule: SurveyRule, thresholds: pl.DataFrame, key: bytes, counted_in: int
) -> pl.DataFrame:
    """Gives protected cells of one source with their class: that of METHOD §2 on counts with noise.

    More adverse respondents are needed than of exact counts, so that noise alone hardly ever fires.
    """
    noise = pl.Series(class_noise_of(key, cells["cell_id"].to_list(), class_decay(counted_in)), dtype=pl.Int64)
    noisy = (pl.col("adverse_respondents") + noise).clip(0, pl.col("respondents"))
    stricter = replace(rule, minimum_adverse_respondents=rule.minimum_adverse_protected * counted_in)
    decided = decide_classes(cells.with_columns(noisy.alias("adverse_respondents")), stricter, thresholds)
    told_already = pl.when("is_told_already").then(pl.lit("undetermined")).otherwise("class")
    return decided.with_columns(told_already.alias("class"), is_coached=pl.lit(None, dtype=pl.Boolean))
