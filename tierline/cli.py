"""The command line: every step as a command, and `run` for all of them; the one module that sees every room."""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, NoReturn

import typer

from tierline import __version__
from tierline.cli_action import action_app
from tierline.cli_audit import audit_app
from tierline.cli_contest import contest_app
from tierline.cli_document import document_app
from tierline.cli_explain import explain_app
from tierline.cli_export import export_app
from tierline.cli_linkage import linkage_app
from tierline.cli_match import match_app
from tierline.cli_network import network_app
from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, RunIdOption, now, open_command, today
from tierline.cli_priorities import priorities_app
from tierline.cli_publications import publications_app, retract_app
from tierline.cli_release import release_app
from tierline.cli_report import report_app
from tierline.cli_restricted import restricted_app
from tierline.cli_screen import screen_app
from tierline.cli_send import send_app
from tierline.cli_sensitivity import sensitivity_app
from tierline.cli_serve import serve_app
from tierline.cli_warehouse import warehouse_app
from tierline.errors import EXIT_DEGRADED, EXIT_FAILED, ConfigError, FetchError, TierlineError
from tierline.files import write_bytes_atomically, write_json_atomically
from tierline.log import configure_logging, get_logger
from tierline.run import PROJECT, Run
from tierline.settings import default_config, load_settings, settings_schema

_LOG = get_logger(__name__)
_PARALLEL_FETCHES = 4

app = typer.Typer(
    help="Tells where to look first for forced labour among suppliers, and why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
config_app = typer.Typer(help="The configuration file.", no_args_is_help=True)
app.add_typer(config_app, name="config")
sources_app = typer.Typer(help="The declared sources.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")
quarantine_app = typer.Typer(help="Records that were read and not loaded.", no_args_is_help=True)
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

DeclarationsOption = Annotated[
    Path, typer.Option("--in", help="Folder of the declarations.", exists=True, file_okay=False)
]
_DECLARATIONS = PROJECT / "ingest" / "sources"


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


@config_app.command("schema")
def config_schema() -> None:
    """Prints the JSON schema of the configuration file, for editors."""
    print(json.dumps(settings_schema(), indent=2, sort_keys=True))


@config_app.command("check")
def config_check(config: ConfigOption = None) -> None:
    """Says whether a configuration file is right: keys, ids, files, names of credentials, consents; runs nothing."""
    from ingest.configuration_check import configuration_problems

    path = config or default_config()
    settings = load_settings(path)
    problems = configuration_problems(settings, _DECLARATIONS)
    if problems:
        raise ConfigError(
            f"{path} is not right:\n" + "\n".join(f"  - {problem}" for problem in problems),
            remedy="Correct what is named above; nothing was run.",
        )
    print(f"{path} is right: {len(settings.sources)} sources, home {settings.home}")


@sources_app.command("list")
def sources_list(
    config: ConfigOption = None,
    folder: DeclarationsOption = _DECLARATIONS,
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
    source: Annotated[str, typer.Argument(help="Id of the source.")], folder: DeclarationsOption = _DECLARATIONS
) -> None:
    """Shows all that is declared of one source."""
    from ingest.catalogue.portrait import portrait
    from ingest.spec import load_spec

    print(portrait(load_spec(source, folder)))


@sources_app.command("test")
def sources_test(
    source: Annotated[str, typer.Argument(help="Id of the source.")],
    folder: DeclarationsOption = _DECLARATIONS,
    write: Annotated[bool, typer.Option("--write", help="Write expected.json from what came.")] = False,
) -> None:
    """Loads the fixtures of a source as a run would, in a folder of their own, and compares with expected.json."""
    from ingest.catalogue.comparison import try_source

    with TemporaryDirectory(prefix="tierline-") as home:
        tested = try_source(source, Path(home) / "home", folder, write=write)
    print(tested.told())
    if not tested.is_as_expected:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def origin(
    record: Annotated[list[str], typer.Argument(help="Row id, or source, first digits of the hash, record number.")],
    as_bytes: Annotated[bool, typer.Option("--bytes", help="The bytes of the record and nothing else.")] = False,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Also of a restricted source, for who owns its store.")
    ] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Gives back the record that a row came from, as it landed, and where it came from."""
    from ingest.origin import find_origin, parse_address
    from ingest.origin.account import account_lines, bytes_of

    found = find_origin(open_command(config, home), parse_address(record), restricted=restricted)
    if as_bytes:
        sys.stdout.buffer.write(bytes_of(found))
        sys.stdout.buffer.flush()
    else:
        print("\n".join(account_lines(found)))


@quarantine_app.command("list")
def quarantine_list(
    source: Annotated[str | None, typer.Option("--source", help="Only this source.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Only this reason.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Counts what is in quarantine by source, reason and remedy, most frequent first."""
    from ingest.desk_pages import count_lines
    from ingest.quarantine_desk import quarantine_counts

    counts = quarantine_counts(open_command(config, home), source=source, reason=reason)
    if as_json:
        print(json.dumps([asdict(count) for count in counts], indent=2, ensure_ascii=False))
    else:
        print("\n".join(count_lines(counts)))


@quarantine_app.command("show")
def quarantine_show(
    source: Annotated[str, typer.Argument(help="Name of the source.")],
    record_no: Annotated[int | None, typer.Argument(help="Number of the record; none: the first.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Only this reason.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 10,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Shows quarantined records: what each says, why it was not loaded, and what to do."""
    from ingest.desk_pages import record_pages
    from ingest.quarantine_desk import quarantined_records

    this = open_command(config, home)
    records, total = quarantined_records(this, source, record_no=record_no, reason=reason, limit=limit)
    print("\n".join(record_pages(records, total)))


@quarantine_app.command("retry")
def quarantine_retry(
    source: Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be repeated.")] = None,
    config: ConfigOption = None,
    home: HomeOption = None,
    as_of: AsOfOption = None,
    run_id: RunIdOption = None,
) -> None:
    """Loads and checks sources anew from what has landed, after their declaration was mended; fetches nothing."""
    from ingest.desk_pages import retry_lines
    from ingest.quarantine_desk import retry

    retried = retry(open_command(config, home, as_of, run_id), source or ())
    print("\n".join(retry_lines(retried)))
    if any(one.problem for one in retried):
        raise typer.Exit(EXIT_DEGRADED)


@sources_app.command("new")
def sources_new(
    source: Annotated[str, typer.Argument(help="Id of the new source: small letters, digits and '_'.")],
    sample: Annotated[Path, typer.Argument(help="A file in the shape of the source.", exists=True, dir_okay=False)],
    table: Annotated[str | None, typer.Option("--table", help="Canonical table; none: the likeliest.")] = None,
    folder: Annotated[Path, typer.Option("--to", help="Folder of declarations to write to.")] = _DECLARATIONS,
    with_fixture: Annotated[
        bool, typer.Option("--with-fixture", help="Copy the first records of the sample into a fixture, and test it.")
    ] = False,
) -> None:
    """Drafts the declaration of a source from a sample file; asks nothing, and lists what is left to decide."""
    from ingest.catalogue.scaffold import new_source

    print(new_source(source, sample, table=table, sources=folder, with_fixture=with_fixture).told())
    if with_fixture:
        sources_test(source, folder, write=True)


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
