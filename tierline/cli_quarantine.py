"""The commands on quarantine: what is in it and why, and loading anew after a mapping was mended."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, RunIdOption, open_command
from tierline.errors import EXIT_DEGRADED

quarantine_app = typer.Typer(help="Records that were read and not loaded.", no_args_is_help=True)


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
