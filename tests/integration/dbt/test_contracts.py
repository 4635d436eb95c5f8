"""Words of the project are those of the tables, a broken contract stops the run, and dbt's own unit tests pass."""

import json
import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from serving.descriptions import described_tables
from tests.integration.dbt.test_dbt_project import ask, built
from tests.integration.dbt_server import DbtServer
from tierline.dbt_process import dbt_command, dbt_environment
from tierline.errors import CheckFailed
from tierline.run import PROJECT, Run
from tierline.transform import _build

pytestmark = pytest.mark.integration

SCHEMAS = ("canonical", "features", "ingest", "intermediate", "marts", "seeds", "staging")
BROKEN_ON_PURPOSE = [
    (
        "another type",
        "shared.supplier_count,",
        "cast(shared.supplier_count as varchar) as supplier_count,",
        "supplier_count",
    ),
    ("a column more", "shared.labour_hours\n", "shared.labour_hours,\n        1 as surplus\n", "surplus"),
    ("a column less", "        shared.currency,\n", "", "currency"),
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run whose sources gave nothing: every table is there and has no row of its own."""
    return built(tmp_path_factory.mktemp("empty") / "home", date(2026, 6, 1), {})


def test_every_column_of_every_table_is_described_and_no_other(empty: Run) -> None:
    listed = "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns() WHERE schema_name IN "
    there: dict[str, set[str]] = defaultdict(set)
    for table, column in ask(empty, f"{listed} {SCHEMAS} ORDER BY ALL"):
        there[table].add(column)
    said = {
        table: set(text.columns) for table, text in described_tables(PROJECT).items() if table.split(".")[0] in SCHEMAS
    }

    wrong = {
        table: {
            "not described": there[table] - said.get(table, set()),
            "not there": said.get(table, set()) - there[table],
        }
        for table in sorted(there.keys() | said.keys())
        if there[table] != said.get(table, set())
    }
    assert wrong == {}, "describe them in the file beside the model, or `make docs` for what loading fills"


@pytest.mark.parametrize(
    ("was", "becomes", "column"), [case[1:] for case in BROKEN_ON_PURPOSE], ids=[case[0] for case in BROKEN_ON_PURPOSE]
)
def test_a_contract_broken_on_purpose_stops_the_run(
    empty: Run, tmp_path: Path, was: str, becomes: str, column: str
) -> None:
    project = tmp_path / "checkout"
    shutil.copytree(PROJECT / "dbt_project", project / "dbt_project")
    model = project / "dbt_project" / "models" / "marts" / "fct_award.sql"
    sql = model.read_text(encoding="utf-8")
    assert sql.count(was) == 1
    model.write_text(sql.replace(was, becomes), encoding="utf-8")

    with pytest.raises(CheckFailed) as stopped:
        _build(replace(empty, project=project), "transform", ("--select", "fct_award"))

    [told] = [line for line in str(stopped.value).splitlines() if "model.tierline.fct_award" in line]
    assert "enforced contract" in told
    assert column in told


def test_every_unit_test_of_the_models_passes(empty: Run, dbt_server: DbtServer, tmp_path: Path) -> None:
    finished = dbt_server.run(
        dbt_command(empty, "test", "--select", "test_type:unit"), cwd=PROJECT, env=dbt_environment(empty, tmp_path)
    )

    assert finished.returncode == 0, finished.stdout[-4000:]
    results = json.loads((tmp_path / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert len(results) >= 10
    assert {result["status"] for result in results} == {"pass"}
