"""What changed at one supplier since the publication before, and which publication that is; for the lookup."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from serving.difference import Difference, compare_runs
from serving.difference.reading import read_two
from serving.explanation import paragraphs
from serving.explanation.choice import PassedOver, passed_over, publication_before
from serving.explanation.sentences import ENGLISH
from serving.language import Language
from serving.manifest import read_manifest
from serving.reports.published import Published
from serving.reports.words import apart

Row = dict[str, Any]


@dataclass(frozen=True)
class Since:
    """What changed since the run `before`; None: there is none that can be read.

    `move` is None where neither score nor band moved, where the supplier is new, or where the tables of the earlier run
    have another shape (`is_readable` is false). `passed_over` is the run right before, where it is not compared with.
    """

    before: str | None
    before_as_of: date | None = None
    passed_over: PassedOver | None = None
    is_readable: bool = True
    is_new: bool = False
    move: Row | None = None
    parts: list[Row] = field(default_factory=list)


def since_before(published: Published, supplier_id: str) -> Since:
    """Gives what changed at a supplier since the last publication before it that is whole and not retracted."""
    folder = published.folder.parent
    before, over = publication_before(folder, published), passed_over(folder, published)
    if before is None:
        return Since(None, passed_over=over)
    day = date.fromisoformat(read_manifest(folder / before)["as_of"])
    try:
        runs = read_two(folder, before, published.folder.name, only=supplier_id)
        if runs.moved.is_empty():  # as most are; the rest of the tables need not be read
            return Since(before, day, over, is_new=runs.scores.is_empty())
        difference = compare_runs(folder, before, published.folder.name, only=supplier_id)
    except (pl.exceptions.PolarsError, OSError):  # of another version, or let go just now
        return Since(before, day, over, is_readable=False)
    move, parts = move_of(difference, supplier_id)
    return Since(before, day, over, move=move, parts=parts)


def move_of(difference: Difference, supplier_id: str) -> tuple[Row | None, list[Row]]:
    """Gives the move of a supplier, None for none, and its parts, the largest first."""
    moves = difference.suppliers.filter(pl.col("supplier_id") == supplier_id).to_dicts()
    parts = difference.parts.filter(pl.col("supplier_id") == supplier_id)
    largest = parts.sort(pl.col("points").abs(), "what", "evidence_id", descending=[True, False, False])
    return (moves[0] if moves else None), largest.to_dicts()


def passed_over_sentence(over: PassedOver, speech: Language = ENGLISH) -> str:
    """Says why the run right before is not compared with; the reason of a retraction as it was entered."""
    if over.retracted_because is not None:
        return speech.text(
            "The run before, {run}, was retracted and is not compared with: {why}",
            run=over.run_id,
            why=apart(over.retracted_because),
        )
    return speech.text("The run before, {run}, keeps only its manifest and cannot be compared with.", run=over.run_id)


def since_sentences(since: Since, speech: Language = ENGLISH) -> Iterator[str]:
    """Says what changed, part by part, or why nothing can be said of it."""
    if since.passed_over is not None:
        yield passed_over_sentence(since.passed_over, speech)
    if since.is_new:
        yield speech.text("Run {run} did not have this supplier.", run=since.before)
    elif since.is_readable:
        yield from paragraphs.changed(since.before, since.move, since.parts, speech)
    else:
        why = speech.text("its tables have another shape, of another version of Tierline")
        yield speech.text("Run {run} cannot be compared with this one: {why}.", run=since.before, why=why)
