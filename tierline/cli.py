"""The command line: every step as a command, and `run` for all of them; the one module that sees every room."""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from tierline import __version__
from tierline.cli_action import action_app
from tierline.cli_audit import audit_app
from tierline.cli_config import config_app
from tierline.cli_contest import contest_app
from tierline.cli_document import document_app
from tierline.cli_explain import explain_app
from tierline.cli_export import export_app
from tierline.cli_linkage import linkage_app
from tierline.cli_match import match_app
from tierline.cli_network import network_app
from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, RunIdOption, now, open_command, today
from tierline.cli_origin import origin_app
from tierline.cli_priorities import priorities_app
from tierline.cli_publications import publications_app, retract_app
from tierline.cli_quarantine import quarantine_app
from tierline.cli_release import release_app
from tierline.cli_report import report_app
from tierline.cli_restricted import restricted_app
from tierline.cli_screen import screen_app
from tierline.cli_send import send_app
from tierline.cli_sensitivity import sensitivity_app
from tierline.cli_serve import serve_app
from tierline.cli_sources import sources_app
from tierline.cli_warehouse import warehouse_app
from tierline.errors import EXIT_DEGRADED, EXIT_FAILED, ConfigError, FetchError, TierlineError
from tierline.files import write_bytes_atomically, write_json_atomically
from tierline.log import configure_logging, get_logger
from tierline.run import PROJECT, Run
from tierline.settings import settings_schema

_LOG = get_logger(__name__)
_PARALLEL_FETCHES = 4

