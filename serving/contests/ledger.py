"""The ledger of contests: objections and decisions, one line each, only ever added to and loaded by every run."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from tierline.errors import ConfigError
from tierline.home import Home
from tierline.ledger import Ledger, OpenLedger, moment_text, require_role, require_words

Outcome = Literal["upheld", "rejected", "partly"]
HEADINGS: Final = (
    "entry_no", "entered_at", "entry", "contest_id", "supplier_id", "supplier_ref", "contested_table", "contested_key",
    "contested_source_id", "contested_event_id", "indicator_id", "raised_on", "due_on", "grounds",
    "evidence_references", "contact_role", "form_sha256", "outcome", "decided_on", "decided_by_role", "reason",
)  # fmt: skip
_OBJECTION: Final = HEADINGS[4:17]


@dataclass(frozen=True)
class Contest:
    """An objection with every decision on it, as the ledger holds them."""

    contest_id: str
    objection: Mapping[str, str]
    decisions: tuple[Mapping[str, str], ...]

    @property
    def state(self) -> str:
        """`pending`, or the outcome of the decision entered last."""
        return self.decisions[-1]["outcome"] if self.decisions else "pending"

    def is_overdue(self, today: date) -> bool:
        """Whether it waits for its decision after its day."""
        return not self.decisions and date.fromisoformat(self.objection["due_on"]) < today


def contest_ledger(home: Home) -> Ledger:
    """Gives the ledger of contests of an installation."""
    return Ledger(home.contest_ledger, HEADINGS, "contests")


def contests_of(entries: Iterable[Mapping[str, str]]) -> dict[str, Contest]:
    """Gives contest id → contest, in the order of the objections."""
    listed = list(entries)
    return {
        entry["contest_id"]: Contest(
            entry["contest_id"],
            entry,
            tuple(one for one in listed if one["entry"] == "decision" and one["contest_id"] == entry["contest_id"]),
        )
        for entry in listed
        if entry["entry"] == "objection"
    }


def add_objection(book: OpenLedger, cells: Mapping[str, str], entered_at: datetime) -> str:
    """Adds an objection, whose cells are those of the columns from supplier_id to form_sha256, and gives its id."""
    contest_id = f"C{len(book.entries) + 1}"
    book.add(moment_text(entered_at), "objection", contest_id, *(cells[name] for name in _OBJECTION), "", "", "", "")
    return contest_id


@dataclass(frozen=True)
class Ruling:
    """What was decided on an objection, by which role, why, and on which day."""

    outcome: Outcome
    role: str
    reason: str
    decided_on: date


def decide(home: Home, contest_id: str, ruling: Ruling, roles: Collection[str], entered_at: datetime) -> str | None:
    """Adds a decision to the ledger; gives a warning where it contradicts an earlier one, which stays in the ledger.

    Doing it again changes nothing. Raises ConfigError for an objection that is not there, a role that is none, a
    reason that is not one line, or a day before the objection or after today.
    """
    require_role(ruling.role, roles)
    require_words("reason", ruling.reason, "a decision")
    with contest_ledger(home).writing() as book:
        contest = contests_of(book.entries).get(contest_id)
        if contest is None:
            raise ConfigError(
                "the ledger holds no objection with that id: there is nothing to decide",
                remedy="`tierline contest list` names those there are.",
            )
        _refuse_other_day(contest, ruling.decided_on, entered_at.date())
        if any(_is_same(decision, ruling) for decision in contest.decisions[-1:]):
            return None
        blank = [""] * len(_OBJECTION)
        book.add(
            moment_text(entered_at), "decision", contest_id, *blank, ruling.outcome, ruling.decided_on.isoformat(),
            ruling.role, ruling.reason,
        )  # fmt: skip
    if contest.state in ("pending", ruling.outcome):
        return None
    return f"{contest_id} was decided before, as {contest.state}; what was entered last holds, and reports tell of both"


def _refuse_other_day(contest: Contest, decided_on: date, today: date) -> None:
    raised_on = date.fromisoformat(contest.objection["raised_on"])
    if not raised_on <= decided_on <= today:
        raise ConfigError(
            f"an objection of {raised_on} is decided on a day from then to today, not on {decided_on}",
            remedy="Give the day of the decision with --on.",
        )


def _is_same(decision: Mapping[str, str], ruling: Ruling) -> bool:
    said = (decision["outcome"], decision["decided_on"], decision["decided_by_role"], decision["reason"])
    return said == (ruling.outcome, ruling.decided_on.isoformat(), ruling.role, ruling.reason)
