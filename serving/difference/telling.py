"""A difference in lines for a person."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from serving.difference.moves import Difference
from serving.difference.tags import TAGS
from tierline.errors import ConfigError


def difference_lines(difference: Difference, limit: int) -> Iterator[str]:
    """Yields how many suppliers moved, what moved them, and those that moved most, at most so many."""
    suppliers = difference.suppliers
    other_band = suppliers.filter(pl.col("band") != pl.col("band_after"))
    yield (
        f"{_counted(suppliers.height)} moved, {other_band.height} to another band; {difference.unmoved} did not; "
        f"{difference.arrived.height} are new, {difference.left.height} are gone"
    )
    yield from _tag_lines(difference)
    yield from _band_lines(other_band, limit)
    yield from _mover_lines(difference, limit)
    for title, frame in (("new", difference.arrived), ("gone", difference.left)):
        for row in frame.head(limit).iter_rows(named=True):
            yield f"{title:<8}{_who(row)}  {row['score']:.1f} {row['band']}  {row['tag']}"


def supplier_lines(difference: Difference, supplier_id: str) -> Iterator[str]:
    """Yields every part of the move of one supplier; raises ConfigError where it is in neither run or did not move."""
    found = difference.suppliers.filter(pl.col("supplier_id") == supplier_id).to_dicts()
    if not found:
        raise ConfigError(
            f"supplier {supplier_id} did not move, or is not in both publications",
            remedy="`tierline diff` without --supplier lists those that did.",
        )
    row = found[0]
    yield f"{_who(row)}  {row['score']:.6f} → {row['score_after']:.6f} ({row['score_after'] - row['score']:+.6f})"
    if row["band_tag"] is not None:
        yield f"  {row['band']} → {row['band_after']}: {row['band_tag']}; {row['band_reason_after']}"
    parts = difference.parts.filter(pl.col("supplier_id") == supplier_id)
    for part in parts.sort(pl.col("points").abs(), "what", descending=[True, False]).iter_rows(named=True):
        yield f"  {part['points']:+12.6f}  {part['tag']:<14}{part['indicator_id'] or '':<5}{part['what'] or ''}"


def _who(row: Mapping[str, Any]) -> str:
    return f"{row['supplier_id']}  {row['name']}" if row["name"] else str(row["supplier_id"])


def _counted(suppliers: int) -> str:
    return f"{suppliers} supplier{'' if suppliers == 1 else 's'}"


def _tag_lines(difference: Difference) -> Iterator[str]:
    sums = difference.parts.group_by("tag").agg(
        pl.col("supplier_id").n_unique().alias("suppliers"),
        pl.col("points").filter(pl.col("points") > 0).sum().alias("up"),
        pl.col("points").filter(pl.col("points") < 0).sum().alias("down"),
    )
    told = {row["tag"]: row for row in sums.iter_rows(named=True)}
    for tag in TAGS:
        if tag in told:
            row = told[tag]
            yield f"  {tag:<14}{_counted(row['suppliers']):>17}  {row['up']:>+10.2f} {row['down']:>+10.2f} points"


def _band_lines(suppliers: pl.DataFrame, limit: int) -> Iterator[str]:
    for row in suppliers.head(limit).iter_rows(named=True):
        yield f"band    {_who(row)}  {row['band']} → {row['band_after']}  {row['band_tag']}"
    if suppliers.height > limit:
        yield f"        and {suppliers.height - limit} more"


def _mover_lines(difference: Difference, limit: int) -> Iterator[str]:
    change = pl.col("score_after") - pl.col("score")
    movers = difference.suppliers.with_columns(change.alias("change")).filter(pl.col("change") != 0.0)
    by_tag = difference.by_tag()
    chosen = movers.sort(pl.col("change").abs(), "supplier_id", descending=[True, False]).head(limit)
    for row in chosen.iter_rows(named=True):
        own = by_tag.filter(pl.col("supplier_id") == row["supplier_id"])
        tags = ", ".join(f"{part['tag']} {part['points']:+.2f}" for part in own.iter_rows(named=True))
        yield f"score   {_who(row)}  {row['score']:.2f} → {row['score_after']:.2f}  {tags}"
    if movers.height > limit:
        yield f"        and {movers.height - limit} more; --json gives all"
