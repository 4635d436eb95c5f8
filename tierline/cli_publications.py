"""`tierline retract` and `tierline publications`: what becomes of publications after they were made."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from tierline.cli_options import ByRoleOption, ConfigOption, HomeOption, now, open_command
from tierline.errors import ConfigError
from tierline.ledger import require_role
from tierline.publications import retraction_in_words, standing
from tierline.run import Run

publications_app = typer.Typer(help="What became of publications: list, prune, hold, release.", no_args_is_help=True)
retract_app = typer.Typer()

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="Run id of the publication.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in one line.")]


@retract_app.command()
def retract(
    run: RunArgument,
    reason: ReasonOption,
    superseded_by: Annotated[str | None, typer.Option("--superseded-by", help="Run to read instead.")] = None,
    by_role: Annotated[str, typer.Option("--by-role", help="Role of who retracts it, one of `roles`; no name.")] = "",
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Takes a wrong publication back: it stays, every reader is told, and `current` moves to the newest that holds."""
    from serving.publications.marked_reports import mark_report
    from serving.publications.retraction import retract as take_back

    this = open_command(config, home)
    if by_role:
        require_role(by_role, this.settings.roles)
    published = _folder(this)
    newest = take_back(published, run, reason=reason, by_role=by_role, superseded_by=superseded_by, now=now())
    mark_report(this.home.reports, run, retraction_in_words(standing(published).retracted[run]), newest)
    print(f"{run} is retracted; its notice is published/{run}/retracted.json")
    print(f"Readers see {newest.name}." if newest else "No publication is left that holds: readers see none.")


@publications_app.command("list")
def list_publications(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Lists publications, the oldest first, and which are current, retracted, pruned or held."""
    from serving.publications.telling import publication_lines, publication_rows

    published = _folder(open_command(config, home))
    if as_json:
        print(json.dumps(publication_rows(published), indent=2))
    else:
        print("\n".join(publication_lines(published)) or "Nothing is published yet.")


@publications_app.command()
def prune(
    by_role: ByRoleOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only name what would go.")] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Lets go of the tables and reports of old publications, as `retention` says; their manifests stay."""
    from serving.publications.pruning import prunable
    from serving.publications.pruning import prune as let_go

    this = open_command(config, home)
    require_role(by_role, this.settings.roles)
    published, kept = _folder(this), this.settings.retention.publications_kept
    if kept is None:
        print("retention.publications_kept is not set: every publication is kept whole.")
    runs = prunable(published, kept)
    if not dry_run:
        runs = let_go(published, this.home.reports, kept, by_role=by_role, now=now())
    told = "would go" if dry_run else "went; the manifest of each stays"
    print(f"The tables of {len(runs)} publications {told}." + "".join(f"\n  {run}" for run in runs))


@publications_app.command()
def hold(
    run: RunArgument, reason: ReasonOption, by_role: ByRoleOption, config: ConfigOption = None, home: HomeOption = None
) -> None:
    """Keeps a publication whole, whatever retention says, until it is released."""
    from serving.publications.pruning import hold as keep

    _set_hold(keep, open_command(config, home), run, reason, by_role)
    print(f"{run} is held.")


@publications_app.command()
def release(
    run: RunArgument, reason: ReasonOption, by_role: ByRoleOption, config: ConfigOption = None, home: HomeOption = None
) -> None:
    """Ends a hold."""
    from serving.publications.pruning import release as let_loose

    _set_hold(let_loose, open_command(config, home), run, reason, by_role)
    print(f"{run} is held no more.")


def _set_hold(change: Callable[..., None], this: Run, run: str, reason: str, by_role: str) -> None:
    require_role(by_role, this.settings.roles)
    change(_folder(this), run, reason=reason, by_role=by_role, now=now())


def _folder(this: Run) -> Path:
    if not this.home.published.is_dir():
        raise ConfigError("nothing is published yet", remedy="Run tierline run first.")
    return this.home.published
