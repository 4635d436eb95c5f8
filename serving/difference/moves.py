"""Puts the parts of every move together, so that for each supplier they add up to the whole difference."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from serving.difference.arrivals import parts_of_one_run
from serving.difference.base_parts import parts_of_base
from serving.difference.pairing import paired_rows
from serving.difference.reading import TwoRuns, read_two
from serving.difference.records import record_tags
from serving.difference.row_parts import parts_of_facts
from serving.difference.shares import shared_out
from serving.difference.tags import AGEING, CORRECTION, METHOD_CHANGE, SITE, parts_of
from tierline.errors import CheckFailed

_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Difference:
    """What moved between two publications.

    `suppliers`: supplier_id, name, score, score_after, band, band_after, band_tag (empty where the band is the same)
    and band_reason_after of suppliers that both have and that moved. `parts`: the parts of their moves, each with a
    tag; for each supplier they sum to score_after − score. `arrived`, `left`: suppliers of one run, named and tagged.
    """

    suppliers: pl.DataFrame
    parts: pl.DataFrame
    arrived: pl.DataFrame
    left: pl.DataFrame
    unmoved: int

    def by_tag(self) -> pl.DataFrame:
        """Gives supplier_id, tag and points: one row a supplier and tag."""
        ordered = self.parts.sort("supplier_id", "tag", "evidence_id", "what")
        return ordered.group_by("supplier_id", "tag", maintain_order=True).agg(pl.col("points").sum())

    def as_json(self) -> dict[str, Any]:
        """Gives the whole difference as plain values."""
        return {
            "suppliers": self.suppliers.to_dicts(),
            "parts": self.parts.to_dicts(),
            "arrived": self.arrived.to_dicts(),
            "left": self.left.to_dicts(),
            "unmoved": self.unmoved,
        }


def compare_runs(published: Path, before: str, after: str, *, only: str | None = None) -> Difference:
    """Gives every move of a score or band between two publications, each part with its tag.

    With `only` it is the move of that supplier alone, the same as among all. Raises PublishError where one is not
    there, CheckFailed where the parts of a supplier do not add up to its move within 1e-9, which would be a fault of
    Tierline.
    """
    runs = read_two(published, before, after, only=only)
    records = record_tags(runs, runs.moved["supplier_id"])
    rows = paired_rows(runs.evidence(runs.before), runs.evidence(runs.after))
    direct, following = _parts(rows, runs, records)
    all_following = pl.concat([following, _clipping(runs), _other_site(runs)])
    shared = shared_out(all_following, direct, _otherwise(runs))
    counted = _of_worst_site(pl.concat([direct, shared]), runs)
    parts = pl.concat([counted, _new_sites(runs, records)]).sort("supplier_id", "tag", "evidence_id", "what")
    suppliers = _with_band_tags(runs, pl.concat([direct, parts]))
    _refuse_other_sums(suppliers, parts)
    return Difference(
        runs.named(runs.after, suppliers),
        parts,
        _with_record_tag(runs.named(runs.after, runs.only_in(runs.after, runs.before)), runs),
        _with_record_tag(runs.named(runs.before, runs.only_in(runs.before, runs.after)), runs),
        runs.scores.height - runs.moved.height,
    )


def _parts(rows: pl.DataFrame, runs: TwoRuns, records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Gives the parts that have a tag of their own, and those that follow from others."""
    caps = rows.filter(pl.col("kind") == "cap")
    others = rows.filter(pl.col("kind") != "cap")
    in_both = others.filter(pl.col("evidence_id").is_not_null() & pl.col("evidence_id_after").is_not_null())
    is_base = pl.col("kind") == "base"
    parts = pl.concat(
        [
            parts_of_facts(in_both.filter(~is_base), runs),
            parts_of_base(in_both.filter(is_base), runs, records),
            parts_of_one_run(_of_later(others), runs.after, runs.before, runs),
            parts_of_one_run(_of_earlier(others), runs.before, runs.after, runs),
        ]
    )
    has_tag = pl.col("tag").is_not_null()
    return parts.filter(has_tag), pl.concat([parts.filter(~has_tag), _limits(caps)])


def _of_earlier(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("evidence_id_after").is_null()).select(pl.exclude("^.*_after$"))


def _of_later(rows: pl.DataFrame) -> pl.DataFrame:
    later = rows.filter(pl.col("evidence_id").is_null())
    own = [name for name in rows.columns if name.endswith("_after")]
    return later.select(
        *SITE, "indicator_id", "kind", *(pl.col(name).alias(name.removesuffix("_after")) for name in own)
    )


