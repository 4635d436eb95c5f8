"""What a difference reads of two publications: the suppliers that moved, and the rows behind their scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from serving.manifest import read_manifest
from serving.reports.published import Published

_SCORES = ("worst_site_id", "score", "band", "band_reason")
_EVIDENCE = (
    *("evidence_id", "supplier_id", "site_id", "indicator_id", "kind", "contribution", "points", "reliability"),
    *("freshness", "origin_event_id", "event_date", "in_force", "set_aside", "description", "source_table"),
    *("source_key", "source_record_no", "rule_version"),
)


@dataclass(frozen=True)
class TwoRuns:
    """Two publications, `before` and `after`; frames of both have the columns of each with a suffix."""

    before: Published
    after: Published
    only: str | None = None
    """The supplier that alone is looked at; None: all."""

    @property
    def is_same_day(self) -> bool:
        """Whether both speak for the same day."""
        return self.before.as_of == self.after.as_of

    @property
    def is_same_method(self) -> bool:
        """Whether both were scored by the same version of weights and rules."""
        return bool(self.before.manifest["method_version"] == self.after.manifest["method_version"])

    @property
    def is_same_code(self) -> bool:
        """Whether the same code made both, as far as the manifests tell."""
        return bool(_code(self.before.manifest) == _code(self.after.manifest))

    @cached_property
    def scores(self) -> pl.DataFrame:
        """Suppliers of both runs, with score, band and worst site of each."""
        return self._of_both("supplier_score", ("supplier_id",), _SCORES)

    @cached_property
    def moved(self) -> pl.DataFrame:
        """Those of the suppliers of both runs whose score or band is another."""
        return self.scores.filter((pl.col("score") != pl.col("score_after")) | (pl.col("band") != pl.col("band_after")))

    @cached_property
    def places(self) -> pl.DataFrame:
        """The sites that matter to the moved suppliers: their worst one before and after."""
        return pl.concat(
            self.moved.select("supplier_id", pl.col(name).alias("site_id"))
            for name in ("worst_site_id", "worst_site_id_after")
        ).unique(maintain_order=True)

    def evidence(self, run: Published) -> pl.DataFrame:
        """Gives the evidence of a run at the places."""
        return (
            self._asked(run.table("score_evidence"))
            .select(_EVIDENCE)
            .join(self.places.lazy(), on=["supplier_id", "site_id"], how="semi")
            .collect()
            .sort("evidence_id")
        )

    def site_scores(self, run: Published) -> pl.DataFrame:
        """Gives supplier_id, site_id, score and clip_adjustment of a run at the places."""
        return (
            self._asked(run.table("site_score"))
            .select("supplier_id", "site_id", "score", "clip_adjustment")
            .join(self.places.lazy(), on=["supplier_id", "site_id"], how="semi")
            .collect()
        )

    def only_in(self, run: Published, other: Published) -> pl.DataFrame:
        """Gives supplier_id, score and band of suppliers that only one of the runs has."""
        return (
            self._asked(run.table("supplier_score"))
            .select("supplier_id", "score", "band")
            .join(other.table("supplier_score").select("supplier_id"), on="supplier_id", how="anti")
            .collect()
            .sort("supplier_id")
        )

    def named(self, run: Published, suppliers: pl.DataFrame) -> pl.DataFrame:
        """Gives the rows of suppliers, in their order, with the name that the run publishes of each."""
        names = run.table("dim_supplier").select("supplier_id", "name").collect()
        return suppliers.join(names, on="supplier_id", how="left", maintain_order="left")

    def _of_both(self, table: str, key: tuple[str, ...], columns: tuple[str, ...]) -> pl.DataFrame:
        left, right = (self._asked(run.table(table)).select(*key, *columns) for run in (self.before, self.after))
        return left.join(right, on=list(key), suffix="_after").collect().sort(*key)

    def _asked(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        return rows if self.only is None else rows.filter(pl.col("supplier_id") == self.only)


def read_two(published: Path, before: str, after: str, *, only: str | None = None) -> TwoRuns:
    """Gives the two publications, to look at all suppliers or at one; raises PublishError without their manifests."""
    one, other = (Published(published / name, read_manifest(published / name)) for name in (before, after))
    return TwoRuns(one, other, only)


def _code(manifest: Mapping[str, Any]) -> Any:
    return manifest.get("code") or manifest.get("code_version")
