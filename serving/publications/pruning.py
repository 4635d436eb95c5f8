"""Makes room: of old publications only the manifest stays, so that the chain still holds; never of one that is held."""

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Final

from serving.chain import read_chain
from serving.manifest import read_manifest
from serving.past_run import publications_read
from serving.promote import LEFTOVER, alone, remove_leftovers
from serving.publications.current import CURRENT, DATABASE
from serving.publications.retraction import require_published
from serving.search.files import FOLDER
from tierline.errors import ConfigError
from tierline.files import sync_folder, write_json_atomically
from tierline.ledger import moment_text, require_words
from tierline.publications import publications_ledger, standing

NOTICE: Final = "pruned.json"
_HEAVY: Final = ("parquet", DATABASE, FOLDER)


def prunable(published: Path, kept: int | None) -> list[str]:
    """Gives the runs whose tables retention lets go, oldest first; none where no number of kept ones is set.

    Kept are the newest `kept` that hold and whatever is newer than the oldest of these, the current one, those under
    hold, and the publications that a kept one went on from, without which it could not be made again.
    """
    if kept is None:
        return []
    told = standing(published)
    runs = [link.run_id for link in read_chain(published).links]
    holding = [run for run in runs if run not in told.retracted and run not in told.pruned]
    first = runs.index(holding[-kept]) if len(holding) > kept else 0
    stay = {*runs[first:], *told.held}
    link = published / CURRENT
    if link.exists():
        stay.add(link.resolve().name)
    for run in sorted(stay & set(runs)):
        stay |= publications_read(read_manifest(published / run))
    return [run for run in runs if run not in stay and run not in told.pruned]


def prune(published: Path, reports: Path, kept: int | None, *, by_role: str, now: datetime) -> list[str]:
    """Lets go of the tables and reports of old publications; gives their runs.

    The ledger says so first; then the tables leave in one step each. What a kill left over is removed the next time.
    Raises PublishError while a publication is being made.
    """
    with alone(published):
        runs = prunable(published, kept)
        reason = f"retention keeps {kept} publications whole"
        with publications_ledger(published).writing() as book:
            for run in runs:
                book.add(moment_text(now), "pruned", run, "", by_role, reason)
        for run, entry in standing(published).pruned.items():
            write_json_atomically(published / run / NOTICE, dict(entry))
            _let_go(published, run)
            shutil.rmtree(reports / run, ignore_errors=True)
        remove_leftovers(published)
    return runs


def hold(published: Path, run_id: str, *, reason: str, by_role: str, now: datetime) -> None:
    """Keeps a publication whole whatever retention says; doing it again changes nothing.

    Raises ConfigError for a run that is not published or whose tables are gone.
    """
    _set_hold(published, run_id, "held", reason, by_role, now)


def release(published: Path, run_id: str, *, reason: str, by_role: str, now: datetime) -> None:
    """Ends a hold; doing it again changes nothing. Raises ConfigError for a run that is not published."""
    _set_hold(published, run_id, "released", reason, by_role, now)


def _set_hold(published: Path, run_id: str, entry: str, reason: str, by_role: str, now: datetime) -> None:
    require_words("reason", reason, "a hold")
    require_published(published, run_id)
    with alone(published):
        told = standing(published)
        if entry == "held" and run_id in told.pruned:
            raise ConfigError(f"the tables of {run_id} are gone", remedy="Make it again: tierline reproduce.")
        if (run_id in told.held) != (entry == "held"):
            with publications_ledger(published).writing() as book:
                book.add(moment_text(now), entry, run_id, "", by_role, reason)


def _let_go(published: Path, run: str) -> None:
    for name in _HEAVY:
        path = published / run / name
        if path.exists():
            os.replace(path, published / f"{LEFTOVER}pruned-{run}-{name}")
            sync_folder(published / run)
