"""The command that writes synthetic records for sharing with other organisations; nothing of it is ever scored."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierline.cli_options import AsOfOption, ConfigOption, HomeOption, open_command
from tierline.errors import ConfigError
from tierline.files import write_bytes_atomically

if TYPE_CHECKING:
    from ingest.releases.synthetic import SyntheticRelease

release_app = typer.Typer()


@release_app.command()
def release(
    out: Annotated[Path, typer.Option("--out", help="Folder to write; it must be new or empty.")],
    epsilon: Annotated[float, typer.Option("--epsilon", help="Privacy budget that this release spends.")],
    dp: Annotated[bool, typer.Option("--dp", help="Confirms that answers leave as a differentially private release.")],
    as_of: AsOfOption = None,
    config: ConfigOption = None,
    home: HomeOption = None,
) -> None:
    """Writes synthetic records and noisy counts of workers' answers, for sharing; what it spends never comes back."""
    from ingest.releases.places import places_of_sites
    from ingest.releases.synthetic import synthesize

    if not dp:
        raise ConfigError("only a differentially private release can be written", remedy="Give --dp.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ConfigError(f"{out.name} is not empty", remedy="Name a new folder.")
    run = open_command(config, home, as_of)
    made = synthesize(run, places_of_sites(run), epsilon)
    write_bytes_atomically(out / "records.csv", _csv(made.columns, made.records))
    write_bytes_atomically(out / "counts.csv", _csv(("combination", "count"), made.counts))
    write_bytes_atomically(out / "privacy.txt", ("\n".join(privacy_lines(made)) + "\n").encode())
    usefulness = "\n".join(utility_lines(made)) + "\n"
    kept = run.home.restricted / "releases"
    kept.mkdir(mode=0o700, exist_ok=True)
    write_bytes_atomically(kept / f"{run.run_id}.txt", usefulness.encode(), 0o600)
    print("\n".join(privacy_lines(made)))
    print(usefulness, end="")


def privacy_lines(made: "SyntheticRelease") -> list[str]:
    """Gives what the release promises, in sentences that go with it."""
    return [
        "Synthetic records: no row is a worker. Made by pac-synth from the newest closed wave of each respondent.",
        f"Differentially private for one respondent: epsilon {made.epsilon:g}, delta {made.delta:g}.",
        f"All releases so far together: epsilon {made.epsilon_spent:g} of {made.epsilon_total:g}, "
        f"delta {made.delta_spent:g} (they add up).",
        f"Respondents, with noise: {made.protected_records}. Synthetic records: {len(made.records)}.",
        "Which indicators, countries, sectors and waves there are is taken as known, and not protected.",
        "Never used for scoring. Do not draw conclusions about a single site from it.",
    ]


def utility_lines(made: "SyntheticRelease") -> list[str]:
    """Gives what the noise cost; measured against true answers, so it stays with the owner of the store."""
    return [
        "Usefulness, measured against true answers and not covered by epsilon: do not share.",
        *(
            f"{each.order} columns: mean absolute error {each.mean_absolute_error:.1f} respondents; "
            f"{each.retained} of {each.combinations} combinations retained; {each.made_up} made up"
            for each in made.utility
        ),
    ]


def _csv(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue().encode()
