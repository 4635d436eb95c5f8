"""What dbt itself can tell of the warehouse: its pages for a browser, and how old the newest rows of a source are."""

import json
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tierline.dbt_process import dbt_command, dbt_environment, last_lines
from tierline.errors import TierlineError
from tierline.files import write_bytes_atomically
from tierline.run import Run

PAGE = "index.html"
_HEAD = "<head>"
_NO_CALLS_OUT = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline' "
    "'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; font-src data:\">"
)
"""The page may use what it holds and nothing else: it works offline and tells nobody who reads it."""


@dataclass(frozen=True)
class Freshness:
    """The newest row of a table that is known on the run's day, and whether that is old; without rows nothing is."""

    table: str
    newest: date | None
    stale_after_days: int
    is_stale: bool

    def age_in_days(self, day: date) -> int | None:
        """Gives the days from the newest row to a day; None where there is no row."""
        return None if self.newest is None else (day - self.newest).days


def write_dbt_pages(run: Run, folder: Path) -> Path:
    """Writes dbt's pages on the built warehouse as one file that opens from disk, offline, and gives its path.

    Raises TierlineError where the warehouse was never built, another process writes to it, or dbt refuses.
    """
    with TemporaryDirectory(prefix="tierline-dbt-") as target:
        _call(run, Path(target), "docs", "generate", "--static")
        page = (Path(target) / "static_index.html").read_text(encoding="utf-8")
    # the page is handed out: no folder of the machine that made it belongs in it
    for place in (Path(target), run.project.resolve(), run.project):
        page = page.replace(f"{place}/", "")
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes_atomically(folder / PAGE, page.replace(_HEAD, _HEAD + _NO_CALLS_OUT, 1).encode())
    return folder / PAGE


def source_freshness(run: Run) -> list[Freshness]:
    """Gives, for each table that grows old, its newest row known on the run's day; sorted by table.

    Raises TierlineError where the warehouse was never built, another process writes to it, or dbt refuses.
    """
    with TemporaryDirectory(prefix="tierline-dbt-") as target:
        _call(run, Path(target), "source", "freshness")
        results = json.loads((Path(target) / "sources.json").read_text(encoding="utf-8"))["results"]
    return sorted((_freshness(result) for result in results), key=lambda one: one.table)


def _freshness(result: dict[str, Any]) -> Freshness:
    newest = date.fromisoformat(result["max_loaded_at"][:10])
    has_rows = newest.year > 1970  # dbt takes the start of the epoch for "never"
    return Freshness(
        table=".".join(result["unique_id"].split(".")[-2:]),
        newest=newest if has_rows else None,
        stale_after_days=result["criteria"]["warn_after"]["count"],
        is_stale=has_rows and result["status"] != "pass",
    )


def _call(run: Run, target: Path, *arguments: str) -> None:
    if not run.home.warehouse.exists():
        raise TierlineError("there is no warehouse to tell of yet", remedy="Run `tierline run` first.")
    finished = subprocess.run(
        dbt_command(run, *arguments),
        cwd=run.project, env=dbt_environment(run, target), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if finished.returncode != 0:
        raise TierlineError(
            f"dbt {' '.join(arguments)} stopped:\n{last_lines(finished.stdout + finished.stderr)}",
            remedy="Let no other run write meanwhile, and run the steps up to `tierline transform` first.",
        )
