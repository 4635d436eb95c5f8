"""Commands for auditors: verify, sign, trace, reproduce and diff; they read what is published and change nothing."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tierline.cli_options import ConfigOption, HomeOption, open_command
from tierline.errors import EXIT_FAILED, ConfigError
from tierline.home import Home
from tierline.publications import nothing_current, retraction_in_words, standing
from tierline.settings import default_config, load_settings

audit_app = typer.Typer(no_args_is_help=True)

PublishedOption = Annotated[
    Path | None,
    typer.Option("--published", help="Folder of publications, where there is no configuration.", file_okay=False),
]
RunArgument = Annotated[str, typer.Argument(help="Run id of the publication.")]


@audit_app.command()
def verify(
    run: RunArgument = "current",
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
    allowed_signers: Annotated[
        Path | None, typer.Option("--allowed-signers", help="Who may sign, as ssh-keygen reads it; then one must have.")
    ] = None,
    anchor: Annotated[
        str | None, typer.Option("--anchor", help="Hash of a manifest, kept elsewhere, that the chain must hold.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also list what holds.")] = False,
    record: Annotated[
        Path | None,
        typer.Option("--record", help="Record of a list screened (.pdf or .json), held against its sources instead."),
    ] = None,
    bidders: Annotated[Path | None, typer.Option("--input", help="The list that the record is about.")] = None,
) -> None:
    """Holds a publication against its manifest, its sums, its keys and the chain; exit code 1 where anything breaks."""
    from serving.verification import Expectations, is_sound, verify_publication

    folder = published_folder(config, home, published)
    if record is not None:
        from tierline.cli_screen import verify_record

        verify_record(record, bidders, folder)
        return
    run_id = run_id_of(folder, run)
    findings = verify_publication(folder, run_id, Expectations(allowed_signers, anchor))
    for finding in findings:
        if every or finding.state != "holds":
            print(f"{finding.state.upper():<12}{finding.rule}" + (f": {finding.detail}" if finding.detail else ""))
    print_retractions(folder, [run_id])
    counts = Counter(str(finding.state) for finding in findings)
    told = ", ".join(f"{counts[state]} {state}" for state in ("holds", "broken", "not checked") if counts[state])
    print(f"{run_id}: {told}")
    if not is_sound(findings):
        raise typer.Exit(EXIT_FAILED)


@audit_app.command()
def sign(
    run: RunArgument = "current",
    key: Annotated[
        Path | None,
        typer.Option("--key", help="Private key, or a public one whose other half an agent holds; none: signing_key."),
    ] = None,
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Signs the manifest of a publication with an SSH key; the key is used and not kept."""
    from serving.signatures import sign_manifest

    chosen = key or _configured_key(config)
    folder = published_folder(config, home, published)
    print(f"Signed: {sign_manifest(folder / run_id_of(folder, run), chosen)}")


@audit_app.command()
def trace(
    evidence: Annotated[str, typer.Argument(help="Id of a row of score_evidence.")],
    run: Annotated[str, typer.Option("--run", help="Run id of the publication.")] = "current",
    records: Annotated[int, typer.Option("--records", min=0, help="Of how many source rows to show the record.")] = 3,
    inside_restricted: Annotated[
        bool, typer.Option("--inside-restricted", help="Also into the restricted store, for who owns it.")
    ] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Follows a row of evidence: to the score, and back over fact and canonical row to the bytes in the landing."""
    from tierline.audit_trail import trail_lines

    this = open_command(config, home)
    folder = published_folder(config, home, None)
    publication = folder / run_id_of(folder, run)
    print_retractions(folder, [publication.name])
    lines = trail_lines(this, publication, evidence, records=records, inside_restricted=inside_restricted)
    print("\n".join(lines))


@audit_app.command()
def reproduce(
    run: Annotated[str, typer.Argument(help="Run id of the publication.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to make it in: empty, or not there yet.", file_okay=False)],
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Makes a published run again from the landing and its manifest; says which bytes differ, and which versions."""
    from tierline.reproduction import reproduce_run

    this = open_command(config, home)
    run_id = run_id_of(published_folder(config, home, None), run)
    compared = reproduce_run(this, run_id, out)
    for line in compared.different:
        print(f"DIFFERS     {line}")
    for key in compared.content:
        print(f"DIFFERS     manifest: {key}")
    for line in compared.versions:
        print(f"VERSION     {line}")
    told = f"{len(compared.identical)} tables have the same bytes, {len(compared.different)} differ"
    print(f"{run_id}: {told}; {len(compared.versions)} versions differ; made in {out}")
    if not compared.is_identical:
        raise typer.Exit(EXIT_FAILED)


@audit_app.command()
def diff(
    before: Annotated[str, typer.Argument(help="Run id of the earlier publication.")],
    after: RunArgument = "current",
    supplier: Annotated[str | None, typer.Option("--supplier", help="Only this supplier, part by part.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many suppliers to list at most.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, as JSON.")] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Says what moved between two publications and why; for each supplier the parts add up to the whole difference."""
    from serving.difference import compare_runs, difference_lines, supplier_lines

    folder = published_folder(config, home, published)
    runs = [run_id_of(folder, before), run_id_of(folder, after)]
    difference = compare_runs(folder, *runs)
    if not as_json:
        print_retractions(folder, runs)
    if as_json:
        told = {**difference.as_json(), "retracted": retracted_of(folder, runs)}
        print(json.dumps(told, indent=2, ensure_ascii=False, default=str))
    elif supplier is not None:
        print("\n".join(supplier_lines(difference, supplier)))
    else:
        print("\n".join(difference_lines(difference, limit)))


def published_folder(config: Path | None, home: Path | None, published: Path | None) -> Path:
    """Gives the folder of publications; raises ConfigError where there is none yet."""
    folder = published or Home(load_settings(config or default_config(), home=home).home).published
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder.name} with publications", remedy="Publish a run first.")
    return folder


def retracted_of(published: Path, runs: Sequence[str]) -> list[str]:
    """Gives, in words, which of the runs were retracted and why."""
    told = standing(published).retracted
    return [retraction_in_words(told[run]) for run in runs if run in told]


def print_retractions(published: Path, runs: Sequence[str]) -> None:
    """Prints which of the runs were retracted."""
    for line in retracted_of(published, runs):
        print(f"RETRACTED   {line}")


def run_id_of(published: Path, run: str) -> str:
    """Gives the run id for what was typed: itself, or the run that `current` points to; raises ConfigError for none."""
    if run == "current" and not (published / run).is_dir():
        raise nothing_current(published)
    if not (published / run).is_dir():
        raise ConfigError(
            f"there is no publication {run}",
            remedy=f"Name a run of the folder {published.name}; if it has none, publish one.",
        )
    return (published / run).resolve().name if run == "current" else run


def _configured_key(config: Path | None) -> Path:
    settings = load_settings(config or default_config())
    if settings.signing_key is None:
        raise ConfigError(
            "no key is named", remedy="Name one: tierline sign RUN --key FILE, or signing_key in the configuration."
        )
    return settings.base / settings.signing_key
