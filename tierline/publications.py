"""What became of publications since they were made: retracted, pruned, held or released; a ledger beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tierline.errors import TierlineError
from tierline.files import sha256_of_bytes
from tierline.ledger import Ledger

HEADINGS: Final = ("entry_no", "entered_at", "entry", "run_id", "superseded_by", "by_role", "reason")
LEDGER_NAME: Final = "publications_ledger.csv"
_OPPOSITE: Final = {"held": "released", "released": "held"}


@dataclass(frozen=True)
class Standing:
    """How the publications of a folder stand: run id → the entry of the ledger that says so."""

    retracted: Mapping[str, Mapping[str, str]]
    pruned: Mapping[str, Mapping[str, str]]
    held: Mapping[str, Mapping[str, str]]


def publications_ledger(published: Path) -> Ledger:
    """Gives the ledger of a folder of publications."""
    return Ledger(published / LEDGER_NAME, HEADINGS, "publications")


def standing(published: Path) -> Standing:
    """Gives how the publications stand; none is anything where there is no ledger.

    Raises TierlineError where the ledger is not as it was written.
    """
    told: dict[str, dict[str, Mapping[str, str]]] = {name: {} for name in ("retracted", "pruned", "held", "released")}
    for entry in publications_ledger(published).entries():
        told[entry["entry"]][entry["run_id"]] = entry
        told.get(_OPPOSITE.get(entry["entry"], ""), {}).pop(entry["run_id"], None)
    return Standing(told["retracted"], told["pruned"], told["held"])


def ledger_state(published: Path) -> dict[str, int | str]:
    """Gives how many entries the ledger has and the SHA-256 of its bytes, so that a later reader knows it was so."""
    ledger = publications_ledger(published)
    return {"entries": len(ledger.entries()), "sha256": sha256_of_bytes(ledger.text().encode())}


def ledger_as_it_was(published: Path, entries: int) -> str:
    """Gives the text of the ledger when it had so many entries."""
    return "".join(publications_ledger(published).text().splitlines(keepends=True)[: entries + 1])


def retraction_in_words(entry: Mapping[str, str]) -> str:
    """Gives a retraction in one line: which run, when, by which role, why, and what stands in its place."""
    by = f" by {entry['by_role']}" if entry["by_role"] else ""
    instead = f"; read {entry['superseded_by']} instead" if entry["superseded_by"] else ""
    return f"run {entry['run_id']} was retracted on {entry['entered_at'][:10]}{by}: {entry['reason']}{instead}"


def nothing_current(published: Path) -> TierlineError:
    """Gives the error for readers who find no publication that holds: none was made, or all were retracted."""
    retracted = standing(published).retracted.values()
    if not retracted:
        return TierlineError("nothing is published yet", remedy="Run tierline run first.")
    return TierlineError(
        f"no publication holds: {retraction_in_words(list(retracted)[-1])}",
        remedy="Publish a mended run: tierline run. `tierline publications list` tells what became of each.",
    )
