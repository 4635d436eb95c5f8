"""Why the base of a site moved: the level of its country, sector or good, or the shares of its workers (N03)."""

import polars as pl

from serving.difference.reading import TwoRuns
from serving.difference.tags import CORRECTION, LIST_CHANGE, METHOD_CHANGE, NEW_EVIDENCE, SITE, parts_of
from serving.reports.published import Published

_TABLE = "site_level"
_SHARES = "N03"
_KEYS = {
    "country_level": ["country_code"],
    "sector_level": ["sector_key"],
    "good_level": ["country_code", "sector_key", "good"],
}
_TAG_OF_NEWER_SOURCE = {"country_level": NEW_EVIDENCE, "sector_level": LIST_CHANGE, "good_level": LIST_CHANGE}


def parts_of_base(rows: pl.DataFrame, runs: TwoRuns, records: pl.DataFrame) -> pl.DataFrame:
    """Gives the parts of the change of each base row, shared among the levels as far as each of them moved.

    `records` gives the tag for a site whose country, sector or good is another. A level that is not known counts as the
    portfolio's median, as in scoring (METHOD §2).
    """
    changed = rows.with_columns((pl.col("contribution_after") - pl.col("contribution")).alias("change")).filter(
        pl.col("change") != 0.0
    )
    of_shares = pl.col("indicator_id") == _SHARES
    return pl.concat(
        [
            _parts_of_shares(changed.filter(of_shares), records),
            _parts_of_levels(changed.filter(~of_shares), runs, records),
        ]
    )


def _parts_of_shares(changed: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    return parts_of(
        changed.join(records, on="supplier_id").with_columns(
            pl.col("record_tag").alias("tag"),
            pl.col("change").alias("points"),
            pl.format("{} was: {}", "description_after", "description").alias("what"),
            pl.col("evidence_id_after").alias("evidence_id"),
        )
    )


def _parts_of_levels(changed: pl.DataFrame, runs: TwoRuns, records: pl.DataFrame) -> pl.DataFrame:
    if any(_TABLE not in run.manifest["tables"] for run in (runs.before, runs.after)):
        return _unexplained(changed, runs)
    levels = _levels(runs.before).join(_levels(runs.after), on=SITE, suffix="_after").collect()
    known = (
        changed.join(levels, on=SITE)
        .join(records, on="supplier_id")
        .with_columns(*((pl.col(f"{name}_after") - pl.col(name)).alias(f"{name}_change") for name in _KEYS))
    )
    total = pl.sum_horizontal(f"{name}_change" for name in _KEYS)
    moved = known.with_columns(total.alias("total"))
    return pl.concat(
        [
            *(_parts_of_level(moved.filter(pl.col("total") != 0.0), name, runs) for name in _KEYS),
            _unexplained(moved.filter(pl.col("total") == 0.0), runs),
        ]
    )


def _parts_of_level(moved: pl.DataFrame, name: str, runs: TwoRuns) -> pl.DataFrame:
    points = pl.col("change") * pl.col(f"{name}_change") / pl.col("total")
    elsewhere = pl.any_horizontal(pl.col(key).ne_missing(pl.col(f"{key}_after")) for key in _KEYS[name])
    same_basis = pl.col(f"{name}_basis").eq_missing(pl.col(f"{name}_basis_after"))
    by_rule = same_basis & pl.lit(not runs.is_same_method)
    tag = (
        pl.when(elsewhere)
        .then("record_tag")
        .when(by_rule)
        .then(pl.lit(METHOD_CHANGE))
        .otherwise(pl.lit(_TAG_OF_NEWER_SOURCE[name]))
    )
    level = name.replace("_", " ")
    what = pl.format(f"Inherent risk: {level} {{}} was {{}}", pl.col(f"{name}_after"), pl.col(name))
    return parts_of(
        moved.filter(pl.col(f"{name}_change") != 0.0).with_columns(
            tag.alias("tag"),
            points.alias("points"),
            what.alias("what"),
            pl.col("evidence_id_after").alias("evidence_id"),
        )
    )


def _unexplained(changed: pl.DataFrame, runs: TwoRuns) -> pl.DataFrame:
    tag = CORRECTION if runs.is_same_method else METHOD_CHANGE
    return parts_of(
        changed.with_columns(
            pl.lit(tag).alias("tag"),
            pl.col("change").alias("points"),
            pl.lit("Inherent risk: the same levels give another base").alias("what"),
            pl.col("evidence_id_after").alias("evidence_id"),
        )
    )


def _levels(run: Published) -> pl.LazyFrame:
    columns = {name for keys in _KEYS.values() for name in keys}
    return run.table(_TABLE).select(
        *SITE,
        *sorted(columns),
        *(pl.col(name).fill_null(pl.col(name).median()).fill_null(0.0) for name in _KEYS),
        *(f"{name}_basis" for name in _KEYS),
    )
