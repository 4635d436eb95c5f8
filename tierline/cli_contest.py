"""`tierline contest`: the form for a supplier, its objections, and decisions on them."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierline.cli_options import ByRoleOption, ConfigOption, HomeOption, now, open_command, today
from tierline.errors import EXIT_DEGRADED, ConfigError
from tierline.run import Run

if TYPE_CHECKING:
    from serving.contests.ledger import Contest, Outcome
    from serving.reports.published import Published

contest_app = typer.Typer(help="Suppliers' objections to rows, and decisions on them.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of an objection, such as C7.")]


@contest_app.command()
def form(
    supplier: Annotated[str, typer.Argument(help="Id of the supplier.")],
    out: Annotated[Path, typer.Option("--out", help="File to write: .csv, .xlsx, .yml or .json.", dir_okay=False)],
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Writes the form for a supplier: the rows that it may contest; no score, and nothing from workers."""
    from serving.contests.form import write_form
    from serving.contests.rows import contestable_rows, require_supplier

    published = _publication(open_command(config, home))
    require_supplier(published, supplier)
    count = write_form(contestable_rows(published, [supplier]), out)
    print(f"{out}: {count} rows that the supplier may contest. It may be given to the supplier as it is.")


@contest_app.command("import")
def import_form(
    file: Annotated[Path, typer.Argument(help="The form, filled in.", exists=True, dir_okay=False)],
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Takes in a form: each row objected to is marked from the next run until it is decided."""
    from ingest.contest_form import read_form
    from serving.contests.intake import FormContent, take_in
    from serving.contests.telling import intake_lines

    this = open_command(config, home)
    read = read_form(file)
    lines = tuple((line.number, line.cells, line.fault) for line in read.lines)
    content = FormContent(read.content, read.sha256, read.suffix, lines)
    days = this.settings.contest.decision_days
    intake = take_in(this.home, _publication(this), content, decision_days=days, now=now())
    print("\n".join(intake_lines(intake, len(lines))))
    if intake.accepted:
        _tell_day(this)
    if intake.refused:
        raise typer.Exit(EXIT_DEGRADED)


@contest_app.command("list")
def list_contests(
    pending: Annotated[bool, typer.Option("--pending", help="Only those that wait.")] = False,
    quarantine: Annotated[bool, typer.Option("--quarantine", help="Lines of forms that became no objection.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Lists objections, those that wait first; the overdue ones are named so."""
    from serving.contests.intake import quarantine_ledger
    from serving.contests.telling import contest_line, ordered

    this = open_command(config, home)
    if quarantine:
        _print(quarantine_ledger(this.home).entries(), as_json)
        return
    shown = [one for one in ordered(_contests(this).values()) if not pending or one.state == "pending"]
    if as_json:
        _print([{**one.objection, "state": one.state, "decisions": one.decisions} for one in shown], as_json)
    else:
        print("\n".join(contest_line(one, today()) for one in shown) or "No supplier has objected to a row.")


@contest_app.command()
def show(contest: IdArgument, config: ConfigOption = None, home: HomeOption = None) -> None:
    """Shows all that the ledger holds of an objection: row, grounds, evidence named, decisions."""
    from ingest.terminal_text import inert
    from serving.contests.telling import contest_lines

    found = _contests(open_command(config, home)).get(contest)
    if found is None:
        raise ConfigError("the ledger holds no objection with that id", remedy="`tierline contest list` names them.")
    print("\n".join(inert(line) for line in contest_lines(found, today())))


@contest_app.command()
def decide(
    contest: IdArgument,
    outcome: Annotated[str, typer.Option("--outcome", help="upheld, rejected or partly.")],
    by_role: ByRoleOption,
    reason: Annotated[str, typer.Option("--reason", help="Why, in one line.")],
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day of it; none: today.")] = None,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Decides an objection: upheld (the row counts no more), partly (it opens no gate) or rejected (it stays)."""
    from serving.contests.ledger import Ruling
    from serving.contests.ledger import decide as add_decision

    this = open_command(config, home)
    ruling = Ruling(_outcome(outcome), by_role, reason, on.date() if on else today())
    warning = add_decision(this.home, contest, ruling, this.settings.roles, now())
    print(f"{contest}: {outcome}, decided on {ruling.decided_on} by {by_role}. The next run scores with it.")
    if warning:
        print(f"note: {warning}")
    _tell_day(this)


def _outcome(text: str) -> "Outcome":
    outcomes: dict[str, Outcome] = {"upheld": "upheld", "rejected": "rejected", "partly": "partly"}
    if text not in outcomes:
        raise ConfigError("that is no outcome of an objection", remedy="Use upheld, rejected or partly.")
    return outcomes[text]


def _contests(this: Run) -> "dict[str, Contest]":
    from serving.contests.ledger import contest_ledger, contests_of

    return contests_of(contest_ledger(this.home).entries())


def _publication(this: Run) -> "Published":
    from serving.publications import current_publication
    from serving.reports.published import Published

    folder, manifest = current_publication(this.home)
    return Published(folder, manifest)


def _print(values: object, as_json: bool) -> None:
    if as_json:
        print(json.dumps(values, indent=2, ensure_ascii=False))
    elif isinstance(values, list):
        print("\n".join("  ".join(str(cell) for cell in value.values()) for value in values) or "None.")


def _tell_day(this: Run) -> None:
    print(f"It holds in runs that speak for {today()} or a later day.")
    if this.as_of < today():
        print(
            f"The configuration speaks for {this.as_of}, when it was not known: take as_of out of it, or run with "
            f"--as-of {today()}"
        )