def _limits(caps: pl.DataFrame) -> pl.DataFrame:
    """Gives the changes of caps, under the kind of row that each limits."""
    evidence = pl.coalesce("evidence_id_after", "evidence_id")
    name = evidence.str.split("/cap:").list.last()
    change = pl.col("contribution_after").fill_null(0.0) - pl.col("contribution").fill_null(0.0)
    limited = (
        pl.when(name == "inherent").then(pl.lit("base")).when(name.str.starts_with("clean")).then(pl.lit("clean"))
    ).otherwise(pl.lit("adverse"))
    return parts_of(
        caps.with_columns(
            limited.alias("kind"),
            change.alias("points"),
            pl.coalesce("description_after", "description").alias("what"),
            evidence.alias("evidence_id"),
        ).filter(pl.col("points") != 0.0)
    )


def _clipping(runs: TwoRuns) -> pl.DataFrame:
    both = runs.site_scores(runs.before).join(runs.site_scores(runs.after), on=SITE, suffix="_after")
    change = pl.col("clip_adjustment_after") - pl.col("clip_adjustment")
    return parts_of(
        both.with_columns(change.alias("points"), pl.lit("The score is kept between 0 and 100").alias("what")).filter(
            pl.col("points") != 0.0
        )
    )


def _other_site(runs: TwoRuns) -> pl.DataFrame:
    """Gives, where another known site became the worst one, how far the two were apart before."""
    before = runs.site_scores(runs.before).select(*SITE, pl.col("score").alias("score_of_new_worst"))
    switched = runs.moved.filter(pl.col("worst_site_id") != pl.col("worst_site_id_after")).join(
        before, left_on=["supplier_id", "worst_site_id_after"], right_on=SITE
    )
    return parts_of(
        switched.with_columns(
            (pl.col("score_of_new_worst") - pl.col("score")).alias("points"),
            pl.format("Another site is the worst one: {}", pl.col("worst_site_id_after")).alias("what"),
        )
    )


def _new_sites(runs: TwoRuns, records: pl.DataFrame) -> pl.DataFrame:
    """Gives one part, the whole move, where the worst site is one that the earlier run did not have."""
    new = _without_earlier_site(runs).join(records, on="supplier_id")
    return parts_of(
        new.with_columns(
            pl.col("record_tag").alias("tag"),
            (pl.col("score_after") - pl.col("score")).alias("points"),
            pl.col("worst_site_id_after").alias("site_id"),
            pl.format("A site that was not there before is the worst one: {}", pl.col("worst_site_id_after")).alias(
                "what"
            ),
        )
    )


def _without_earlier_site(runs: TwoRuns) -> pl.DataFrame:
    known = runs.site_scores(runs.before).select(SITE)
    return runs.moved.join(known, left_on=["supplier_id", "worst_site_id_after"], right_on=SITE, how="anti")


def _of_worst_site(parts: pl.DataFrame, runs: TwoRuns) -> pl.DataFrame:
    known = runs.moved.join(_without_earlier_site(runs), on="supplier_id", how="anti")
    worst = known.select("supplier_id", "worst_site_id_after")
    return (
        parts.join(worst, on="supplier_id")
        .filter((pl.col("site_id") == pl.col("worst_site_id_after")) | pl.col("site_id").is_null())
        .drop("worst_site_id_after")
    )


def _otherwise(runs: TwoRuns) -> str:
    """Gives the tag of a move behind which no row of evidence changed."""
    if not (runs.is_same_method and runs.is_same_code):
        return METHOD_CHANGE
    return CORRECTION if runs.is_same_day else AGEING


def _with_band_tags(runs: TwoRuns, parts: pl.DataFrame) -> pl.DataFrame:
    strongest = (
        parts.group_by("supplier_id", "tag")
        .agg(pl.col("points").abs().sum().alias("size"))
        .sort("supplier_id", "size", "tag", descending=[False, True, False])
        .unique("supplier_id", keep="first", maintain_order=True)
        .select("supplier_id", "tag")
    )
    is_other = pl.col("band") != pl.col("band_after")
    return (
        runs.moved.join(strongest, on="supplier_id", how="left", maintain_order="left")
        .with_columns(pl.when(is_other).then(pl.col("tag").fill_null(_otherwise(runs))).alias("band_tag"))
        .select("supplier_id", "score", "score_after", "band", "band_after", "band_tag", "band_reason_after")
    )


def _with_record_tag(suppliers: pl.DataFrame, runs: TwoRuns) -> pl.DataFrame:
    tags = record_tags(runs, suppliers["supplier_id"])
    return suppliers.join(tags, on="supplier_id", how="left", maintain_order="left").rename({"record_tag": "tag"})


def _refuse_other_sums(suppliers: pl.DataFrame, parts: pl.DataFrame) -> None:
    sums = parts.group_by("supplier_id").agg(pl.col("points").sum())
    wrong = suppliers.join(sums, on="supplier_id", how="left").filter(
        (pl.col("score_after") - pl.col("score") - pl.col("points").fill_null(0.0)).abs() > _TOLERANCE
    )
    if wrong.height:
        raise CheckFailed(
            f"the parts of the moves of {wrong.height} suppliers do not add up, first {wrong['supplier_id'][0]}",
            remedy="This is a fault of Tierline; keep both publications and report it.",
        )
