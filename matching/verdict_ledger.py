"""The ledger of verdicts: one line a decision, only ever added to, and loaded by every run as a source."""

import csv
import fcntl
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from tierline.errors import ConfigError, TierlineError
from tierline.files import write_bytes_atomically

Decision = Literal["confirmed", "rejected", "unsure"]
HEADINGS = (
    "decision_no", "decided_at", "supplier_ref", "other_supplier_ref", "list_name", "entry_ref", "verdict", "role",
    "reason",
)  # fmt: skip
_LONGEST_ROLE = 60
_LONGEST_REASON = 1000


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
    _require_line("role", role, _LONGEST_ROLE)
    _require_line("reason", reason, _LONGEST_REASON)
    with _locked(ledger):
        text = _text(ledger)
        number = sum(1 for _ in csv.reader(io.StringIO(text)))
        line = io.StringIO()
        moment = decided_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        subject_cells = (subject.supplier_ref, subject.other_supplier_ref, subject.list_name, subject.entry_ref)
        csv.writer(line, lineterminator="\n").writerow((number, moment, *subject_cells, decision, role, reason))
        write_bytes_atomically(ledger, (text + line.getvalue()).encode(), mode=0o640)
    return number


def _text(ledger: Path) -> str:
    if not ledger.exists():
        return ",".join(HEADINGS) + "\n"
    text = ledger.read_text(encoding="utf-8")
    if not text.startswith(",".join(HEADINGS) + "\n") or not text.endswith("\n"):
        raise TierlineError(
            f"{ledger.name} is not a ledger of verdicts as it was written, or was cut off",
            remedy="Restore it from the landing, where every run keeps it as it was, and give the verdict again.",
        )
    return text


def _require_line(name: str, value: str, longest: int) -> None:
    if not value.strip() or len(value) > longest or any(not letter.isprintable() for letter in value):
        raise ConfigError(
            f"the {name} of a verdict is one line of 1 to {longest} characters",
            remedy=f"Give it with --{name}; the role is a role such as 'senior reviewer', never a name.",
        )


@contextmanager
def _locked(ledger: Path) -> Iterator[None]:
    """Lets one decision be written at a time, whoever else decides meanwhile."""
    ledger.parent.mkdir(parents=True, exist_ok=True)
    with (ledger.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
