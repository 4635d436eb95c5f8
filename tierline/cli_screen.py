"""`tierline screen`: a list of bidders against suppliers and every list; and its record, held against its sources."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tierline.cli_audit import PublishedOption, print_retractions, published_folder, run_id_of
from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, today
from tierline.errors import EXIT_FAILED, ConfigError
from tierline.files import write_bytes_atomically
from tierline.ledger import require_role
from tierline.settings import default_config, load_settings

if TYPE_CHECKING:
    from serving.language import Language
    from serving.screening.columns import Columns
    from serving.screening.table import Table

screen_app = typer.Typer()

_FORMATS = (".xlsx", ".csv", ".json", ".html")
_RECORDS = (".pdf", ".json")


@screen_app.command()
def screen(
    bidders: Annotated[
        Path, typer.Argument(help="The list: CSV or XLSX, a row a bidder.", exists=True, dir_okay=False)
    ],
    out: Annotated[Path, typer.Option("--out", help="File of the answers: .xlsx, .csv, .json or .html.")],
    record: Annotated[Path | None, typer.Option("--record", help="File of the record: .pdf or .json.")] = None,
    confirm: Annotated[
        Path | None,
        typer.Option(
            "--confirm", help="CSV in which a person says which company a row is; written where it is not there."
        ),
    ] = None,
    columns: Annotated[
        str,
        typer.Option("--columns", help="What columns are, such as name=Bidder,country=Land; the rest is recognised."),
    ] = "",
    headings: Annotated[
        bool | None, typer.Option("--headings/--no-headings", help="Whether the first row holds headings; none: seen.")
    ] = None,
    by_role: Annotated[str, typer.Option("--by-role", help="Role of who confirmed, one of `roles`; no name.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Take the columns as recognised, and ask nothing.")] = False,
    checked_on: AsOfOption = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of what is written.")] = "en",
    run: Annotated[str, typer.Option("--run", help="Run id of the publication.")] = "current",
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Checks a list of bidders against suppliers and all lists; below an identifier no band before a person confirms.

    The columns that were taken are printed. On a terminal it then asks; with --yes, or where nobody can be asked, it
    goes on. Nothing of the list is stored but in the files that are named here.
    """
    from ingest.terminal_text import inert
    from serving.language import language
    from serving.screening.check import Asked, checked
    from serving.screening.columns import recognised, require_something, told_columns, with_told
    from serving.screening.confirmations import template_bytes
    from serving.screening.reading import opened
    from serving.screening.table import Limits
    from serving.screening.upload import read_table, safe_name
    from serving.screening.wording import summary_text

    _require_suffix(out, _FORMATS)
    if record is not None:
        _require_suffix(record, _RECORDS)
    if by_role:
        require_role(by_role, load_settings(config or default_config(), home=home).roles)
    speech, limits, content = language(lang), Limits(), _content(bidders)
    table = read_table(content, limits, speech, has_headings=headings)
    used = with_told(table, recognised(table), told_columns(columns))
    for line in _column_lines(table, used, speech):
        print(inert(line))
    require_something(used, speech)
    _ask(speech, yes=yes)
    folder = published_folder(config, home, published)
    publication = folder / run_id_of(folder, run)
    print_retractions(folder, [publication.name])
    day = checked_on.date() if checked_on else today()
    asked = Asked(safe_name(bidders.name), content, table, used, day, _confirmed(confirm, speech), by_role)
    with opened(publication) as read:
        told = checked(asked, read, limits)
    _write(out, told, speech)
    _write_record(record, told, speech)
    print(summary_text(told, speech))
    waiting = int(told["counts"]["states"].get("to confirm", 0))
    if waiting and confirm is not None and not confirm.exists():
        write_bytes_atomically(confirm, template_bytes(told, speech))
        print(f"Written: {confirm}")
    if waiting:
        print(_waiting_text(waiting, speech))


