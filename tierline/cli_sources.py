"""The commands on declared sources: what there are, one of them, its trial, and the draft of a new one."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from tierline.cli_options import SOURCES_FOLDER, ConfigOption
from tierline.errors import EXIT_FAILED
from tierline.settings import load_settings

sources_app = typer.Typer(help="The declared sources.", no_args_is_help=True)

FolderOption = Annotated[Path, typer.Option("--in", help="Folder of the declarations.", exists=True, file_okay=False)]


@sources_app.command("list")
def sources_list(
    config: ConfigOption = None,
    folder: FolderOption = SOURCES_FOLDER,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with nothing cut.")] = False,
) -> None:
    """Lists the declared sources; with --config, also under which names a configuration uses them."""
    from ingest.catalogue.listing import catalogue, catalogue_table, declared_sources

    entries = catalogue(declared_sources(folder), load_settings(config) if config else None)
    if as_json:
        print(json.dumps([entry.as_json() for entry in entries], indent=2, ensure_ascii=False))
    else:
        print(catalogue_table(entries))


@sources_app.command("show")
def sources_show(
    source: Annotated[str, typer.Argument(help="Id of the source.")], folder: FolderOption = SOURCES_FOLDER
) -> None:
    """Shows all that is declared of one source."""
    from ingest.catalogue.portrait import portrait
    from ingest.spec import load_spec

    print(portrait(load_spec(source, folder)))


@sources_app.command("test")
def sources_test(
    source: Annotated[str, typer.Argument(help="Id of the source.")],
    folder: FolderOption = SOURCES_FOLDER,
    write: Annotated[bool, typer.Option("--write", help="Write expected.json from what came.")] = False,
) -> None:
    """Loads the fixtures of a source as a run would, in a folder of their own, and compares with expected.json."""
    from ingest.catalogue.comparison import try_source

    with TemporaryDirectory(prefix="tierline-") as home:
        tested = try_source(source, Path(home) / "home", folder, write=write)
    print(tested.told())
    if not tested.is_as_expected:
        raise typer.Exit(EXIT_FAILED)


@sources_app.command("new")
def sources_new(
    source: Annotated[str, typer.Argument(help="Id of the new source: small letters, digits and '_'.")],
    sample: Annotated[Path, typer.Argument(help="A file in the shape of the source.", exists=True, dir_okay=False)],
    table: Annotated[str | None, typer.Option("--table", help="Canonical table; none: the likeliest.")] = None,
    folder: Annotated[Path, typer.Option("--to", help="Folder of declarations to write to.")] = SOURCES_FOLDER,
    with_fixture: Annotated[
        bool, typer.Option("--with-fixture", help="Copy the first records of the sample into a fixture, and test it.")
    ] = False,
) -> None:
    """Drafts the declaration of a source from a sample file; asks nothing, and lists what is left to decide."""
    from ingest.catalogue.scaffold import new_source

    print(new_source(source, sample, table=table, sources=folder, with_fixture=with_fixture).told())
    if with_fixture:
        sources_test(source, folder, write=True)
