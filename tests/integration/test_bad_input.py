"""What broken files get: a message with source and remedy, a degraded publication, exit code 3; the rest goes on."""

import gzip
import json
from pathlib import Path

import polars as pl
import pytest
import yaml

from tests.conftest import Finished, World, make_world, run_tierline

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Finished]:
    """A demo world in which five sources are broken, each in its own way, after one run."""
    world = make_world(tmp_path_factory.mktemp("broken") / "demo", suppliers=60, sensitivity_draws=0)
    sources = world.config.parent / "sources"
    next((sources / "ownership").glob("*.json")).unlink()
    (sources / "lists" / "tvpra_goods.csv").write_bytes(b"")
    whole = gzip.compress((sources / "lists" / "opensanctions_targets.csv").read_bytes())
    (sources / "lists" / "opensanctions_targets.csv").write_bytes(whole[: len(whole) // 2])
    audits = sources / "audits" / "audit_findings.csv"
    audits.write_text(audits.read_text(encoding="utf-8").replace("audit_date", "date_of_visit", 1), encoding="utf-8")
    tiers = sources / "country" / "tip_tiers.csv"
    tiers.write_bytes(tiers.read_text(encoding="utf-8").encode("utf-16"))
    return world, world.tierline("run", "--run-id", "degraded")


def test_the_exit_code_says_that_sources_are_degraded(broken: tuple[World, Finished]) -> None:
    world, finished = broken

    assert finished.code == 3, finished.stderr
    assert world.published().resolve().name == "degraded"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("bods_ownership", "no file"),
        ("us_dol_tvpra", "empty"),
        ("opensanctions_simple", "truncated"),
        ("audit_findings_csv", "audit_date"),
        ("country_tip", "encoding"),
    ],
)
def test_each_broken_source_is_named_with_its_reason(broken: tuple[World, Finished], source: str, words: str) -> None:
    _, finished = broken
    told = [line for line in finished.stdout.splitlines() if line.startswith("DEGRADED") and source in line]

    assert len(told) == 1, finished.stdout
    assert words in told[0].lower()


def test_the_report_and_the_manifest_say_which(broken: tuple[World, Finished]) -> None:
    world, _ = broken
    report = (world.home / "reports" / "degraded" / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((world.published() / "manifest.json").read_text(encoding="utf-8"))

    for source in ("bods_ownership", "us_dol_tvpra", "opensanctions_simple", "audit_findings_csv", "country_tip"):
        assert source in report
        assert source in json.dumps(manifest)


def test_the_other_sources_went_on(broken: tuple[World, Finished]) -> None:
    world, _ = broken
    snapshots = pl.read_parquet(world.published() / "parquet" / "source_snapshot.parquet")

    assert snapshots.filter((pl.col("status") == "loaded") & (pl.col("loaded_count") > 0)).height >= 6


def test_a_required_source_that_fails_fails_the_run(tmp_path: Path) -> None:
    config = {
        "home": "home",
        "as_of": "2026-11-01",
        "sources": [{"id": "erp_vendor_master", "path": "none.csv", "required": True}],
    }
    path = tmp_path / "tierline.yml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")

    finished = run_tierline(["run", "--config", str(path)])

    assert finished.code == 1
    assert "erp_vendor_master" in finished.stderr
    assert "What to do" in finished.stderr
    assert not (tmp_path / "home" / "published").exists()
