"""docs/add-a-source.md, followed word by word in a copy of the project: commands, files and the output it shows."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tierline.run import PROJECT

PAGE = (PROJECT / "docs" / "add-a-source.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ROOMS = ("tierline", "ingest", "scoring", "serving", "models")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the commands need, so that the walk-through may write to its declarations."""
    copy = tmp_path_factory.mktemp("project")
    for room in ROOMS:
        shutil.copytree(PROJECT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def run(project: Path, folder: Path, command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "tierline"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIERLINE_")}
    finished = subprocess.run(
        [sys.executable, "-m", "tierline.cli", *words[1:]],
        cwd=folder, env={**clean, "PYTHONPATH": str(project)}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert finished.returncode == 0, f"{command}\n{finished.stdout}{finished.stderr}"
    return finished.stdout


def test_the_page_can_be_followed_word_by_word(project: Path, tmp_path: Path) -> None:
    declaration, configuration, own_mapping = (text for kind, text in BLOCKS if kind == "yaml")
    told = ""
    for kind, text in BLOCKS:
        if kind == "csv":
            (tmp_path / "fournisseurs.csv").write_text(text, encoding="utf-8")
        elif kind == "json":
            (tmp_path / "visites.json").write_text(text, encoding="utf-8")
        elif kind == "console":
            told = "".join(run(project, tmp_path, line) for line in text.splitlines())
        elif kind == "text":
            assert [line for line in text.splitlines() if line not in told] == [], told
        elif text == declaration:
            (project / "ingest" / "sources" / "fournisseurs" / "source.yml").write_text(text, encoding="utf-8")
        elif text == configuration:
            (tmp_path / "tierline.yml").write_text(text, encoding="utf-8")
        else:
            assert text == own_mapping


def test_every_source_that_the_page_names_is_declared() -> None:
    table = PAGE.partition("## Where to start for other kinds")[2].partition("Audit schemes differ")[0]
    named = set(re.findall(r"`([a-z0-9_]+)`", table)) - {"each_of"}

    assert named
    assert [name for name in named if not (PROJECT / "ingest" / "sources" / name).is_dir()] == []
