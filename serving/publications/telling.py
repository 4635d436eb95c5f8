"""The publications of an installation in lines for a person."""

from collections.abc import Iterator
from pathlib import Path

from serving.chain import read_chain
from serving.manifest import read_manifest
from serving.publications.current import CURRENT
from tierline.publications import standing


def publication_rows(published: Path) -> list[dict[str, object]]:
    """Gives run_id, as_of, is_current, state (whole, retracted or pruned, or both), held and why, the oldest first."""
    told = standing(published)
    link = published / CURRENT
    current = link.resolve().name if link.exists() else None
    return [
        {
            "run_id": run,
            "as_of": read_manifest(published / run)["as_of"],
            "is_current": run == current,
            "state": ", ".join(
                name for name, runs in (("retracted", told.retracted), ("pruned", told.pruned)) if run in runs
            )
            or "whole",
            "is_held": run in told.held,
            "why": "; ".join(
                entries[run]["reason"] for entries in (told.retracted, told.pruned, told.held) if run in entries
            ),
            "superseded_by": told.retracted[run]["superseded_by"] if run in told.retracted else "",
        }
        for run in (one.run_id for one in read_chain(published).links)
    ]


def publication_lines(published: Path) -> Iterator[str]:
    """Yields a line a publication, the oldest first."""
    for row in publication_rows(published):
        marks = [str(row["state"]), *(["held"] if row["is_held"] else []), *(["current"] if row["is_current"] else [])]
        instead = f"; read {row['superseded_by']} instead" if row["superseded_by"] else ""
        why = f"  {row['why']}{instead}" if row["why"] else ""
        yield f"{row['run_id']:<32} as of {row['as_of']}  {', '.join(marks)}{why}"
