"""What the report says of what moved since an earlier run, and why; the decomposition is that of `tierline diff`."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from serving.difference import Difference, compare_runs
from serving.difference.tags import (
    AGEING,
    CORRECTION,
    LIST_CHANGE,
    MATCH_CHANGE,
    METHOD_CHANGE,
    NEW_EVIDENCE,
    TAGS,
    VERDICT,
)
from serving.explanation.choice import publication_before
from serving.explanation.sentences import part_sentence
from serving.language import Language, mark
from serving.manifest import read_manifest
from serving.reports.details import Changes
from serving.reports.published import Published
from tierline.errors import PublishError

Row = dict[str, Any]

BAND_LIMIT: Final = 60
MOVER_LIMIT: Final = 25
ARRIVAL_LIMIT: Final = 40
PART_LIMIT: Final = 3
TAG_NAMES: Final = (
    *(mark("new evidence"), mark("list change"), mark("verdict"), mark("correction"), mark("method change")),
    *(mark("ageing out"), mark("match change")),
)
TAG_MEANINGS: Final = {
    NEW_EVIDENCE: mark("A source told something that it had not told before."),
    LIST_CHANGE: mark("An entry of a list is new, changed or over."),
    VERDICT: mark("A person confirmed or rejected a match, or decided an objection."),
    CORRECTION: mark("A source told otherwise what it had told before, or took it back."),
    METHOD_CHANGE: mark("Weights, rules or the code changed; it says nothing of the supplier."),
    AGEING: mark("Facts became older and weigh less."),
    MATCH_CHANGE: mark("Records were joined to another supplier or taken apart."),
}


@dataclass(frozen=True)
class ChangeSummary:
    """What moved between the run `before` and this one.

    `before` is None in a first publication; where the earlier one cannot be compared, `problem` says so and all rows
    are empty. `by_tag`: tag, suppliers, up and down in points. `bands`: suppliers whose band is another, the more
    urgent first. `movers`: the others whose score moved most. Each row of both has name, score, score_after and `why`,
    the largest parts of its move as sentences.
    """

    before: str | None
    before_as_of: date | None
    before_method: str | None
    problem: str | None
    counts: Row
    by_tag: list[Row]
    bands: list[Row]
    movers: list[Row]
    arrived: list[Row]
    left: list[Row]
    per_supplier: Changes


def about_changes(
    published: Published,
    suppliers: pl.DataFrame,
    in_detail: pl.Series,
    speech: Language,
    since: str | None = None,
) -> ChangeSummary:
    """Gives what moved since the run `since`, or since the publication before it in the chain.

    `suppliers` are all with name and rank; of those `in_detail` every part of the move is kept. Raises PublishError
    where the run that was asked for is not there or cannot be compared.
    """
    folder = published.folder.parent
    before = since or publication_before(folder, published)
    if before is None:
        return _empty(None, None, None, None)
    earlier = Published(folder / before, read_manifest(folder / before))
    told = (before, earlier.as_of, earlier.manifest["method_version"])
    try:
        difference = compare_runs(folder, before, published.folder.name)
        left_names = _names(earlier, difference.left["supplier_id"])
    except (pl.exceptions.PolarsError, OSError) as error:
        if since is not None:
            raise PublishError(
                f"run {since} cannot be compared with {published.folder.name}: its tables have another shape",
                remedy="Name a run that this version has published; `tierline publications list` tells of all.",
            ) from error
        return _empty(*told, speech.text("its tables have another shape, of another version of Tierline"))
    return _summary(told, difference, suppliers, in_detail, left_names, speech)


def changes_of(published: Published, suppliers: pl.Series, since: str | None = None) -> Changes:
    """Gives what moved at the suppliers since the run `since`, or since the publication before it.

    Raises PublishError where one of the runs is not there.
    """
    before = since or publication_before(published.folder.parent, published)
    if before is None:
        return Changes(None, {}, {})
    return _per_supplier(before, compare_runs(published.folder.parent, before, published.folder.name), suppliers)


def _empty(before: str | None, day: date | None, method: str | None, problem: str | None) -> ChangeSummary:
    counts = dict.fromkeys(("moved", "other_band", "unmoved", "arrived", "left"), 0)
    per_supplier = Changes(None, {}, {})
    return ChangeSummary(before, day, method, problem, counts, [], [], [], [], [], per_supplier)


def _summary(
    told: tuple[str, date, str],
    difference: Difference,
    suppliers: pl.DataFrame,
    in_detail: pl.Series,
    left_names: pl.DataFrame,
    speech: Language,
) -> ChangeSummary:
    about = suppliers.select("supplier_id", "name", "country_code", "sector_label", "review_rank")
    moved = (
        difference.suppliers.drop("name", strict=False)
        .join(about, on="supplier_id", how="left")
        .sort("review_rank", "supplier_id")
    )
    is_other = pl.col("band") != pl.col("band_after")
    size = (pl.col("score_after") - pl.col("score")).abs()
    bands = moved.filter(is_other).head(BAND_LIMIT)
    movers = moved.filter(~is_other).sort(size, "supplier_id", descending=[True, False]).head(MOVER_LIMIT)
    shown = pl.concat([in_detail, bands["supplier_id"], movers["supplier_id"]]).unique()
    per_supplier = _per_supplier(told[0], difference, shown)
    arrived = (
        difference.arrived.drop("name", strict=False)
        .join(about, on="supplier_id", how="left")
        .sort("review_rank", "supplier_id")
    )
    left = difference.left.drop("name", strict=False).join(left_names, on="supplier_id", how="left")
    return ChangeSummary(
        *told,
        problem=None,
        counts={
            "moved": moved.height,
            "other_band": moved.filter(is_other).height,
            "unmoved": difference.unmoved,
            "arrived": arrived.height,
            "left": left.height,
        },
        by_tag=_by_tag(difference),
        bands=_with_reasons(bands, per_supplier, speech),
        movers=_with_reasons(movers, per_supplier, speech),
        arrived=arrived.head(ARRIVAL_LIMIT).to_dicts(),
        left=left.sort("score", "supplier_id", descending=[True, False]).head(ARRIVAL_LIMIT).to_dicts(),
        per_supplier=per_supplier,
    )


def _per_supplier(before: str, difference: Difference, shown: pl.Series) -> Changes:
    is_shown = pl.col("supplier_id").is_in(shown.implode())
    parts = difference.parts.filter(is_shown).sort(
        "supplier_id", pl.col("points").abs(), "what", "evidence_id", descending=[False, True, False, False]
    )
    return Changes(
        before,
        {row["supplier_id"]: row for row in difference.suppliers.filter(is_shown).to_dicts()},
        {
            str(key[0]): rows.to_dicts()
            for key, rows in parts.partition_by("supplier_id", as_dict=True, maintain_order=True).items()
        },
    )


def _by_tag(difference: Difference) -> list[Row]:
    points = pl.col("points")
    sums = {
        row["tag"]: row
        for row in difference.parts.sort("supplier_id", "tag", "evidence_id", "what")
        .group_by("tag", maintain_order=True)
        .agg(
            pl.col("supplier_id").n_unique().alias("suppliers"),
            points.filter(points > 0).sum().alias("up"),
            points.filter(points < 0).sum().alias("down"),
        )
        .to_dicts()
    }
    return [sums[tag] for tag in TAGS if tag in sums]


def _with_reasons(moved: pl.DataFrame, changes: Changes, speech: Language) -> list[Row]:
    return [
        {
            **row,
            "why": [part_sentence(part, speech) for part in changes.parts.get(row["supplier_id"], [])[:PART_LIMIT]],
            "parts_left_out": max(0, len(changes.parts.get(row["supplier_id"], [])) - PART_LIMIT),
        }
        for row in moved.to_dicts()
    ]


def _names(published: Published, suppliers: pl.Series) -> pl.DataFrame:
    return published.of_suppliers("dim_supplier", suppliers).select(
        "supplier_id", "name", "country_code", "sector_label"
    )
