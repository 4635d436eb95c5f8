"""Commands for who owns the restricted store: withdrawal, purging, and the notices of serious cases."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, open_command
from tierline.errors import ConfigError

restricted_app = typer.Typer(
    help="Answers of workers: delete those who withdraw, purge what is too old, read notices.", no_args_is_help=True
)


@restricted_app.command()
def withdraw(
    source: Annotated[str, typer.Option("--source", help="Name of the source.")],
    respondent: Annotated[
        list[str] | None, typer.Option("--respondent", help="Reference of one who withdrew, as in the source.")
    ] = None,
    listed: Annotated[
        Path | None, typer.Option("--from", help="File of references, one a line; - reads them from standard input.")
    ] = None,
    as_of: AsOfOption = None,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Deletes what respondents answered, everywhere and at once; no later fetch brings it back."""
    from ingest.forgetting import withdraw as forget

    references = _references(respondent or [], listed)
    told = forget(open_command(config, home, as_of), source, references)
    print(f"{source}: {told['withdrawn']} withdrew, {told['records']} records deleted")
    if told["files_removed"]:
        print(f"{told['files_removed']} files went whole: fetch {source} again without what was withdrawn")


@restricted_app.command()
def purge(as_of: AsOfOption = None, config: ConfigOption = None, home: HomeOption = None) -> None:
    """Deletes answers whose time is over, so that no byte of them is left in any file."""
    from ingest.forgetting import purge as forget

    for source, told in forget(open_command(config, home, as_of)).items():
        print(f"{source}: {told['records']} records and {told['files']} files purged")


@restricted_app.command()
def notices(config: ConfigOption = None, home: HomeOption = None) -> None:
    """Lists serious cases that must be followed up; for the role named there alone, and no word of what was told."""
    from ingest.safeguarding import read_notices
    from ingest.terminal_text import inert

    found = read_notices(open_command(config, home))
    for notice in found:
        where = " ".join(filter(None, (notice.supplier_ref, notice.facility_ref)))
        severity = f", {notice.severity}" if notice.severity else ""
        print(
            f"{notice.due_on}  {inert(notice.source)} {inert(notice.case_id)}: {inert(notice.category)}{severity}, "
            f"site {inert(where)}, reported {notice.reported_on}; refer within 48 hours ({notice.role})"
        )
    print(f"{len(found)} notices")


def _references(given: list[str], listed: Path | None) -> list[str]:
    text = "" if listed is None else sys.stdin.read() if str(listed) == "-" else _text_of(listed)
    references = [line.strip() for line in (*given, *text.splitlines()) if line.strip()]
    if not references:
        raise ConfigError("nobody is named", remedy="Give --respondent, or --from with a file of references.")
    return references


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path.name} cannot be read", remedy="Give a text file, one reference a line.") from error
