"""`tierline send`: the report and what changed, by mail."""

import time
from pathlib import Path
from typing import Annotated

import typer

from tierline.cli_options import ConfigOption, HomeOption, now, open_command
from tierline.publications import nothing_current

send_app = typer.Typer()


@send_app.command()
def send(
    run: Annotated[str | None, typer.Option("--run", help="Run whose report is sent; none: the current one.")] = None,
    to: Annotated[list[str] | None, typer.Option("--to", help="Address, instead of mail.to; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be sent; send nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Send again to who has it already.")] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Sends what changed, with the report, to those of `mail.to`; each gets a run once."""
    from serving.mail import SendRequest, send_report

    this = open_command(config, home, run_id=run or _current(open_command(config, home).home.published))
    request = SendRequest(to=tuple(to or ()), is_dry_run=dry_run, is_forced=force)
    outcome = send_report(this, request, moment=now(), pause=time.sleep)
    if dry_run:
        print(f"{outcome.subject}\n\n{outcome.text}\nNothing was sent.")
    else:
        print(f"{this.run_id}: sent to {outcome.sent}; {outcome.already} had it already")


def _current(published: Path) -> str:
    current = published / "current"
    if not current.exists():
        raise nothing_current(published)
    return current.resolve().name
