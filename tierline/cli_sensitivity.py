"""The command that moves all priors and tells what moves with them."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, open_command
from tierline.log import get_logger

if TYPE_CHECKING:
    from scoring.sensitivity import Sensitivity

_LOG = get_logger(__name__)
_TOLD_EVERY = 50
_SHOWN = 10
_LEVELS = ("low", "median", "high")

sensitivity_app = typer.Typer()


@sensitivity_app.command()
def sensitivity(
    draws: Annotated[int, typer.Option("--draws", min=1, max=100_000, help="How often all priors are drawn.")] = 200,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed of the draws; none: the run's.")] = None,
    suppliers: Annotated[
        int, typer.Option("--suppliers", min=1, help="How many suppliers at most; drawn at random where more are.")
    ] = 10_000,
    as_json: Annotated[bool, typer.Option("--json", help="Both tables as JSON.")] = False,
    config: ConfigOption = None,
    home: HomeOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Scores the warehouse again under moved priors, and tells how far bands and the head of the list move.

    The day must be that of the run that is told of. What it finds takes the place of what the run found with fewer
    draws; the next `tierline publish` tells it.
    """
    from scoring.sensitivity_step import renew_sensitivity

    run = open_command(config, home, as_of)
    found = renew_sensitivity(run, draws, suppliers, run.settings.seed if seed is None else seed, _tell)
    if as_json:
        tables = {"sensitivity_summary": found.summary, "prior_sensitivity": found.by_prior}
        print(json.dumps({name: table.to_dicts() for name, table in tables.items()}, indent=2))
    else:
        print("\n".join(_lines(found)))


def _tell(done: int, total: int) -> None:
    if done % _TOLD_EVERY == 0 or done == total:
        _LOG.info("scored again %d of %d times", done, total)


def _lines(found: "Sensitivity") -> list[str]:
    if found.summary.is_empty():
        return ["There are no suppliers to score again."]
    first = found.summary.row(0, named=True)
    counts = f"{first['supplier_count']:,} of {first['portfolio_count']:,} suppliers"
    lines = [
        f"{first['draw_count']:,} draws of all priors, {counts}; the first 5 % are {first['first_count']:,}",
        "",
        f"{'measure':<22}{'5 %':>8}{'half':>8}{'95 %':>8}  of the draws",
    ]
    for row in found.summary.iter_rows(named=True):
        figures = "".join(f"{'-' if row[name] is None else format(row[name], '.3f'):>8}" for name in _LEVELS)
        lines.append(f"{row['measure']:<22}{figures}  {row['description']}")
    lines += ["", "Moved alone by one spread, what moves most bands:"]
    most = found.by_prior.sort("band_changed_share", "prior_id", "direction", descending=[True, False, False])
    for row in most.head(_SHOWN).iter_rows(named=True):
        moved = f"{row['value']:g} to {row['moved_value']:.3g}"
        lines.append(f"  {row['prior_id']:<46} {moved:<18}{row['band_changed_share']:.1%} of bands")
    return lines
