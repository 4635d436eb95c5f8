"""`tierline report`: the report of a publication, in other languages, since another run, and pages of suppliers."""

import json
from typing import Annotated

import typer

from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, LanguageOption, open_command
from tierline.errors import EXIT_DEGRADED
from tierline.run import Run

report_app = typer.Typer()


@report_app.command()
def report(
    run_id: Annotated[
        str | None, typer.Option("--run-id", help="Run id of the publication; none: the current.")
    ] = None,
    lang: LanguageOption = "en",
    since: Annotated[
        str | None, typer.Option("--since", metavar="RUN", help="Run to compare with; none: the one before it.")
    ] = None,
    suppliers: Annotated[
        str | None, typer.Option("--suppliers", metavar="ID,ID", help="Write the pages of these suppliers alone.")
    ] = None,
    audience: Annotated[
        str, typer.Option("--audience", help="internal, or supplier: what that supplier may be given.")
    ] = "internal",
    config: ConfigOption = None,
    home: HomeOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Writes the report, CSV and XLSX of a publication; with other options, files beside it."""
    from serving.report_variants import Variant, write_variant
    from serving.steps import report as write_report

    this = _published_run(config, home, as_of, run_id)
    ids = tuple(part.strip() for part in (suppliers or "").split(",") if part.strip())
    variant = Variant(lang, since, ids, audience)
    if not variant.is_default:
        print("\n".join(map(str, write_variant(this, variant))))
        return
    outcome = write_report(this)
    print(json.dumps(outcome, indent=2, default=str))
    if outcome.get("degraded"):
        raise typer.Exit(EXIT_DEGRADED)


def _published_run(config: ConfigOption, home: HomeOption, as_of: AsOfOption, run_id: str | None) -> Run:
    from serving.publications import current_publication

    this = open_command(config, home, as_of, run_id)
    if run_id is not None:
        return this
    folder, _ = current_publication(this.home)
    return open_command(config, home, as_of, folder.name)
