"""The published tables as CSV."""

from pathlib import Path

import polars as pl

from serving.exports.text import flat, inert


def write_csv_files(parquet: Path, folder: Path) -> list[Path]:
    """Writes one CSV file (UTF-8, header, ISO dates) for each Parquet file of the folder; memory stays bounded."""
    folder.mkdir()
    return [_write(path, folder / f"{path.stem}.csv") for path in sorted(parquet.glob("*.parquet"))]


def _write(source: Path, target: Path) -> Path:
    table = flat(pl.scan_parquet(source))
    texts = [name for name, kind in table.collect_schema().items() if kind == pl.String]
    table.with_columns(inert(name) for name in texts).sink_csv(target)
    return target