def verify_record(record: Path, bidders: Path | None, published: Path) -> None:
    """Holds a record against its hash, the list and the publication; prints what it found; exit code 1 where it breaks.

    Raises ContractError for a file that is no record.
    """
    from serving.language import language
    from serving.publications.current import DATABASE
    from serving.screening.document import pages_finding
    from serving.screening.reading import opened
    from serving.screening.record import asked_again, findings_of, read_kept
    from serving.screening.table import Limits
    from serving.screening.upload import read_table
    from serving.verification import is_sound

    limits, bytes_of_record = Limits(), record.read_bytes()
    kept = read_kept(bytes_of_record)
    asked = None
    if bidders is not None:
        content = _content(bidders)
        has_headings = bool(kept.record["asked"]["has_headings"])
        asked = asked_again(kept, content, read_table(content, limits, language("en"), has_headings=has_headings))
    run_id = str(kept.record["publication"]["run_id"])
    print_retractions(published, [run_id])
    is_there = "/" not in run_id and (published / run_id / DATABASE).is_file()
    if asked is not None and is_there:
        with opened(published / run_id) as read:
            findings = findings_of(kept, asked, read, limits)
    else:
        findings = findings_of(kept, asked, None, limits)
    if bytes_of_record.startswith(b"%PDF"):
        findings.append(pages_finding(kept, bytes_of_record))
    for finding in findings:
        print(f"{finding.state.upper():<12}{finding.rule}" + (f": {finding.detail}" if finding.detail else ""))
    print(f"SHA-256 {kept.sha256}")
    if not is_sound(findings):
        raise typer.Exit(EXIT_FAILED)


def _content(path: Path) -> bytes:
    from serving.screening.table import Limits

    with path.open("rb") as stream:
        return stream.read(Limits().file_bytes + 1)


def _require_suffix(path: Path, known: tuple[str, ...]) -> None:
    if path.suffix.lower() not in known:
        raise ConfigError(f"'{path.name}' has no known ending", remedy=f"Name a file that ends in {', '.join(known)}.")


def _column_lines(table: "Table", used: "Columns", speech: "Language") -> list[str]:
    from serving.screening.columns import sample_of
    from serving.screening.headings import ROLES, SEEN_BY

    rows = speech.plural("{count} row", "{count} rows", count=table.read_count)
    lines = [f"{table.form}; {rows}"]
    for role, column in used.items():
        why = [speech.text(SEEN_BY[column.seen_by])]
        if column.fitting is not None:
            why.append(speech.text("{fitting} of {sampled} fit", fitting=column.fitting, sampled=column.sampled))
        examples = "; ".join(sample_of(table, column.place))
        lines.append(f"  {speech.text(ROLES[role])}: {column.heading} ({', '.join(why)}): {examples}")
    left = [name for place, name in enumerate(table.headings) if place not in {one.place for one in used.values()}]
    lines += [f"  {speech.text('not used')}: {', '.join(left)}"] if left else []
    return lines + [f"  {speech.text('sheet {sheet} is not read', sheet=name)}" for name in table.unread_sheets]


def _ask(speech: "Language", *, yes: bool) -> None:
    if not yes and sys.stdin.isatty():
        question = speech.text("Are these the columns? Otherwise say so with --columns.")
        typer.confirm(question, abort=True, default=True)


def _confirmed(path: Path | None, speech: "Language") -> dict[int, str]:
    from serving.screening.confirmations import read_confirmations

    return read_confirmations(path.read_bytes(), speech) if path is not None and path.exists() else {}


def _write(path: Path, told: dict[str, Any], speech: "Language") -> None:
    from serving.screening.outputs import csv_bytes, workbook_bytes
    from serving.screening.page import page_bytes
    from serving.screening.record import kept_text

    makers = {
        ".xlsx": lambda: workbook_bytes(told, speech),
        ".csv": lambda: csv_bytes(told, speech),
        ".html": lambda: page_bytes(told, speech),
        ".json": lambda: kept_text(told, speech.code).encode(),
    }
    write_bytes_atomically(path, makers[path.suffix.lower()](), mode=0o600)
    print(f"Written: {path}")


def _write_record(path: Path | None, told: dict[str, Any], speech: "Language") -> None:
    from serving.screening.document import record_pdf
    from serving.screening.record import kept_text

    if path is None:
        return
    is_pdf = path.suffix.lower() == ".pdf"
    write_bytes_atomically(
        path, record_pdf(told, speech) if is_pdf else kept_text(told, speech.code).encode(), mode=0o600
    )
    print(f"Written: {path}")


def _waiting_text(waiting: int, speech: "Language") -> str:
    return speech.plural(
        "{count} row may be a known company. No band is shown until a person says which: fill is_it and name the file"
        " with --confirm.",
        "{count} rows may be known companies. No band is shown until a person says which: fill is_it and name the file"
        " with --confirm.",
        count=waiting,
    )
