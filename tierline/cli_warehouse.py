"""Commands on the warehouse as a whole: dbt's pages on it, and how fresh its sources are."""

from pathlib import Path
from typing import Annotated

import typer

from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, open_command
from tierline.errors import EXIT_DEGRADED

warehouse_app = typer.Typer(no_args_is_help=True)


@warehouse_app.command("dbt-docs")
def dbt_docs(
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write to.", file_okay=False)] = None,
    config: ConfigOption = None,
    home: HomeOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Writes dbt's pages on every model, column and test, with lineage, as one file that opens offline."""
    from tierline.dbt_documents import write_dbt_pages

    this = open_command(config, home, as_of)
    print(write_dbt_pages(this, out or this.home.artifacts / "dbt-docs"))


@warehouse_app.command()
def freshness(config: ConfigOption = None, home: HomeOption = None, as_of: AsOfOption = None) -> None:
    """Says how old the newest row of each kind of data is on the day; exit code 3 where one is stale."""
    from tierline.dbt_documents import source_freshness

    this = open_command(config, home, as_of)
    found = source_freshness(this)
    for one in found:
        age = one.age_in_days(this.as_of)
        state = f"stale: more than {one.stale_after_days} days" if one.is_stale else "fresh"
        print(
            f"{one.table:<34}{'no row' if age is None else f'newest {one.newest}, {age} days old':<36}"
            f"{'' if age is None else state}".rstrip()
        )
    if any(one.is_stale for one in found):
        raise typer.Exit(EXIT_DEGRADED)
