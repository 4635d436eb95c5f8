"""What a message tells of a run: bands, what is overdue, what moved since the run before; told as in the report."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from serving.language import Language
from serving.manifest import read_manifest
from serving.reports.actions import about_actions
from serving.reports.changes import ChangeSummary, about_changes
from serving.reports.overview import band_counts, suppliers_in_order
from serving.reports.published import Published

Row = dict[str, Any]
SHOWN: Final = 20


@dataclass(frozen=True)
class Told:
    """What a message tells of a publication; `overdue` are the first of `overdue_in_all` actions."""

    manifest: Row
    as_of: date
    suppliers: int
    bands: dict[str, int]
    overdue: list[Row]
    overdue_in_all: int
    changes: ChangeSummary


def what_to_tell(published: Path, run_id: str, speech: Language) -> Told:
    """Gives what a message tells of a publication; raises PublishError where it is not there."""
    publication = Published(published / run_id, read_manifest(published / run_id))
    suppliers = suppliers_in_order(publication)
    late = about_actions(publication)
    nobody = pl.Series("supplier_id", [], dtype=pl.String)
    return Told(
        manifest=publication.manifest,
        as_of=publication.as_of,
        suppliers=suppliers.height,
        bands=band_counts(suppliers),
        overdue=late["overdue"][:SHOWN],
        overdue_in_all=late["overdue_count"],
        changes=about_changes(publication, suppliers, nobody, speech),
    )
