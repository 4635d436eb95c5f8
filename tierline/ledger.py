"""Ledgers of what people decide: CSV files that are only ever added to, one line an entry, numbered from 1."""

import csv
import fcntl
import io
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tierline.errors import ConfigError, TierlineError
from tierline.files import write_bytes_atomically

LONGEST_REASON = 1000
_FORMULA = re.compile(r"[=+@＝＋＠]|-\S")


@dataclass(frozen=True)
class Ledger:
    """One ledger: its file, the headings of its columns (the first is the number of the entry), what it holds."""

    path: Path
    headings: tuple[str, ...]
    holds: str

    @contextmanager
    def writing(self) -> "Iterator[OpenLedger]":
        """Gives the ledger to read and add to, alone; what was added is kept whole at the end, or not at all.

        Raises TierlineError where the file is not the ledger as it was written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with (self.path.parent / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            text = self.text()
            book = OpenLedger(self, _rows(text, self.headings))
            yield book
            if book.added:
                write_bytes_atomically(self.path, (text + "".join(book.added)).encode(), mode=0o640)

    def entries(self) -> list[dict[str, str]]:
        """Gives all entries by heading, in order; none where there is no file yet."""
        return _rows(self.text(), self.headings)

    def text(self) -> str:
        """Gives the bytes of the file as text, or the headings alone where there is none; raises as `writing` does."""
        heading = ",".join(self.headings) + "\n"
        if not self.path.exists():
            return heading
        text = self.path.read_text(encoding="utf-8")
        if not text.startswith(heading) or not text.endswith("\n"):
            raise TierlineError(
                f"{self.path.name} is not a ledger of {self.holds} as it was written, or was cut off",
                remedy="Restore it from the landing or a backup, and give what is missing again.",
            )
        return text


class OpenLedger:
    """A ledger while one process alone may add to it."""

    def __init__(self, ledger: Ledger, entries: list[dict[str, str]]) -> None:
        self._headings = ledger.headings
        self.entries = entries
        self.added: list[str] = []

    def add(self, *cells: str) -> int:
        """Adds an entry, cells in the order of the headings after the first, and gives its number."""
        number = len(self.entries) + 1
        row = (str(number), *cells)
        self.entries.append(dict(zip(self._headings, row, strict=True)))
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(row)
        self.added.append(line.getvalue())
        return number


def moment_text(moment: datetime) -> str:
    """Gives a moment in UTC as ISO 8601, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def require_line(name: str, value: str, longest: int, what: str) -> None:
    """Raises ConfigError unless the value is one line that says something and is no longer than `longest` letters."""
    if not value.strip() or len(value) > longest or any(not letter.isprintable() for letter in value):
        raise ConfigError(
            f"the {name} of {what} is one line of 1 to {longest} characters",
            remedy=f"Give it with --{name}; the role is a role such as 'senior reviewer', never a name.",
        )


def require_words(name: str, value: str, what: str) -> None:
    """Raises ConfigError unless the value is one line that no spreadsheet takes for a formula."""
    require_line(name, value, LONGEST_REASON, what)
    if is_formula(value):
        raise ConfigError(
            f"the {name} of {what} begins like a formula of a spreadsheet", remedy="Begin with a letter or a digit."
        )


def is_formula(text: str) -> bool:
    """Says whether a spreadsheet that opens the ledger might take the text for a formula."""
    return _FORMULA.match(text) is not None


def require_role(role: str, roles: Collection[str]) -> None:
    """Raises ConfigError unless the role is one of the configured roles, which name no person."""
    if role not in roles:
        raise ConfigError(
            "that is none of the configured roles",
            remedy=f"Use one of {', '.join(sorted(roles))}, or add one under roles in the configuration; a person's"
            " name or address is none.",
        )


def _rows(text: str, headings: Sequence[str]) -> list[dict[str, str]]:
    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    return [dict(zip(headings, row, strict=False)) for row in rows]
