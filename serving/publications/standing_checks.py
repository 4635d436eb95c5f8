"""Whether what became of publications is told as it was: their ledger, and the notice beside a retracted one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from serving.chain import read_chain
from serving.findings import Finding, finding_of
from serving.manifest import read_manifest
from serving.publications.retraction import NOTICE
from tierline.errors import TierlineError
from tierline.files import sha256_of_bytes
from tierline.publications import ledger_as_it_was, standing


def standing_findings(published: Path, run_id: str) -> Iterator[Finding]:
    """Yields whether the ledger of publications begins as every manifest saw it, and whether a retraction is told.

    A ledger of which lines were changed or taken out is seen by the next manifest after them.
    """
    yield finding_of("the ledger of publications begins as each manifest saw it", _other_beginning(published))
    try:
        entry = standing(published).retracted.get(run_id)
    except TierlineError as error:
        yield Finding("the ledger of publications can be read", "broken", error.message)
        return
    if entry is not None:
        told = _notice(published / run_id / NOTICE)
        is_told = all(told.get(name) == value for name, value in entry.items())
        problem = None if is_told else "it is not: run `tierline retract` again"
        yield finding_of("the run was retracted, and a notice beside its manifest says so", problem)


def _other_beginning(published: Path) -> str | None:
    for link in read_chain(published).links:
        seen: dict[str, Any] | None = read_manifest(published / link.run_id).get("publications_ledger")
        try:
            if seen and sha256_of_bytes(ledger_as_it_was(published, seen["entries"]).encode()) != seen["sha256"]:
                return f"it is not what the manifest of {link.run_id} names: lines were changed or taken out"
        except TierlineError as error:
            return error.message
    return None


def _notice(path: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told
