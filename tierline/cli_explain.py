"""The command that explains one supplier; it reads a publication and changes nothing."""

import json
from typing import Annotated

import typer

from tierline.cli_audit import PublishedOption, published_folder, run_id_of
from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, LanguageOption
from tierline.errors import ConfigError

explain_app = typer.Typer()


@explain_app.command()
def explain(
    supplier: Annotated[str, typer.Argument(help="Id of a supplier, its reference in a source, or a whole name.")],
    as_of: AsOfOption = None,
    run: Annotated[str | None, typer.Option("--run", help="Run id of the publication.")] = None,
    site: Annotated[str | None, typer.Option("--site", help="Id or name of one of its sites; none: the worst.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, of a shape that stays.")] = False,
    lang: LanguageOption = "en",
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Says why a supplier stands where it stands: evidence, what is unknown, and what one fact would change."""
    from ingest.terminal_text import inert
    from serving.explanation.choice import chosen_publication
    from serving.explanation.reading import explained
    from serving.explanation.telling import as_json as plain_values
    from serving.explanation.telling import explanation_lines
    from serving.explanation.who import found_supplier
    from serving.language import language

    if run is not None and as_of is not None:
        raise ConfigError("--run and --as-of both name a publication", remedy="Give one of them.")
    speech = language(lang)
    folder = published_folder(config, home, published)
    if run is not None:
        chosen = chosen_publication(folder, run_id=run_id_of(folder, run), speech=speech)
    elif as_of is not None:
        chosen = chosen_publication(folder, as_of=as_of.date(), speech=speech)
    else:
        chosen = chosen_publication(folder, run_id=run_id_of(folder, "current"), speech=speech)
    told = explained(chosen, found_supplier(chosen.published, supplier), site)
    if as_json:
        print(json.dumps(plain_values(told, speech), indent=2, ensure_ascii=False, default=str))
    else:
        for line in explanation_lines(told, speech):
            print(inert(line))
