import json
from pathlib import Path

import polars as pl
import pytest

from serving.reports.published import Published
from serving.steps import publish
from tests.unit.serving.world import make_rows, make_run, write_warehouse


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A small published world: suppliers with audit findings, and some with surveys of workers."""
    run = make_run(tmp_path_factory.mktemp("contests"), "first")
    write_warehouse(run, make_rows(60))
    publish(run)
    folder = run.home.published / "first"
    return Published(folder, json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def supplier(published: Published) -> str:
    """A supplier with an adverse row from an audit and one from workers."""
    adverse = published.table("score_evidence").filter(pl.col("kind") == "adverse")
    kinds = adverse.group_by("supplier_id").agg(pl.col("source_type").unique()).collect()
    both = kinds.filter(
        pl.col("source_type").list.contains("announced_audit") & pl.col("source_type").list.contains("offsite_survey")
    )
    return str(both["supplier_id"].sort()[0])


def without_workers(published: Published, folder: Path) -> Published:
    """Gives a copy of a publication in which no worker ever said anything."""
    parquet = folder / "parquet"
    parquet.mkdir(parents=True)
    for path in sorted((published.folder / "parquet").iterdir()):
        rows = pl.read_parquet(path)
        if path.stem == "score_evidence":
            rows = rows.filter(pl.col("release_id").is_null())
        rows.write_parquet(parquet / path.name)
    return Published(folder, published.manifest)
