"""The command that writes a publication in formats that other programs read; it changes nothing."""

from pathlib import Path
from typing import Annotated

import typer

from tierline.cli_audit import PublishedOption, print_retractions, published_folder, run_id_of
from tierline.cli_options import ConfigOption, HomeOption

export_app = typer.Typer()


@export_app.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="Folder: empty, or not there yet.", file_okay=False)],
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="ftm, csv or parquet; more than once for several. None: all."),
    ] = None,
    run: Annotated[str, typer.Option("--run", help="Run id of the publication.")] = "current",
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Writes a publication as FollowTheMoney entities, CSV or Parquet, with what its columns mean."""
    from serving.interfaces.exporting import FORMATS, export_publication

    folder = published_folder(config, home, published)
    run_id = run_id_of(folder, run)
    print_retractions(folder, [run_id])
    written = export_publication(folder / run_id, formats or FORMATS, out)
    print(f"{len(written)} files of run {run_id} in {out}")
