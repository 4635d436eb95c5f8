"""What tests of several kinds share: a demo world with canaries planted in its surveys, and the command line."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

AS_OF = date(2026, 11, 1)
SUPPLIERS = 240
SEED = 11
CANARIES = ("CANARYfreetext7391", "CANARYanswer4127", "CANARYuuid8850", "CANARYdate6604", "CANARYbroken5273")
REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


LONGEST = ("integration", "dags", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files that take minutes first, so that no worker is left alone with one of them at the end."""
    items.sort(key=lambda item: LONGEST.index(kind) if (kind := _kind(item)) in LONGEST else len(LONGEST))


def _kind(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


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

    def tierline(self, *arguments: str, timeout: float = 600) -> Finished:
        return run_tierline([*arguments, "--config", str(self.config)], timeout)

    def published(self, run_id: str = "current") -> Path:
        return self.home / "published" / run_id


def run_tierline(arguments: Sequence[str], timeout: float = 600) -> Finished:
    """Runs the command line as its users do, in a process of its own."""
    finished = subprocess.run(
        [sys.executable, "-m", "tierline.cli", *arguments],
        capture_output=True, text=True, timeout=timeout, check=False, env=clean_environment(),
    )  # fmt: skip
    return Finished(finished.returncode, finished.stdout, finished.stderr)


def clean_environment() -> dict[str, str]:
    """The environment without settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TIERLINE_", "AIRFLOW"))}


def make_world(directory: Path) -> World:
    """Writes a small demo world and plants a canary in every place where a worker's words or identity could be."""
    from demo_world import write

    write(directory, suppliers=SUPPLIERS, seed=SEED, as_of=AS_OF)
    plant_canaries(sorted((directory / "sources" / "surveys").glob("*.json"))[0])
    return World(directory / "tierline.yml", directory / "home")


def plant_canaries(survey: Path) -> None:
    page = json.loads(survey.read_text(encoding="utf-8"))
    free_text, answer, identity, moment, broken = CANARIES
    page["results"][0]["q/free_text"] = free_text
    page["results"][1]["q/documents_held"] = answer
    page["results"][2]["_uuid"] = page["results"][2]["meta/rootUuid"] = identity
    page["results"][3]["_submission_time"] = moment
    page["results"][4] = broken
    survey.write_text(json.dumps(page), encoding="utf-8")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A demo world that one run, 'first', has published."""
    made = make_world(tmp_path_factory.mktemp("world") / "demo")
    finished = made.tierline("run", "--run-id", "first")
    assert finished.code in {0, 3}, finished.stderr
    return made
