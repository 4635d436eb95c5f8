"""`tierline action`: what is to be done, by which role and by when, and how it ended."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tierline.cli_options import ByRoleOption, ConfigOption, HomeOption, now, open_command, today
from tierline.ledger import require_role
from tierline.run import Run

if TYPE_CHECKING:
    from serving.actions.register import Action
    from serving.reports.published import Published

action_app = typer.Typer(help="Actions: who takes them on, by when, and how they ended.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of an action.")]
DayOption = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day of it; none: today.")]


@action_app.command("list")
def list_actions(
    owner: Annotated[str | None, typer.Option("--owner", help="Only those of this role.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those that are overdue.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also those that are done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Lists actions, overdue ones first, from the current publication and the ledger."""
    from ingest.terminal_text import inert
    from serving.actions.register import action_line

    _, listed = _actions(open_command(config, home))
    shown = [
        one
        for one in listed
        if (every or one["state"] == "open")
        and (not overdue or one["is_overdue"])
        and (owner is None or one["owner_role"] == owner)
    ]
    if as_json:
        print(json.dumps(shown, indent=2, ensure_ascii=False, default=str))
        return
    print("\n".join(inert(action_line(one)) for one in shown) or "No action is open.")
    print(f"{len(shown)} actions, {sum(one['is_overdue'] for one in shown)} overdue")


@action_app.command()
def show(action: IdArgument, config: ConfigOption = None, home: HomeOption = None) -> None:
    """Shows an action: why it is asked for, who has it, and all that the ledger says of it."""
    from ingest.terminal_text import inert
    from serving.actions.ledger import action_ledger
    from serving.actions.register import action_lines, action_of

    this = open_command(config, home)
    _, listed = _actions(this)
    lines = action_lines(action_of(listed, action), action_ledger(this.home).entries())
    print("\n".join(inert(line) for line in lines))


@action_app.command()
def assign(
    action: IdArgument,
    owner: Annotated[str, typer.Option("--owner", help="Role that takes it on, one of `roles`; no name.")],
    by_role: ByRoleOption,
    due: Annotated[
        datetime | None, typer.Option("--due", formats=["%Y-%m-%d"], help="Day by which; none: that of its rule.")
    ] = None,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Gives an action to a role."""
    from serving.actions.ledger import assign as give
    from serving.actions.register import action_of

    this = open_command(config, home)
    for role in (owner, by_role):
        require_role(role, this.settings.roles)
    _, listed = _actions(this)
    found = action_of(listed, action)
    give(this.home, found, owner=owner, due_on=due.date() if due else None, by_role=by_role, now=now())
    print(f"{action}: {owner}, due {due.date() if due else found['due_on']}")


@action_app.command()
def done(
    action: IdArgument,
    outcome: Annotated[str, typer.Option("--outcome", help="How it ended: an outcome of the seed action_outcome.")],
    by_role: ByRoleOption,
    on: DayOption = None,
    amount: Annotated[str, typer.Option("--amount", help="Money repaid to workers, such as 12500.00.")] = "",
    currency: Annotated[str, typer.Option("--currency", help="Its currency, such as USD.")] = "",
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Workers that it reached.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, or what was seen, in one line.")] = "",
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Says how an action ended; that gives no points, which take the word of workers (M01)."""
    from serving.actions.ledger import Ending, end
    from serving.actions.register import action_of, outcomes

    this = open_command(config, home)
    require_role(by_role, this.settings.roles)
    published, listed = _actions(this)
    ending = Ending(outcome, on.date() if on else today(), amount, currency, workers, reason)
    end(this.home, action_of(listed, action), ending, outcomes(published), by_role=by_role, now=now())
    print(f"{action}: {outcome} on {ending.happened_on}. The next run tells of it.")
    print("It gives no points: what was put right counts as mitigation (M01) once workers verify it.")


def _actions(this: Run) -> "tuple[Published, list[Action]]":
    from serving.actions.ledger import action_ledger
    from serving.actions.register import actions
    from serving.publications import current_publication
    from serving.reports.published import Published

    folder, manifest = current_publication(this.home)
    published = Published(folder, manifest)
    return published, actions(published, action_ledger(this.home).entries(), today())
