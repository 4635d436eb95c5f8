"""Which publication an explanation reads: that of a run, or the newest that speaks for a day or one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from serving.chain import read_chain
from serving.explanation.sentences import ENGLISH
from serving.language import Language
from serving.manifest import read_manifest
from serving.reports.published import Published
from tierline.errors import PublishError
from tierline.publications import retraction_in_words, standing

_HELD_BY_ALL = "supplier_score.parquet"


@dataclass(frozen=True)
class Chosen:
    """The publication that is read, the run id of the one before it (None where it is not there), and a note."""

    published: Published
    before: str | None
    note: str


def chosen_publication(
    folder: Path, *, run_id: str | None = None, as_of: date | None = None, speech: Language = ENGLISH
) -> Chosen:
    """Gives the publication of a run, or else the newest whose day is `as_of` or before, retracted ones left out.

    Among those of one day the last of the chain is the newest. Raises PublishError where there is none.
    """
    chosen = run_id or _newest_until(folder, as_of)
    published = Published(folder / chosen, read_manifest(folder / chosen))
    asked = as_of if run_id is None else None
    note = _note(chosen, published, asked, standing(folder).retracted.get(chosen), speech)
    return Chosen(published, publication_before(folder, published), note)


def _note(
    run_id: str, published: Published, asked: date | None, retracted: Mapping[str, str] | None, speech: Language
) -> str:
    """Says which publication is read; a retraction is told as it was entered."""
    if asked is None:
        said = speech.text("Run {run}, which speaks for {day}.", run=run_id, day=published.as_of)
    else:
        said = speech.text(
            "Run {run}, which speaks for {day}: the newest publication for {asked} or a day before.",
            run=run_id,
            day=published.as_of,
            asked=asked,
        )
    if retracted is None:
        return said
    return f"{said} {speech.text('RETRACTED: {why}.', why=retraction_in_words(retracted))}"


def _newest_until(folder: Path, as_of: date | None) -> str:
    retracted = standing(folder).retracted
    readable = [
        (_day_of(folder / link.run_id), place, link.run_id)
        for place, link in enumerate(read_chain(folder).links)
        if link.run_id not in retracted and _is_whole(folder / link.run_id)
    ]
    in_time = [entry for entry in readable if as_of is None or entry[0] <= as_of]
    if not in_time:
        days = ", ".join(str(entry[0]) for entry in sorted(readable)) or "none"
        raise PublishError(
            f"no publication speaks for {as_of} or a day before",
            remedy=f"Name a later day; there are publications for: {days}.",
        )
    return max(in_time)[2]


def publication_before(folder: Path, published: Published) -> str | None:
    """Gives the run of the last publication before it in the chain that is whole and not retracted; None for none."""
    retracted = standing(folder).retracted
    runs = [link.run_id for link in read_chain(folder).links]
    place = runs.index(published.folder.name) if published.folder.name in runs else 0
    before = [run for run in runs[:place] if run not in retracted and _is_whole(folder / run)]
    return before[-1] if before else None


@dataclass(frozen=True)
class PassedOver:
    """A publication right before another that is not compared with: retracted and why, or without its tables."""

    run_id: str
    retracted_because: str | None


def passed_over(folder: Path, published: Published) -> PassedOver | None:
    """Gives the publication right before it in the chain where it is retracted or its tables were let go."""
    runs = [link.run_id for link in read_chain(folder).links]
    place = runs.index(published.folder.name) if published.folder.name in runs else 0
    if not place:
        return None
    last = runs[place - 1]
    retracted = standing(folder).retracted.get(last)
    if retracted is not None:
        return PassedOver(last, retracted["reason"])
    return None if _is_whole(folder / last) else PassedOver(last, None)


def _is_whole(publication: Path) -> bool:
    return (publication / "parquet" / _HELD_BY_ALL).is_file()


def _day_of(publication: Path) -> date:
    return date.fromisoformat(read_manifest(publication)["as_of"])
