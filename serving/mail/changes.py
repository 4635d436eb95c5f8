"""What a message tells of a run: bands, what is overdue, and what moved since the run before and why."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from serving.difference import Difference, compare_runs
from serving.difference.tags import TAGS
from serving.manifest import read_manifest
from serving.reports.published import Published
from serving.reports.words import BANDS

Row = dict[str, Any]
SHOWN: Final = 20
_TAG_ORDER: Final = {tag: place for place, tag in enumerate(TAGS)}


@dataclass(frozen=True)
class Since:
    """What moved since an earlier run; `moves` are changes of band, worse bands first, each with its parts by cause."""

    run_id: str
    as_of: date
    moved: int
    unmoved: int
    new: int
    gone: int
    causes: list[Row]
    moves: list[Row]
    moves_in_all: int


@dataclass(frozen=True)
class Told:
    """What a message tells of a publication; `since` is None where no earlier one can be read."""

    manifest: Row
    as_of: date
    suppliers: int
    bands: list[tuple[str, int]]
    overdue: list[Row]
    overdue_in_all: int
    since: Since | None


def what_to_tell(published: Path, run_id: str) -> Told:
    """Gives what a message tells of a publication; raises PublishError where it is not there."""
    publication = Published(published / run_id, read_manifest(published / run_id))
    bands = dict(publication.table("supplier_score").group_by("band").len().collect().iter_rows())
    overdue = _overdue(publication)
    return Told(
        manifest=publication.manifest,
        as_of=publication.as_of,
        suppliers=sum(bands.values()),
        bands=[(band, bands.get(band, 0)) for band in BANDS],
        overdue=overdue.head(SHOWN).to_dicts(),
        overdue_in_all=overdue.height,
        since=_since(published, publication),
    )


def _overdue(publication: Published) -> pl.DataFrame:
    names = publication.table("dim_supplier").select("supplier_id", "name")
    late = publication.table("supplier_action").filter("is_overdue").join(names, on="supplier_id", how="left")
    return late.sort("due_on", "action_id").collect()


def _since(published: Path, publication: Published) -> Since | None:
    before = publication.manifest.get("current_before")
    if not before or not (published / before / "parquet").is_dir():
        return None
    difference = compare_runs(published, before, publication.manifest["run_id"])
    moves = _band_moves(difference, publication)
    return Since(
        run_id=before,
        as_of=date.fromisoformat(read_manifest(published / before)["as_of"]),
        moved=difference.suppliers.height,
        unmoved=difference.unmoved,
        new=difference.arrived.height,
        gone=difference.left.height,
        causes=_causes(difference),
        moves=_with_parts(moves.head(SHOWN), difference),
        moves_in_all=moves.height,
    )


def _causes(difference: Difference) -> list[Row]:
    sums = difference.parts.group_by("tag").agg(
        pl.col("supplier_id").n_unique().alias("suppliers"),
        pl.col("points").filter(pl.col("points") > 0).sum().alias("up"),
        pl.col("points").filter(pl.col("points") < 0).sum().alias("down"),
    )
    return sorted(sums.to_dicts(), key=lambda row: _TAG_ORDER.get(row["tag"], len(TAGS)))


def _band_moves(difference: Difference, publication: Published) -> pl.DataFrame:
    places = {band: place for place, band in enumerate(BANDS)}
    names = publication.table("dim_supplier").select("supplier_id", "name").collect()
    moved = difference.suppliers.filter(pl.col("band") != pl.col("band_after"))
    place_after = pl.col("band_after").replace_strict(places, return_dtype=pl.Int64)
    return moved.join(names, on="supplier_id", how="left").sort(
        place_after, pl.col("score_after"), "supplier_id", descending=[False, True, False]
    )


def _with_parts(moves: pl.DataFrame, difference: Difference) -> list[Row]:
    parts: dict[str, list[Row]] = {}
    own = difference.by_tag().join(moves.select("supplier_id"), on="supplier_id", how="semi")
    for part in own.iter_rows(named=True):
        parts.setdefault(part["supplier_id"], []).append(part)
    return [{**move, "parts": parts.get(move["supplier_id"], [])} for move in moves.iter_rows(named=True)]
