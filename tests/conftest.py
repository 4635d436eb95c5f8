"""What tests of several kinds share: a demo world with canaries planted in its surveys, and the command line."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import yaml

AS_OF = date(2026, 11, 1)
SUPPLIERS = 240
SEED = 11
RUN_LOG = "first.log"
"""Beside the configuration of the finished world: what its run told of its steps."""
CANARIES = ("CANARYfreetext7391", "CANARYanswer4127", "CANARYuuid8850", "CANARYdate6604", "CANARYbroken5273")
REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


LONGEST = (
    "integration/test_contest_and_act",
    "dags",  # needs no finished world, so that two workers need not wait for it at the start
    "integration/test_scores_add_up",
    "integration/test_killed",
    "integration/test_auditors",
    "integration/dbt/test_dbt_project",
    "integration",
    "browser",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files that take minutes first, so that no worker is left alone with one of them at the end."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    path = item.path.relative_to(Path(__file__).parent).as_posix()
    return next((place for place, begins in enumerate(LONGEST) if path.startswith(begins)), len(LONGEST))


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class World:
    """A demo world and the home its runs write to."""

    config: Path
    home: Path

    def tierline(self, *arguments: str, timeout: float = 1800) -> Finished:
        return run_tierline([*arguments, "--config", str(self.config)], timeout)

    def published(self, run_id: str = "current") -> Path:
        return self.home / "published" / run_id


def run_tierline(arguments: Sequence[str], timeout: float = 1800) -> Finished:
    """Runs the command line as its users do, in a process of its own."""
    finished = subprocess.run(
        [sys.executable, "-m", "tierline.cli", *arguments],
        capture_output=True, text=True, timeout=timeout, check=False, env=clean_environment(),
    )  # fmt: skip
    return Finished(finished.returncode, finished.stdout, finished.stderr)


def clean_environment() -> dict[str, str]:
    """The environment without settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TIERLINE_", "AIRFLOW"))}


def make_world(directory: Path, suppliers: int = SUPPLIERS, **settings: Any) -> World:
    """Writes a small demo world and plants a canary in every place where a worker's words or identity could be."""
    from demo_world import write

    write(directory, suppliers=suppliers, seed=SEED, as_of=AS_OF)
    plant_canaries(sorted((directory / "sources" / "surveys").glob("*.json"))[0])
    made = World(directory / "tierline.yml", directory / "home")
    if settings:
        with made.config.open("a", encoding="utf-8") as config:
            config.write(yaml.safe_dump(settings))
    return made


def plant_canaries(survey: Path) -> None:
    page = json.loads(survey.read_text(encoding="utf-8"))
    free_text, answer, identity, moment, broken = CANARIES
    page["results"][0]["q/free_text"] = free_text
    page["results"][1]["q/documents_held"] = answer
    page["results"][2]["_uuid"] = page["results"][2]["meta/rootUuid"] = identity
    page["results"][3]["_submission_time"] = moment
    page["results"][4] = broken
    survey.write_text(json.dumps(page), encoding="utf-8")


def copy_of(world: World, folder: Path) -> World:
    """Copies a world with its home, for a test that changes either."""
    shutil.copytree(world.config.parent, folder, symlinks=True)
    return World(folder / "tierline.yml", folder / "home")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A demo world that one run, 'first', has published: run once, and copied for each worker."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (shared / "world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        finished = _finished_world(shared / "world")
    return copy_of(finished, tmp_path_factory.mktemp("own_world") / "demo")


def _finished_world(folder: Path) -> World:
    """Gives the world that `first` has run in; it is there only if the run ended well."""
    if not folder.exists():
        unfinished = Path(mkdtemp(dir=folder.parent, prefix="unfinished-"))
        made = make_world(unfinished / "demo")
        ended = made.tierline("run", "--run-id", "first")
        assert ended.code in {0, 3}, ended.stderr
        (made.config.parent / RUN_LOG).write_text(ended.stderr, encoding="utf-8")
        unfinished.rename(folder)
    return World(folder / "demo" / "tierline.yml", folder / "demo" / "home")
