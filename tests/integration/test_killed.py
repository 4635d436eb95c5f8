"""A run killed in any stage leaves what readers see as it was, and going on gives what an undisturbed run gives."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import World, clean_environment, make_world
from tests.integration.test_pipeline import hashes

pytestmark = pytest.mark.integration

MOMENTS = (0.7, 0.4, 0.2, 0.1, 0.05)
STAGES = ("fetch", "load", "check", "survey", "prepare", "match", "transform", "score", "publish", "report")


def start(world: World, stage: str, run_id: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tierline.cli", stage, "--run-id", run_id, "--config", str(world.config)],
        env=clean_environment(), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(world: World, stage: str, run_id: str) -> float:
    began = time.monotonic()
    process = start(world, stage, run_id)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors.decode()
    return time.monotonic() - began


def kill_after(world: World, stage: str, run_id: str, seconds: float) -> bool:
    process = start(world, stage, run_id)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    return False


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, dict[str, float]]:
    """A world with one publication, and how long each stage took."""
    world = make_world(tmp_path_factory.mktemp("killed") / "demo")
    return world, {stage: finish(world, stage, "good") for stage in STAGES}


def test_a_run_killed_in_each_stage_harms_nothing(published: tuple[World, dict[str, float]]) -> None:
    world, seconds = published
    good = hashes(world.published("good"))
    report = (world.home / "reports" / "good" / "report.html").read_bytes()

    for stage in STAGES:
        # on a machine with other work a stage may be faster than it was; then an earlier moment is tried
        assert any(kill_after(world, stage, "next", seconds[stage] * moment) for moment in MOMENTS), stage
        if stage != "report":
            assert world.published().resolve().name in {"good", "next"}
            assert hashes(world.published()) == good, stage
        finish(world, stage, "next")

    assert world.published().resolve().name == "next"
    assert hashes(world.published("next")) == hashes(world.published("good")) == good
    assert (world.home / "reports" / "good" / "report.html").read_bytes() == report
    assert not leftovers(world.home)


def leftovers(home: Path) -> list[Path]:
    return [path for folder in ("published", "reports") for path in (home / folder).glob(".*")]
