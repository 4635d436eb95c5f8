"""SIGKILL at the worst moments of publishing: readers see the old or the new publication, and going on works."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from serving.steps import publish, report
from tests.unit.serving.test_publish import parquet_hashes
from tests.unit.serving.world import make_run
from tierline.run import PROJECT, Run

_KILLED = """
import os, signal, sys
from pathlib import Path
import {module} as module
from tests.unit.serving.world import make_run
setattr(module, {function!r}, lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL))
module.{entry}(make_run(Path({root!r}), "next"))
"""


def kill_at(root: Path, module: str, function: str, entry: str) -> None:
    script = _KILLED.format(module=module, function=function, entry=entry, root=str(root))
    killed = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()


@pytest.mark.parametrize("function", ["refuse_what_breaks_a_rule", "make_manifest", "promote", "point"])
def test_killed_while_publishing(good: Run, tmp_path: Path, function: str) -> None:
    before = parquet_hashes(good, "good")

    kill_at(tmp_path, "serving.publish", function, "publish_run")

    assert (good.home.published / "current").resolve().name == "good"
    assert parquet_hashes(good, "current") == before
    publish(make_run(tmp_path, "next"))
    assert (good.home.published / "current").resolve().name == "next"
    assert parquet_hashes(good, "next") == before
    assert sorted(path.name for path in good.home.published.iterdir()) == ["current", "good", "next"]


@pytest.mark.parametrize("function", ["write_workbook", "_put", "point"])
def test_killed_while_reporting(good: Run, tmp_path: Path, function: str) -> None:
    following = make_run(tmp_path, "next")
    publish(following)
    report(good)

    kill_at(tmp_path, "serving.reporting", function, "report_run")

    assert (good.home.reports / "latest").resolve().name == "good"
    report(following)
    assert (good.home.reports / "latest").resolve().name == "next"
    assert (good.home.reports / "latest" / "report.html").stat().st_size > 10_000
    assert sorted(path.name for path in good.home.reports.iterdir()) == ["good", "latest", "next"]
