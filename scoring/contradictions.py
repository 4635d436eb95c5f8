"""Q01: audits that found clean what workers of the same site report in an overlapping window (METHOD §1).

An audit or a wave speaks for the months before its day; two of them overlap where their days lie no further apart.
"""

import numpy as np
import polars as pl

from scoring.catalogue import WORKER_FAMILY, Catalogue
from scoring.keys import CELL, DAYS_PER_MONTH, SITE, SITE_NUMBER
from scoring.tables import SUPPLIER_CONTRADICTION, conform

AUDIT_SOURCES = ("inspector", "unannounced_audit", "announced_audit", "field_visit")
_ADVERSE = pl.col("kind") == "adverse"
_CLEAN = pl.col("kind") == "clean"


def without_contradicted_credit(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives the weighed rows with clean reliability, weight and points 0 for audits that workers contradict.

    An audit too old to be a finding of its own (Q01) is believed no more for its age.
    """
    void = np.zeros(len(rows), dtype=np.bool_)
    void[_pairs(rows, catalogue, heeded="live")["row"].to_numpy()] = True
    nothing_left = pl.lit(pl.Series(void))
    return rows.with_columns(
        pl.when(nothing_left).then(0.0).otherwise(name).alias(name)
        for name in ("reliability", "weight", "points", "size")
    )


def contradictions(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives one row an audit and a word of workers that contradict each other, in the columns of the score table.

    Of either side its day and how many workers it heard, where that is told; of workers nothing finer than their class.
    """
    names = catalogue.indicators.select("indicator_id", pl.col("name").alias("indicator_name"))
    pairs = _pairs(rows, catalogue)
    of_audits, of_workers = rows[pairs["row"]], rows[pairs["row_workers"]].select(pl.all().name.suffix("_workers"))
    beside = pl.concat([of_audits, of_workers], how="horizontal").join(names, on="indicator_id")
    told = beside.with_columns(
        pl.concat_str([*SITE, "indicator_id", "fact_id", "fact_id_workers"], separator="/").alias("contradiction_id"),
        pl.concat_str([*SITE, "fact_id"], separator="/").alias("audit_evidence_id"),
        pl.concat_str([*SITE, "fact_id_workers"], separator="/").alias("workers_evidence_id"),
        _sentence().alias("sentence"),
        pl.lit(catalogue.version).alias("rule_version"),
    ).rename(_PUBLISHED)
    return conform(told, SUPPLIER_CONTRADICTION).sort("contradiction_id")


def compared(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives, a site, how many indicators an audit and workers spoke on in one window, and how many they contradict on.

    Columns: site_number, compared, contradicted and, of the latter, their ids in words. Sites where nothing could be
    compared have no row.
    """
    heard = rows.select(
        *(CELL, "event_date"),
        ((_ADVERSE | _CLEAN) & pl.col("bears_on_state") & pl.col("event_date").is_not_null()).alias("is_heard"),
        _is_audit().alias("is_audit"),
        _is_workers().alias("is_workers"),
    ).filter("is_heard")
    of_audits, of_workers = (
        heard.filter(side).select(CELL, "event_date").unique() for side in ("is_audit", "is_workers")
    )
    together = _in_one_window(of_audits.join(of_workers, on=CELL, suffix="_workers"), catalogue)
    opposed = _pairs(rows, catalogue).select(CELL).unique().with_columns(pl.lit(True).alias("opposed"))
    site, place = pl.col(CELL) // len(catalogue.indicators), pl.col(CELL) % len(catalogue.indicators)
    ids = pl.col("indicator_id").filter(pl.col("opposed").is_not_null()).sort()
    return (
        together.select(CELL)
        .unique()
        .join(opposed, on=CELL, how="left")
        .with_columns(site.alias(SITE_NUMBER), pl.lit(catalogue.indicators["indicator_id"]).gather(place))
        .group_by(SITE_NUMBER)
        .agg(pl.len().alias("compared"), ids.len().alias("contradicted"), ids.str.join(", ").alias("contradicted_ids"))
    )


def _pairs(rows: pl.DataFrame, catalogue: Catalogue, heeded: str = "bears_on_state") -> pl.DataFrame:
    """Gives cell, row and row_workers: each clean row of an audit with each adverse row of workers in its window.

    `heeded` is the column that says which clean rows are looked at.
    """
    narrow = rows.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row"),
        *(CELL, "event_date"),
        (_CLEAN & _is_audit() & pl.col(heeded)).alias("is_clean_audit"),
        (_ADVERSE & _is_workers() & pl.col("live")).alias("is_adverse_word"),
    )
    clean, adverse = (
        narrow.filter(side).select("row", CELL, "event_date") for side in ("is_clean_audit", "is_adverse_word")
    )
    return _in_one_window(clean.join(adverse, on=CELL, suffix="_workers"), catalogue)


def _in_one_window(pairs: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    apart = (pl.col("event_date") - pl.col("event_date_workers")).dt.total_days().abs()
    return pairs.filter(apart <= catalogue.parameters["contradiction_window_months"] * DAYS_PER_MONTH)


def _is_audit() -> pl.Expr:
    return pl.col("source_type").is_in(AUDIT_SOURCES)


def _is_workers() -> pl.Expr:
    return pl.col("family") == WORKER_FAMILY


_PUBLISHED = {
    "source_type": "audit_source_type",
    "source_table": "audit_source_table",
    "source_key": "audit_source_key",
    "event_date": "audited_on",
    "interviewed_workers": "audit_interviewed_workers",
    "source_type_workers": "workers_source_type",
    "source_table_workers": "workers_source_table",
    "source_key_workers": "workers_source_key",
    "release_id_workers": "workers_release_id",
    "event_date_workers": "workers_heard_on",
    "respondents_at_least_workers": "respondents_at_least",
    "release_id": "audit_release_id",
    "respondents_at_least": "audit_respondents",
}


def _sentence() -> pl.Expr:
    return pl.format(
        "{} of {} ({}) did not find {} ({}), which workers of the site report: {} of {} ({})",
        "source_name",
        _day("event_date"),
        _heard("interviewed_workers", "{} workers interviewed", "interviews not told"),
        pl.col("indicator_name").str.to_lowercase(),
        "indicator_id",
        pl.col("source_name_workers").str.to_lowercase(),
        _day("event_date_workers"),
        _heard("respondents_at_least_workers", "at least {} workers asked", "number of workers not told"),
    )


def _day(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)


def _heard(name: str, words: str, otherwise: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null()).then(pl.format(words, name)).otherwise(pl.lit(otherwise))
