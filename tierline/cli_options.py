"""What all groups of commands share: their options, the clock, and opening a run."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from tierline.log import configure_logging
from tierline.run import PROJECT, Run, open_run

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Configuration file; tierline.yml if none is named.")
]
HomeOption = Annotated[Path | None, typer.Option("--home", help="Folder of everything written.")]
AsOfOption = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Day it speaks for.")]
ByRoleOption = Annotated[
    str, typer.Option("--by-role", help="Role of who says so, one of `roles` of the configuration; no name.")
]
LanguageOption = Annotated[str, typer.Option("--lang", help="Language of what is told: en, es, fr or pt.")]
RunIdOption = Annotated[str | None, typer.Option("--run-id", help="Name of the run.")]

SOURCES_FOLDER: Final = PROJECT / "ingest" / "sources"
"""Where the declarations of sources stand."""


def open_command(
    config: Path | None, home: Path | None, as_of: datetime | None = None, run_id: str | None = None
) -> Run:
    """Gives the run that a command is about, named by the time of day where no name is given; sets up the log."""
    this = open_run(
        config,
        run_id=run_id or now().strftime("%Y%m%dT%H%M%SZ"),
        today=today(),
        as_of=as_of.date() if as_of else None,
        home=home,
    )
    configure_logging(this.settings.log_level == "debug")
    return this


def now() -> datetime:
    """Gives the time of day in UTC: the one clock of the command line."""
    return datetime.now(UTC)


def today() -> date:
    """Gives the day in UTC."""
    return now().date()