app = typer.Typer(
    help="Tells where to look first for forced labour among suppliers, and why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(config_app, name="config")
app.add_typer(sources_app, name="sources")
app.add_typer(origin_app)
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(audit_app)
app.add_typer(network_app, name="network")
app.add_typer(linkage_app, name="linkage")
app.add_typer(match_app, name="match")
app.add_typer(contest_app, name="contest")
app.add_typer(action_app, name="action")
app.add_typer(publications_app, name="publications")
app.add_typer(retract_app)
app.add_typer(warehouse_app)
app.add_typer(explain_app)
app.add_typer(document_app)
app.add_typer(export_app)
app.add_typer(priorities_app)
app.add_typer(report_app)
app.add_typer(sensitivity_app)
app.add_typer(screen_app)
app.add_typer(serve_app)
app.add_typer(send_app)
app.add_typer(release_app)
app.add_typer(restricted_app, name="restricted")


@app.command()
def run(
    config: ConfigOption = None, home: HomeOption = None, as_of: AsOfOption = None, run_id: RunIdOption = None
) -> None:
    """Does everything: fetch, load, check, survey, prepare, match, transform, score, publish, report."""
    this = open_command(config, home, as_of, run_id)
    _LOG.info("run %s, as of %s, writing to %s", this.run_id, this.as_of, this.home.root)
    _fetch(this)
    for name in CHAIN:
        _step(this, name)
    _finish(this)


@app.command()
def demo(
    directory: Annotated[Path, typer.Argument(help="Folder to write the world to; must be empty or a demo world.")],
    suppliers: Annotated[int, typer.Option(min=1, help="How many suppliers.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 1,
    as_of: AsOfOption = None,
) -> None:
    """Writes a fictional world of suppliers in the shapes of real data, with a configuration to run it."""
    from demo_world import write

    day = as_of.date() if as_of else today()
    _refuse_foreign_folder(directory)
    world = write(directory, suppliers=suppliers, seed=seed, as_of=day, progress=_tell_progress)
    print(
        f"Demo world: {directory} (fictional, as of {day}): {world.suppliers:,} suppliers at {world.sites:,} sites, "
        f"{world.audit_findings:,} audit findings, {world.survey_submissions:,} survey answers, {world.releases:,} "
        f"procurement releases; {world.hostile_records} records are wrong on purpose\n"
        f"Run it:     tierline run --config {world.config}"
    )


@app.command()
def fetch(
    config: ConfigOption = None,
    home: HomeOption = None,
    as_of: AsOfOption = None,
    run_id: RunIdOption = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this source.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Forget what earlier fetches left; fetch everything.")] = False,
) -> None:
    """Lands the bytes of every source, or of one: what is new since the last fetch.

    A named source that cannot be fetched is a failure (exit code 1); one of all leaves the run degraded (3).
    """
    this = open_command(config, home, as_of, run_id)
    if source is None:
        failed = _fetch(this, full=full)
    else:
        this.settings.source(source)
        _fetch_one(this, source, full=full)
        failed = []
    without = f", without {', '.join(failed)}" if failed else ""
    print(f"Fetched under run id {this.run_id}{without}")
    if failed:
        raise typer.Exit(EXIT_DEGRADED)


def _add_step(name: str, text: str) -> None:
    def command(
        run_id: Annotated[str, typer.Option("--run-id", help="Name of the run to go on with.")],
        config: ConfigOption = None,
        home: HomeOption = None,
        as_of: AsOfOption = None,
    ) -> None:
        this = open_command(config, home, as_of, run_id)
        outcome = _step(this, name)
        print(json.dumps(outcome, indent=2, default=str))
        if outcome.get("degraded"):
            raise typer.Exit(EXIT_DEGRADED)

    app.command(name, help=text)(command)


@app.command()
def docs() -> None:
    """Writes the generated pages of docs/ anew; for who changes Tierline."""
    from ingest.catalogue.document import DOCUMENT as SOURCES_PAGE
    from ingest.catalogue.document import sources_document
    from ingest.connections_document import DOCUMENT as CONNECTIONS_PAGE
    from ingest.connections_document import connections_document
    from ingest.contracts_document import DOCUMENT, contracts_document
    from ingest.source_document import DOCUMENT as SOURCE_REFERENCE
    from ingest.source_document import source_document
    from ingest.warehouse_sources import DOCUMENT as WAREHOUSE_SOURCES
    from ingest.warehouse_sources import warehouse_sources
    from scoring.method_page import write_method_page
    from serving.dictionary import DOCUMENT as DATA_DICTIONARY
    from serving.dictionary import dictionary_document

    write_bytes_atomically(PROJECT / DOCUMENT, contracts_document().encode())
    write_bytes_atomically(PROJECT / WAREHOUSE_SOURCES, warehouse_sources().encode())
    write_bytes_atomically(PROJECT / SOURCE_REFERENCE, source_document().encode())
    write_bytes_atomically(PROJECT / SOURCES_PAGE, sources_document().encode())
    write_bytes_atomically(PROJECT / CONNECTIONS_PAGE, connections_document().encode())
    write_json_atomically(PROJECT / "docs" / "configuration.schema.json", settings_schema())
    write_bytes_atomically(PROJECT / DATA_DICTIONARY, dictionary_document(PROJECT).encode())
    write_method_page(PROJECT)
    print(f"Renewed the generated pages of {PROJECT / 'docs'}")


@app.command()
def version() -> None:
    """Prints the version."""
    print(__version__)


def _steps() -> dict[str, Callable[[Run], dict[str, Any]]]:
    from ingest.steps import check, load, survey
    from matching.steps import match, prepare
    from scoring.steps import score
    from serving.steps import publish, report
    from tierline.transform import transform

    return {
        "load": load,
        "check": check,
        "survey": survey,
        "prepare": prepare,
        "match": match,
        "transform": transform,
        "score": score,
        "publish": publish,
        "report": report,
    }


CHAIN = {
    "load": "Reads what landed into raw and canonical tables; what does not fit goes to quarantine.",
    "check": "Checks the loaded data with Great Expectations.",
    "survey": "Decides the classes of worker surveys inside the restricted store.",
    "prepare": "Prepares names, identifiers and keys for matching with dbt.",
    "match": "Says which records are one supplier and which list entries may be one.",
    "transform": "Builds and tests the rest of the warehouse with dbt.",
    "score": "Scores every supplier and says why.",
    "publish": "Builds, checks and promotes a publication.",
    "report": "Writes the report, CSV and XLSX of a publication.",
}
for _name, _text in CHAIN.items():
    if _name not in ("match", "report"):  # they stand with the other commands on matches, and with a module of its own
        _add_step(_name, _text)


def _step(this: Run, name: str) -> dict[str, Any]:
    started = now()
    outcome = _steps()[name](this)
    _LOG.info("%-9s done in %.1f s", name, (now() - started).total_seconds())
    return outcome


def _fetch(this: Run, *, full: bool = False) -> list[str]:
    """Fetches all sources side by side; gives the names of those that could not be fetched."""
    started = now()
    names = [source.name for source in this.settings.sources]
    with ThreadPoolExecutor(_PARALLEL_FETCHES) as pool:
        fetched = list(pool.map(lambda name: _fetch_or_degrade(this, name, full=full), names))
    _LOG.info("%-9s done in %.1f s", "fetch", (now() - started).total_seconds())
    return [name for name, is_fetched in zip(names, fetched, strict=True) if not is_fetched]


def _fetch_or_degrade(this: Run, name: str, *, full: bool) -> bool:
    try:
        _fetch_one(this, name, full=full)
    except FetchError as error:
        if this.settings.source(name).required:
            raise
        _LOG.error("%s", error)
        return False
    return True


def _fetch_one(this: Run, name: str, *, full: bool) -> None:
    from ingest.steps import fetch_source

    fetch_source(this, name, full=full)


def _tell_progress(done: int, wanted: int) -> None:
    _LOG.info("demo world: %s of %s suppliers", f"{done:,}", f"{wanted:,}")


def _refuse_foreign_folder(directory: Path) -> None:
    if directory.exists() and any(directory.iterdir()) and not (directory / "tierline.yml").exists():
        raise ConfigError(
            f"{directory} holds other files", remedy="Name an empty folder, or one that holds a demo world."
        )


def _finish(this: Run) -> NoReturn:
    degraded = _print_summary(this)
    raise typer.Exit(EXIT_DEGRADED if degraded else 0)


def _print_summary(this: Run) -> bool:
    from scoring.tables import BANDS

    load, checks, matched = (this.read_outcome(step) for step in ("load", "check", "match"))
    scored, published, reported = (this.read_outcome(step) for step in ("score", "publish", "report"))
    print(f"\nRun {this.run_id}, as of {this.as_of}\n")
    print(f"{'source':<28}{'read':>10} = {'loaded':>10} + {'quarantined':>11}")
    for name, source in sorted(load["sources"].items()):
        repeats = f"   of which repeats: {source['repeated']}" if source["repeated"] else ""
        print(f"{name:<28}{source['read']:>10} = {source['loaded']:>10} + {source['quarantined']:>11}{repeats}")
    bands = ", ".join(f"{band} {scored['bands'].get(band, 0)}" for band in BANDS)
    print(f"\nSuppliers: {bands}")
    waiting = published["rows"]["match_queue"]
    print(
        f"Matching:  {matched['references']} references are {matched['suppliers']} suppliers; matches wait: {waiting}"
    )
    for line in scored["to_follow_up"]:
        print(line)
    for contradiction in matched["contradictions"]:
        print(f"VERDICTS CONTRADICT EACH OTHER  {contradiction}")
    degraded = {**load["degraded"], **checks["degraded"]}
    for name, reason in sorted(degraded.items()):
        print(f"DEGRADED  {name}: {reason}")
    print(f"Published: {published['path']}")
    print(f"Report:    {reported['report']}")
    print(f"Checks:    {checks['data_docs']}")
    return bool(degraded)


def main() -> None:
    """Runs the command line; a TierlineError becomes a message and its exit code, never a stack trace."""
    configure_logging()
    try:
        app()
    except TierlineError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("stopped; nothing that readers see has changed", file=sys.stderr)
        sys.exit(EXIT_FAILED)


if __name__ == "__main__":
    main()
