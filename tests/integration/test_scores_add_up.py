"""Every score is the sum of its rows: at each site of the demo world, and of the public files if they are at hand."""

from pathlib import Path

import polars as pl
import pytest
import yaml

from tests.conftest import REAL_DATA, World, run_tierline
from tierline.run import PROJECT
from tierline.settings import load_settings

pytestmark = pytest.mark.integration

EXAMPLE = PROJECT / "examples" / "real.yml"
SITE = ["supplier_id", "site_id"]
LARGEST, EVERY = "us_h2_certifications", 20
"""A source with many times the records of all others together, and of how many of its records one is read."""


def assert_all_add_up(parquet: Path) -> None:
    sums = pl.read_parquet(parquet / "score_evidence.parquet").group_by(SITE).agg(pl.col("contribution").sum())
    sites = pl.read_parquet(parquet / "site_score.parquet").join(sums, on=SITE, how="left")
    worst = pl.col("worst_site_id").alias("site_id")
    suppliers = pl.read_parquet(parquet / "supplier_score.parquet").with_columns(worst).join(sums, on=SITE, how="left")

    assert suppliers.height == pl.read_parquet(parquet / "dim_supplier.parquet").height > 0
    for scores in (sites, suppliers):
        assert scores["contribution"].null_count() == 0
        assert scores.select((pl.col("contribution") - pl.col("raw_score")).abs().max()).item() < 1e-9
        assert (
            scores.select((pl.col("raw_score") + pl.col("clip_adjustment") - pl.col("score")).abs().max()).item() < 1e-9
        )


def sample(path: Path, folder: Path) -> Path:
    """Writes a file with some of the records of another, taken evenly from first to last, and gives its path."""
    sampled = folder / path.name.removesuffix(".gz")
    pl.read_csv(path, infer_schema=False).gather_every(EVERY).write_csv(sampled)
    return sampled


def test_at_every_site_of_the_demo_world(world: World) -> None:
    assert_all_add_up(world.published() / "parquet")


@pytest.mark.real_data
@pytest.mark.skipif(not REAL_DATA.is_dir(), reason="../shared/data is not there: the real files are not in the project")
def test_at_every_site_of_the_public_files(tmp_path: Path) -> None:
    example = load_settings(EXAMPLE)
    written = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    sources = [{**source, "path": str(example.base / source["path"])} for source in written["sources"]]
    for source in sources:
        if source["id"] == LARGEST:
            source["path"] = str(sample(Path(source["path"]), tmp_path))
    settings = {**written, "home": str(tmp_path / "home"), "sensitivity_draws": 0, "sources": sources}
    config = tmp_path / "tierline.yml"
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")

    finished = run_tierline(["run", "--config", str(config)], timeout=3600)

    assert finished.code in (0, 3), finished.stderr[-2000:]
    assert_all_add_up(tmp_path / "home" / "published" / "current" / "parquet")
