"""dbt's own unit tests of the hard models, on the relations of a built warehouse."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import AS_OF, World, clean_environment
from tierline.run import PROJECT

pytestmark = pytest.mark.integration


def test_every_unit_test_of_the_models_passes(world: World, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copy(world.home / "warehouse.duckdb", warehouse)
    project = str(PROJECT / "dbt_project")

    finished = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--no-send-anonymous-usage-stats"),
            *("test", "--select", "test_type:unit", "--project-dir", project, "--profiles-dir", project),
            *("--vars", json.dumps({"as_of": AS_OF.isoformat()})),
        ],
        env={
            **clean_environment(),
            "TIERLINE_WAREHOUSE": str(warehouse),
            "DBT_TARGET_PATH": str(tmp_path / "target"),
            "DBT_LOG_PATH": str(tmp_path / "logs"),
        },
        cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert finished.returncode == 0, finished.stdout[-4000:]
    results = json.loads((tmp_path / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert len(results) >= 10
    assert {result["status"] for result in results} == {"pass"}
