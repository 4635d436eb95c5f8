"""The ledger of verdicts: one line a decision, only ever added to, and loaded by every run as a source."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from tierline.ledger import LONGEST_REASON, Ledger, moment_text, require_line

Decision = Literal["confirmed", "rejected", "unsure"]
HEADINGS = (
    "decision_no", "decided_at", "supplier_ref", "other_supplier_ref", "list_name", "entry_ref", "verdict", "role",
    "reason",
)  # fmt: skip
_LONGEST_ROLE = 60


@dataclass(frozen=True)
class Subject:
    """What a verdict is about: a supplier and another one, or a supplier and an entry of a list."""

    supplier_ref: str
    other_supplier_ref: str = ""
    list_name: str = ""
    entry_ref: str = ""


def add_verdict(
    ledger: Path, subject: Subject, decision: Decision, *, role: str, reason: str, decided_at: datetime
) -> int:
    """Adds a decision to the ledger and gives its number; nothing that stands there is changed.

    Raises ConfigError for a role or reason that is blank, too long or of several lines, TierlineError where the file
    is not a ledger.
    """
    require_line("role", role, _LONGEST_ROLE, "a verdict")
    require_line("reason", reason, LONGEST_REASON, "a verdict")
    with Ledger(ledger, HEADINGS, "verdicts").writing() as book:
        subject_cells = (subject.supplier_ref, subject.other_supplier_ref, subject.list_name, subject.entry_ref)
        return book.add(moment_text(decided_at), *subject_cells, decision, role, reason)
