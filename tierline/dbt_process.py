"""How dbt is called: as a process of its own, on the warehouse of a run, for the day that the run speaks for."""

import json
import os
import sys
from pathlib import Path

from tierline.run import Run


def dbt_command(run: Run, *arguments: str) -> list[str]:
    """Gives the command that runs dbt with the arguments, such as `build`, on the project for the run's day."""
    project = str(run.project / "dbt_project")
    return [
        *(sys.executable, "-c", "from dbt.cli.main import cli; cli()"),
        *("--no-use-colors", "--no-send-anonymous-usage-stats"),
        *arguments,
        *("--project-dir", project, "--profiles-dir", project),
        *("--vars", json.dumps({"as_of": run.as_of.isoformat()})),
    ]


def dbt_environment(run: Run, target: Path) -> dict[str, str]:
    """Gives the environment of that command; dbt writes what it makes into `target`."""
    return {
        **os.environ,
        "TIERLINE_WAREHOUSE": str(run.home.warehouse),
        "TIERLINE_MEMORY_LIMIT": run.settings.memory_limit,
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
    }


def last_lines(text: str, lines: int = 20) -> str:
    """Gives the end of what dbt printed, where it says why it stopped."""
    return "\n".join(text.splitlines()[-lines:])
