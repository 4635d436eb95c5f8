"""Runs the dbt project on the warehouse: one `dbt build` in one process of its own for each of its two parts.

The part tagged `linkage` prepares names, identifiers and keys for matching; all else builds on the entities that
matching found. Each test runs once: with the last of the models that it reads.
"""

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from tierline.dbt_process import dbt_command, dbt_environment, last_lines
from tierline.errors import CheckFailed, TierlineError
from tierline.log import get_logger
from tierline.run import Run

_LOG = get_logger(__name__)
_BAD = {"error", "fail", "runtime error"}
_MESSAGE_CHARACTERS = 1500
"""Of what dbt says of a model: enough for every column that breaks a contract."""
_LINKAGE = "tag:linkage"
_EVERY_BUILD = (
    *("--exclude-resource-type", "unit_test"),  # they test the models on rows of their own, not this run's data
    *("--indirect-selection", "cautious"),  # a test belongs to a part only if all that it reads is there
)


def build_linkage(run: Run) -> dict[str, Any]:
    """Builds and tests the models that matching reads; gives counts of nodes by status and the warnings.

    Raises CheckFailed that names each model or test that failed, TierlineError where dbt did not start.
    """
    return _build(run, "prepare", ("--select", _LINKAGE))


def transform(run: Run) -> dict[str, Any]:
    """Builds and tests all other models for the run's day; gives counts of nodes by status and the warnings.

    Raises CheckFailed that names each model or test that failed, TierlineError where dbt did not start.
    """
    outcome = _build(run, "transform", ("--exclude", _LINKAGE))
    run.write_outcome("transform", outcome)
    return outcome


def _build(run: Run, step: str, selection: Sequence[str]) -> dict[str, Any]:
    target = run.home.artifacts / "dbt"
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    finished = subprocess.run(
        dbt_command(run, "build", *_EVERY_BUILD, *selection),
        cwd=run.project, env=dbt_environment(run, target), capture_output=True, text=True, check=False,
    )  # fmt: skip
    log = run.outcome_path(step).with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(finished.stdout + finished.stderr, encoding="utf-8")
    if not results.exists():
        raise TierlineError(
            "dbt stopped before it ran a model:\n" + last_lines(finished.stdout + finished.stderr), remedy=f"See {log}"
        )
    outcome = _outcome(json.loads(results.read_text(encoding="utf-8")))
    if finished.returncode != 0:
        raise CheckFailed("dbt found:\n" + "\n".join(f"  - {line}" for line in outcome["failed"]), remedy=f"See {log}")
    for line in outcome["warnings"]:
        _LOG.warning("dbt: %s", line)
    return outcome


def _outcome(results: dict[str, Any]) -> dict[str, Any]:
    nodes = results["results"]
    statuses = [node["status"] for node in nodes]
    return {
        "statuses": {status: statuses.count(status) for status in sorted(set(statuses))},
        "failed": [_describe(node) for node in nodes if node["status"] in _BAD],
        "warnings": [_describe(node) for node in nodes if node["status"] == "warn"],
    }


def _describe(node: dict[str, Any]) -> str:
    message = " ".join(str(node.get("message") or "").split())
    return f"{node['unique_id']}: {message[:_MESSAGE_CHARACTERS]}"
