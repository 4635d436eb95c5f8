"""Takes a wrong publication back: it stays where it is, and everybody who reads it is told."""

from datetime import datetime
from pathlib import Path
from typing import Final

from serving.manifest import FILE_NAME
from serving.promote import alone, point
from serving.publications.current import CURRENT, newest_that_holds
from tierline.errors import ConfigError
from tierline.files import sync_folder, write_json_atomically
from tierline.ledger import moment_text, require_words
from tierline.publications import publications_ledger, retraction_in_words, standing

NOTICE: Final = "retracted.json"


def retract(
    published: Path, run_id: str, *, reason: str, by_role: str, superseded_by: str | None, now: datetime
) -> Path | None:
    """Retracts a publication and gives the one that readers see from then on; None where none is left that holds.

    First the ledger says so, then a notice beside the manifest, then `current` moves in one step; each is done once, so
    that after a kill the same call ends what was begun. Raises ConfigError for a run that is not published, or a
    successor that is not or was retracted itself; PublishError while a publication is being made.
    """
    require_words("reason", reason, "a retraction")
    require_published(published, run_id)
    with alone(published):
        _refuse_successor(published, run_id, superseded_by)
        with publications_ledger(published).writing() as book:
            if not any(entry["entry"] == "retracted" and entry["run_id"] == run_id for entry in book.entries):
                book.add(moment_text(now), "retracted", run_id, superseded_by or "", by_role, reason)
        complete_retractions(published)
        return move_current(published)


def complete_retractions(published: Path) -> None:
    """Writes the notice of every retracted publication that has none yet, or another one."""
    for run_id, entry in standing(published).retracted.items():
        if (published / run_id).is_dir():
            notice = {**entry, "notice": retraction_in_words(entry)}
            write_json_atomically(published / run_id / NOTICE, notice)


def move_current(published: Path) -> Path | None:
    """Points `current` away from a retracted publication, in one step; gives where it points, None where nowhere."""
    link = published / CURRENT
    named = link.resolve() if link.exists() else None
    if named is not None and named.name not in standing(published).retracted:
        return named
    newest = newest_that_holds(published)
    if newest is not None:
        point(link, newest)
    elif link.is_symlink():
        link.unlink()
        sync_folder(published)
    return newest


def require_published(published: Path, run_id: str) -> None:
    """Raises ConfigError unless a publication of that run is there, be it pruned."""
    folder = published / run_id
    if not (folder / FILE_NAME).is_file() or folder.is_symlink() or folder.parent != published:
        raise ConfigError(
            "there is no publication with that run id",
            remedy="`tierline publications list` names those there are; `current` is no run id.",
        )


def _refuse_successor(published: Path, run_id: str, superseded_by: str | None) -> None:
    if superseded_by is None:
        return
    require_published(published, superseded_by)
    if superseded_by == run_id or superseded_by in standing(published).retracted:
        raise ConfigError(
            f"run {superseded_by} cannot stand in its place: it is the same, or was retracted itself",
            remedy="Name a publication that holds with --superseded-by, or none.",
        )
