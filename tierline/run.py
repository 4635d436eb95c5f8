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
from tierline.settings import Settings, load_settings

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


def open_run(config: Path, *, run_id: str, as_of: date, home: Path | None = None) -> Run:
    """Gives the run for a configuration file; raises ConfigError for a bad run id or configuration."""
    if not _RUN_ID.fullmatch(run_id) or run_id == "current":
        raise ConfigError(
            f"'{run_id}' is no run id",
            remedy="Use letters, digits, '.', '_', '+' and '-', at most 100, not the word 'current'.",
        )
    settings = load_settings(config, home=home)
    return Run(run_id=run_id, as_of=as_of, settings=settings)
