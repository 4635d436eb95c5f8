"""dbt for many small builds: imported and parsed once in a process of its own, which forks for each build.

Starting dbt and parsing the project takes longer than a build of a few rows. Tests of what the models say need neither
again; that the command itself works is shown by the tests that run `tierline`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tierline.dbt_process import dbt_command, dbt_environment
from tierline.run import PROJECT, Run
from tierline.warehouse import connect, quote_identifier, quote_text

_OF_DBT = 3
"""Where dbt's own words begin in the command that starts it with Python."""
_WITHOUT_SEEDS = ("--exclude-resource-type", "seed")


class DbtServer:
    """Runs dbt commands on the project of the tests, each in a fork of one process that has parsed it."""

    def __init__(self, run: Run) -> None:
        """Starts the process; `run` gives it a place to parse with, and a warehouse that holds the seeds."""
        run.home.root.mkdir(parents=True, exist_ok=True)
        self._printed, self._log = (run.home.root / name for name in ("printed.txt", "server.log"))
        environment = dbt_environment(run, run.home.artifacts / "dbt")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.dbt_server", *dbt_command(run, "parse")[_OF_DBT:]],
            env=environment, cwd=PROJECT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log.open("wb"),
        )  # fmt: skip
        seeded = self.run(dbt_command(run, "seed"), cwd=PROJECT, env=environment)
        assert seeded.returncode == 0, seeded.stdout
        self._seeded = run.home.warehouse

    def run(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], **_: Any
    ) -> subprocess.CompletedProcess[str]:
        """Stands in for `subprocess.run`: gives exit code and output of a dbt command, of another project as usual."""
        if cwd != PROJECT:
            return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
        arguments = list(command[_OF_DBT:])
        if "build" in arguments:
            self._lay_seeds(Path(env["TIERLINE_WAREHOUSE"]))
            arguments += _WITHOUT_SEEDS
        asked = {"arguments": arguments, "environment": dict(env), "printed": str(self._printed)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = self._process.stdout.readline()
        assert code, self._log.read_text(encoding="utf-8")
        return subprocess.CompletedProcess(list(command), int(code), self._printed.read_text(encoding="utf-8"), "")

    def _lay_seeds(self, warehouse: Path) -> None:
        with connect(warehouse) as connection:
            if connection.execute("FROM duckdb_schemas() WHERE schema_name = 'seeds' AND NOT internal").fetchone():
                return
            connection.execute(f"ATTACH {quote_text(str(self._seeded))} AS seeded (READ_ONLY)")
            connection.execute("CREATE SCHEMA seeds")
            tables = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'seeded' ORDER BY ALL"
            for (table,) in connection.execute(tables).fetchall():
                name = quote_identifier(table)
                connection.execute(f"CREATE TABLE seeds.{name} AS FROM seeded.seeds.{name}")

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()


def _serve(arguments: list[str]) -> None:
    from dbt.cli.main import dbtRunner

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what dbt prints is no answer
    parsed = dbtRunner().invoke(arguments)
    if not parsed.success:
        raise SystemExit(f"dbt could not parse the project: {parsed.exception}")
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_answer(dbtRunner(manifest=parsed.result), asked))  # threads of the parent cannot be joined here
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        answers.flush()


def _answer(dbt: Any, asked: dict[str, Any]) -> int:
    """Runs one command and closes the warehouse; gives the exit code of dbt."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    with Path(asked["printed"]).open("w", encoding="utf-8") as printed:
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
    os.environ.clear()
    os.environ.update(asked["environment"])
    done = dbt.invoke(asked["arguments"])
    if done.exception is not None:
        print(done.exception, file=sys.stderr)
    DuckDBConnectionManager.close_all_connections()
    sys.stdout.flush()
    return 0 if done.success else 1


if __name__ == "__main__":
    _serve(sys.argv[1:])
