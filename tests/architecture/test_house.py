"""The house is the map: rooms exist, imports go one way, DuckDB has one door, time and chance come as arguments."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tierline.run import PROJECT

ROOMS = ("tierline", "demo_world", "ingest", "matching", "models", "scoring", "serving")
TOP_LEVEL = (
    *("dags", "dbt_project", "models", "ingest", "matching", "scoring", "serving", "tests", "tierline", "docs"),
    *(
        "airflow.cfg",
        "pyproject.toml",
        "README.md",
        "Makefile",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        ".ci/run",
    ),
)
CLOCK_CALLS = {"now", "utcnow", "today", "time"}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for room in (*ROOMS, "dags"):
        for path in sorted((PROJECT / room).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_room_exists(name: str) -> None:
    assert (PROJECT / name).exists()


def test_only_the_warehouse_calls_duckdb_connect() -> None:
    callers = {
        str(path.relative_to(PROJECT))
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "connect" and getattr(node.value, "id", "") == "duckdb"
    }

    assert callers == {"tierline/warehouse.py"}


def test_only_the_command_line_asks_for_the_time_of_day() -> None:
    askers = {
        str(path.relative_to(PROJECT))
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK_CALLS
        and getattr(node.func.value, "id", "") in {"datetime", "date", "time"}
    }

    assert askers <= {"tierline/cli_options.py"}


def test_dags_import_nothing_heavy_when_they_are_parsed() -> None:
    for path in sorted((PROJECT / "dags").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                roots = [node.module] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
                allowed = {"airflow", "datetime", "pathlib", "typing"}
                assert {str(root).split(".")[0] for root in roots} <= allowed, path


def test_the_restricted_store_is_opened_by_the_loader_and_the_survey_step_alone() -> None:
    openers = {
        str(path.relative_to(PROJECT))
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "restricted_warehouse"
    }

    assert openers
    assert all(name.startswith("ingest/") for name in openers), openers


def test_imports_go_one_way() -> None:
    linted = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert linted.returncode == 0, linted.stdout
