"""A run killed in any stage leaves what readers see as it was, and going on gives what an undisturbed run gave."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import RUN_LOG, World, clean_environment, copy_of
from tierline.files import sha256_of_file

pytestmark = pytest.mark.integration

MOMENTS = (0.6, 0.4, 0.2, 0.1, 0.05)
STAGES = ("fetch", "load", "check", "survey", "prepare", "match", "transform", "score", "publish", "report")


@dataclass(frozen=True)
class Disturbed:
    """A world whose second run, 'next', was killed once in each stage and went on to its end."""

    world: World
    published_before: dict[str, str]
    report_before: bytes
    seen_after_kill: dict[str, dict[str, str]]
    """What readers saw after the kill in each stage up to the publication."""


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: sha256_of_file(path) for path in sorted((folder / "parquet").glob("*.parquet"))}


def start(world: World, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tierline.cli", *words],
        env=clean_environment(), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def start_stage(world: World, stage: str) -> "subprocess.Popen[bytes]":
    return start(world, stage, "--run-id", "next", "--config", str(world.config))


def finish(process: "subprocess.Popen[bytes]") -> float:
    began = time.monotonic()
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors.decode()
    return time.monotonic() - began


def kill_after(world: World, stage: str, seconds: float) -> bool:
    process = start_stage(world, stage)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    return False


def seconds_of_stages(world: World) -> dict[str, float]:
    """How long each stage takes as a command of its own: what the undisturbed run told, and the start of a process."""
    told = (world.config.parent / RUN_LOG).read_text(encoding="utf-8")
    to_start = finish(start(world, "version"))
    return {stage: to_start + float(took) for stage, took in re.findall(r"(\w+) +done in ([\d.]+) s", told)}


@pytest.fixture(scope="module")
def disturbed(world: World, tmp_path_factory: pytest.TempPathFactory) -> Disturbed:
    copied = copy_of(world, tmp_path_factory.mktemp("killed") / "demo")
    seconds = seconds_of_stages(copied)
    before = hashes(copied.published("first"))
    report = (copied.home / "reports" / "first" / "report.html").read_bytes()
    seen = {}
    for stage in STAGES:
        # on a machine with other work a stage may be faster than it was; then an earlier moment is tried
        assert any(kill_after(copied, stage, seconds[stage] * moment) for moment in MOMENTS), stage
        if stage != "report":
            assert copied.published().resolve().name in {"first", "next"}
            seen[stage] = hashes(copied.published())
        finish(start_stage(copied, stage))
    return Disturbed(copied, before, report, seen)


def test_a_run_killed_in_each_stage_harms_nothing(disturbed: Disturbed) -> None:
    assert disturbed.seen_after_kill == dict.fromkeys(STAGES[:-1], disturbed.published_before)
    report = disturbed.world.home / "reports" / "first" / "report.html"
    assert report.read_bytes() == disturbed.report_before
    assert [path for folder in ("published", "reports") for path in (disturbed.world.home / folder).glob(".*")] == []


def test_the_same_run_twice_gives_the_same_bytes_killed_or_not(disturbed: Disturbed) -> None:
    assert disturbed.world.published().resolve().name == "next"
    first, second = (hashes(disturbed.world.published(run_id)) for run_id in ("first", "next"))
    assert second == first == disturbed.published_before
    assert len(first) > 40
