"""Sources and their terms of use, beside every export: who may do what with it, and whom to name."""

from pathlib import Path
from typing import Any

import polars as pl

from serving.exports.text import inert
from serving.language import mark

SHEET = mark("Sources and licences")
COLUMNS = (
    *("source_name", "title", "publisher", "citation", "licence", "licence_url", "licence_attribution"),
    *("licence_share_alike", "licence_consent_required", "licence_accepted", "sensitivity"),
)
"""What is told of each source; the counts of records follow them."""

COUNTS = ("read_count", "loaded_count", "quarantined_count", "repeated_count")
SHARE_ALIKE = "What you make of it and give on must stand under the same terms."


def terms_of_sources(parquet: Path) -> pl.DataFrame:
    """Gives one row a source of a publication: who publishes it, its licence, and what became of its records."""
    return (
        pl.scan_parquet(parquet / "source_snapshot.parquet")
        .sort("source_name", "snapshot_sha256", "file_name")
        .group_by("source_name", maintain_order=True)
        .agg(pl.col(COLUMNS[1:]).first(), pl.col(COUNTS).fill_null(0).sum())
        .select(*COLUMNS, *COUNTS)
        .collect()
    )


def write_terms(parquet: Path, folder: Path) -> list[Path]:
    """Writes `sources.csv` and `LICENCES.txt` into the folder of an export; gives their paths."""
    terms = terms_of_sources(parquet)
    table, text = folder / "sources.csv", folder / "LICENCES.txt"
    texts = [name for name, kind in terms.schema.items() if kind == pl.String]
    terms.with_columns(inert(name) for name in texts).write_csv(table)
    text.write_text("\n".join(_paragraph(row) for row in terms.to_dicts()), encoding="utf-8")
    return [table, text]


def _paragraph(row: dict[str, Any]) -> str:
    lines = [f"{row['title'] or row['source_name']} ({row['source_name']})", f"  Publisher: {row['publisher']}"]
    lines.append(f"  Licence: {' '.join(str(part) for part in (row['licence'], row['licence_url']) if part)}")
    if row["licence_attribution"]:
        lines.append(f"  Name it as: {row['licence_attribution']}")
    if row["citation"]:
        lines.append(f"  Cite: {row['citation']}")
    if row["licence_share_alike"]:
        lines.append(f"  Share alike: {SHARE_ALIKE}")
    if row["licence_consent_required"]:
        is_given = "accepted in the configuration" if row["licence_accepted"] else "not accepted in the configuration"
        lines.append(f"  Consent: asked for; {is_given}")
    return "".join(" ".join(line.splitlines()) + "\n" for line in lines)
