"""`tierline match`: the step itself, the queue of possible matches, and verdicts on them."""

import json
from contextlib import AbstractContextManager
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, now, open_command
from tierline.errors import ConfigError
from tierline.run import Run
from tierline.warehouse import connect

if TYPE_CHECKING:
    import duckdb

    from matching.verdict_ledger import Decision

match_app = typer.Typer(help="Which records are one supplier, the queue of possible matches, and verdicts on them.")

RoleOption = Annotated[str, typer.Option("--role", help="Role of who decides, such as 'senior reviewer'; no name.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in one line.")]
SubjectArgument = Annotated[list[str], typer.Argument(help="An id of the queue or of a match, or two references.")]


class Kind(StrEnum):
    """What a supplier may be the same as."""

    SUPPLIER = "supplier"
    LIST_ENTRY = "list_entry"


@match_app.callback(invoke_without_command=True)
def step(
    context: typer.Context,
    run_id: Annotated[str | None, typer.Option("--run-id", help="Name of the run to go on with.")] = None,
    config: ConfigOption = None,
    home: HomeOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Says which records are one supplier and which list entries may be one; with a command below, judges them."""
    if context.invoked_subcommand is not None:
        return
    if run_id is None:
        raise ConfigError("the step needs the run that it goes on with", remedy="Name it: tierline match --run-id RUN")
    from matching.steps import match

    print(json.dumps(match(open_command(config, home, as_of, run_id)), indent=2, default=str))


@match_app.command()
def queue(
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 20,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only matches of this kind.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Lists what waits for a verdict, what could change most first; from the current publication."""
    from matching.queue import waiting_matches
    from matching.queue_pages import queue_lines

    with _publication(open_command(config, home)) as connection:
        waiting, total = waiting_matches(connection, kind=kind.value if kind else None, limit=limit)
    if as_json:
        print(json.dumps([asdict(one) for one in waiting], indent=2, ensure_ascii=False))
    else:
        print("\n".join(queue_lines(waiting, total)))


@match_app.command()
def why(
    supplier: Annotated[str, typer.Argument(help="Id of the supplier.")],
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Shows why records are one supplier, feature by feature, and what became of its id over time."""
    from matching.queue import supplier_history
    from matching.queue_pages import history_lines

    with _publication(open_command(config, home)) as connection:
        history = supplier_history(connection, supplier)
    print("\n".join(history_lines(history)))


@match_app.command()
def confirm(
    subject: SubjectArgument,
    role: RoleOption,
    reason: ReasonOption,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Decides that the two are the same; from the next run on that decides, whatever the model says."""
    _decide(open_command(config, home), subject, "confirmed", role, reason)


@match_app.command()
def reject(
    subject: SubjectArgument,
    role: RoleOption,
    reason: ReasonOption,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Decides that the two are not the same; from the next run on they are apart, whatever the model says."""
    _decide(open_command(config, home), subject, "rejected", role, reason)


@match_app.command()
def unsure(
    subject: SubjectArgument,
    role: RoleOption,
    reason: ReasonOption,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Says that nobody can tell yet: the match stays possible, and goes to the end of the queue."""
    _decide(open_command(config, home), subject, "unsure", role, reason)


def _decide(this: Run, subject: list[str], decision: "Decision", role: str, reason: str) -> None:
    from matching.queue import subject_of, subject_of_references
    from matching.queue_pages import printable
    from matching.verdict_ledger import add_verdict

    if len(subject) > 2:
        raise ConfigError("a verdict is on two", remedy="Give one id, or two references.")
    with _publication(this) as connection:
        judged = subject_of(connection, *subject) if len(subject) == 1 else subject_of_references(connection, *subject)
    moment = now()
    number = add_verdict(this.home.match_ledger, judged, decision, role=role, reason=reason, decided_at=moment)
    other = judged.other_supplier_ref or f"{judged.list_name} {judged.entry_ref}"
    print(printable(f"Decision {number}: {judged.supplier_ref} and {other}: {decision}"))
    print(f"It holds in runs that speak for {moment:%Y-%m-%d} or a later day. Kept in {this.home.match_ledger}")
    if this.as_of < moment.date():
        print(
            f"The configuration speaks for {this.as_of}, when it was not known: "
            f"take as_of out of it, or run with --as-of {moment:%Y-%m-%d}"
        )


def _publication(this: Run) -> "AbstractContextManager[duckdb.DuckDBPyConnection]":
    from matching.queue import published_database

    return connect(published_database(this.home), read_only=True)
