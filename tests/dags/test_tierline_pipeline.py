"""The DAG as Airflow sees it, and one real run of it."""

import itertools
import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CANARIES, World, clean_environment, make_world
from tests.unit.mail.conftest import Postbox, relay
from tierline.run import PROJECT

pytestmark = pytest.mark.dags

Printed = subprocess.CompletedProcess[str]

CHAIN = ["load", "check", "survey", "prepare", "match", "transform", "score", "publish", "report"]
DESCRIBE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
print("DESCRIBED " + json.dumps({"errors": list(bag.import_errors.values()), "dags": {
    dag_id: {"max_active_runs": dag.max_active_runs, "schedule": str(dag.schedule), "tasks": {
        task.task_id: {"down": sorted(task.downstream_task_ids), "pool": task.pool, "retries": task.retries}
        for task in dag.tasks}}
    for dag_id, dag in bag.dags.items()}}))
"""


def run_airflow(home: Path, config: Path, *command: str) -> Printed:
    environment = {
        **clean_environment(),
        "AIRFLOW_HOME": str(home),
        "TIERLINE_CONFIG": str(config),
        "TIERLINE_AIRFLOW_PORT": "18793",
    }
    return subprocess.run(
        command, env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=1800, check=False
    )


@pytest.fixture(scope="module")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("airflow")


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("bag")
    finished = run_airflow(home, Path("none.yml"), sys.executable, "-c", DESCRIBE, str(PROJECT / "dags"))
    line = next((line for line in finished.stdout.splitlines() if line.startswith("DESCRIBED ")), None)
    assert line is not None, finished.stdout + finished.stderr
    found: dict[str, Any] = json.loads(line.removeprefix("DESCRIBED "))
    return found


def test_there_is_exactly_this_dag_and_it_imports(described: dict[str, Any]) -> None:
    assert described["errors"] == []
    assert set(described["dags"]) == {"tierline_pipeline"}


def test_fetches_come_first_and_then_one_chain_of_writers(described: dict[str, Any]) -> None:
    tasks = described["dags"]["tierline_pipeline"]["tasks"]

    assert set(tasks) == {"source_names", "fetch", *CHAIN, "send"}
    assert tasks["source_names"]["down"] == ["fetch"]
    assert tasks["fetch"]["down"] == ["load"]
    for earlier, later in itertools.pairwise(CHAIN):
        assert tasks[earlier]["down"] == [later]


def test_sending_comes_last_and_is_tried_again(described: dict[str, Any]) -> None:
    tasks = described["dags"]["tierline_pipeline"]["tasks"]

    assert tasks["report"]["down"] == ["send"]
    assert (tasks["send"]["down"], tasks["send"]["retries"]) == ([], 4)


def test_writers_share_a_pool_and_runs_do_not_overlap(described: dict[str, Any]) -> None:
    dag = described["dags"]["tierline_pipeline"]

    assert dag["max_active_runs"] == 1
    assert dag["schedule"] == "0 5 * * 1"
    assert {name for name, task in dag["tasks"].items() if task["pool"] == "tierline_writer"} == set(CHAIN[:-1])


def test_the_chain_is_the_one_of_the_command_line() -> None:
    from tierline.cli import CHAIN as COMMANDS

    assert list(COMMANDS) == CHAIN


@pytest.fixture(scope="module")
def postbox() -> Iterator[Postbox]:
    """A mail server on loopback."""
    with relay() as box:
        yield box


@pytest.fixture(scope="module")
def ran(
    airflow_home: Path, tmp_path_factory: pytest.TempPathFactory, postbox: Postbox
) -> "tuple[World, subprocess.CompletedProcess[str]]":
    """A world that Airflow ran once, and what it printed."""
    mail = {"host": "127.0.0.1", "port": postbox.port, "security": "none", "sender": "risk@example.org",
            "to": ["lead@example.org"]}  # fmt: skip
    world = make_world(tmp_path_factory.mktemp("scheduled") / "demo", suppliers=60, sensitivity_draws=0, mail=mail)
    command = (str(PROJECT / "dags" / "standalone.sh"), "dags", "test", "tierline_pipeline")
    return world, run_airflow(airflow_home, world.config, *command)


def test_airflow_runs_it_to_a_publication(ran: tuple[World, Printed]) -> None:
    world, finished = ran

    assert finished.returncode == 0, finished.stdout[-3000:] + finished.stderr[-3000:]
    assert (world.published() / "manifest.json").exists(), finished.stdout[-3000:]
    assert (world.home / "reports" / "latest" / "report.html").exists()


def test_airflow_sends_the_report_and_no_answer_of_a_worker(ran: tuple[World, Printed], postbox: Postbox) -> None:
    assert [str(message["To"]) for message in postbox.messages] == ["lead@example.org"]
    message = postbox.messages[0]
    assert any(part.get_content_type() == "application/pdf" for part in message.iter_attachments())
    said = [part.get_payload(decode=True) or b"" for part in message.walk()]
    assert not [canary for canary in CANARIES for part in said if canary.encode() in part]


def test_no_answer_of_a_worker_is_in_what_airflow_keeps(ran: tuple[World, Printed], airflow_home: Path) -> None:
    """Its database holds what tasks hand over (XCom); beside it are the logs of tasks."""
    _, finished = ran
    kept = [path for path in airflow_home.rglob("*") if path.is_file()]

    assert any(path.suffix == ".db" for path in kept)
    assert not any(canary in finished.stdout + finished.stderr for canary in CANARIES)
    assert not [(canary, path.name) for path in kept for canary in CANARIES if canary.encode() in path.read_bytes()]


def test_secrets_are_made_once_and_only_their_owner_reads_them(ran: tuple[World, Printed], airflow_home: Path) -> None:
    secrets = airflow_home / "secrets.env"
    first = secrets.read_text()

    run_airflow(airflow_home, Path("none.yml"), str(PROJECT / "dags" / "standalone.sh"), "version")

    assert secrets.read_text() == first
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
