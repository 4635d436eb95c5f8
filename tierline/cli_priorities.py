"""The command that gives the review queue at a given capacity, from a publication."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from tierline.cli_audit import PublishedOption, published_folder, run_id_of
from tierline.cli_options import ConfigOption, HomeOption
from tierline.errors import PublishError

if TYPE_CHECKING:
    from serving.reports.published import Published

priorities_app = typer.Typer()


@priorities_app.command()
def priorities(
    capacity: Annotated[
        int | None, typer.Option("--capacity", min=1, help="How many can be reviewed; none: as the run had it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="File to write as CSV.", dir_okay=False)] = None,
    run: Annotated[str, typer.Option("--run", help="Run id of the publication.")] = "current",
    config: ConfigOption = None,
    home: HomeOption = None,
    published: PublishedOption = None,
) -> None:
    """Says whom to review: most by severity and what a look would tell, some drawn, each with its propensity."""
    from ingest.terminal_text import inert
    from serving.manifest import read_manifest
    from serving.priorities import named_queue, priority_lines, write_queue
    from serving.reports.published import Published

    folder = published_folder(config, home, published)
    publication = folder / run_id_of(folder, run)
    read = Published(publication, read_manifest(publication))
    if "review_queue" not in read.manifest["tables"]:
        raise PublishError(
            f"publication {publication.name} has no review queue", remedy="Publish a run with this version of the code."
        )
    queue = named_queue(read, _drawn_anew(read, capacity) if capacity else read.table("review_queue").collect())
    if csv is not None:
        write_queue(queue, csv)
        print(f"Written: {csv}")
    elif as_json:
        print(json.dumps(queue.to_dicts(), indent=2, ensure_ascii=False))
    else:
        print("\n".join(map(inert, priority_lines(queue))))


def _drawn_anew(read: "Published", capacity: int) -> pl.DataFrame:
    """Gives the queue of another capacity, by the candidates, parameters and seed of the publication."""
    from scoring.review_queue import draw_rule, review_queue

    candidates, parameters = (read.table(name).collect() for name in ("review_candidate", "score_parameter"))
    rule = draw_rule(dict(parameters.select("name", "value").iter_rows()))
    return review_queue(candidates, capacity, rule, int(read.manifest["seed"]))
