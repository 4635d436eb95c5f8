"""The command that fills a document which the law or a buyer asks for; it reads a publication and changes nothing."""

from pathlib import Path
from typing import Annotated

import typer

from tierline.cli_audit import PublishedOption, print_retractions, published_folder, run_id_of
from tierline.cli_options import ConfigOption, HomeOption

document_app = typer.Typer()


@document_app.command()
def document(
    kind: Annotated[
        str,
        typer.Argument(help="modern-slavery-report, ppn-02-23, eu-2024-3015 or uflpa-evidence-index."),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.", file_okay=False)],
    supplier: Annotated[
        list[str] | None,
        typer.Option("--supplier", "--suppliers", help="Id, reference or whole name; more than once for several."),
    ] = None,
    country: Annotated[list[str] | None, typer.Option("--country", help="ISO code, such as BD.")] = None,
    sector: Annotated[list[str] | None, typer.Option("--sector", help="Key, as sector_key has it.")] = None,
    good: Annotated[list[str] | None, typer.Option("--good", help="Good; for eu-2024-3015 only.")] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="html, json or pdf; more than once for several. None: all.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of the document.")] = "en",
    run: Annotated[str, typer.Option("--run", help="Run id of the publication.")] = "current",
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Fills a document from what is published; every field says what it rests on, and gaps are shown as gaps."""
    from serving.documents.kinds import Choice
    from serving.documents.writing import FORMATS, write_documents
    from serving.explanation.who import found_supplier
    from serving.language import language
    from serving.manifest import read_manifest
    from serving.reports.published import Published

    speech = language(lang)
    folder = published_folder(config, home, published)
    run_id = run_id_of(folder, run)
    publication = folder / run_id
    print_retractions(folder, [run_id])
    tables = Published(publication, read_manifest(publication))
    choice = Choice(
        suppliers=tuple(dict.fromkeys(found_supplier(tables, name) for name in supplier or ())),
        countries=tuple(code.upper() for code in country or ()),
        sectors=tuple(sector or ()),
        goods=tuple(good or ()),
    )
    for path in write_documents(publication, kind, choice, out, language=speech, formats=formats or FORMATS):
        print(path)
