"""The identity of one run: which settings, which day it speaks for, where its outcomes go."""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tierline.errors import ConfigError, TierlineError
from tierline.files import write_json_atomically
from tierline.home import Home
from tierline.settings import Settings, default_config, load_settings

_RESERVED = {"current", "latest"}
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """One run of the pipeline; every step takes it and no step asks for the time of day."""

    run_id: str
    as_of: date
    settings: Settings
    project: Path = PROJECT

    @property
    def home(self) -> Home:
        """Where this run reads and writes."""
        return Home(self.settings.home)

    def outcome_path(self, step: str) -> Path:
        """The file that says how a step ended."""
        return self.home.run_artifacts(self.run_id) / f"{step}.json"

    def write_outcome(self, step: str, outcome: dict[str, Any]) -> None:
        """Keeps what a step reports: paths, counts and reasons, never data."""
        write_json_atomically(self.outcome_path(step), outcome)

    def read_outcome(self, step: str) -> dict[str, Any]:
        """Gives what a step of this run reported; raises TierlineError where it has not ended."""
        path = self.outcome_path(step)
        try:
            outcome: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise TierlineError(
                f"step '{step}' of run {self.run_id} has not ended",
                remedy=f"Run it first: tierline {step} --run-id {self.run_id}",
            ) from None
        return outcome


def open_run(
    config: Path | None, *, run_id: str, today: date, as_of: date | None = None, home: Path | None = None
) -> Run:
    """Gives the run for a configuration file.

    The day it speaks for is `as_of`, else the configuration's, else `today`, which only the caller's clock knows.
    Without `config` the file is the one that TIERLINE_CONFIG names, else `tierline.yml`. Raises ConfigError for a bad
    run id or configuration.
    """
    if not _RUN_ID.fullmatch(run_id) or run_id in _RESERVED:
        raise ConfigError(
            f"'{run_id}' is no run id",
            remedy="Use letters, digits, '.', '_', '+' and '-', at most 100; 'current' and 'latest' are taken.",
        )
    settings = load_settings(config or default_config(), home=home)
    return Run(run_id=run_id, as_of=as_of or settings.as_of or today, settings=settings)


def run_id_of_scheduler(scheduler_run_id: str) -> str:
    """Gives a run id made of a scheduler's own, whose colons and slashes do not belong in a folder name."""
    return re.sub(r"[^A-Za-z0-9._+-]+", "-", scheduler_run_id)[:100].lstrip("._+-")
