"""Contests in lines for a person at a terminal."""

from collections.abc import Iterable, Iterator
from datetime import date

from serving.contests.intake import Intake
from serving.contests.ledger import Contest

_SHOWN = (
    "supplier_id", "contested_table", "contested_key", "contested_source_id", "contested_event_id", "indicator_id",
    "raised_on", "due_on", "contact_role", "grounds", "evidence_references", "form_sha256",
)  # fmt: skip


def contest_line(contest: Contest, today: date) -> str:
    """Gives a contest in one line: id, state, days, supplier and row."""
    told = contest.objection
    state = "OVERDUE" if contest.is_overdue(today) else contest.state
    when = f"due {told['due_on']}" if contest.state == "pending" else f"on {contest.decisions[-1]['decided_on']}"
    row = f"{told['supplier_id']}  {told['indicator_id']}  {told['contested_key']}"
    return f"{contest.contest_id:<8}{state:<10}{when:<16}{row}"


def contest_lines(contest: Contest, today: date) -> Iterator[str]:
    """Yields all that the ledger holds of a contest."""
    yield contest_line(contest, today)
    for name in _SHOWN:
        if contest.objection[name]:
            yield f"  {name:<20}{contest.objection[name]}"
    yield f"  {'entered_at':<20}{contest.objection['entered_at']}"
    for decision in contest.decisions:
        who = f"on {decision['decided_on']} by {decision['decided_by_role']}"
        yield f"  {decision['outcome']} {who}: {decision['reason']}"


def intake_lines(intake: Intake, line_count: int) -> Iterator[str]:
    """Yields what became of the lines of a form."""
    taken = len(intake.accepted) + len(intake.known)
    refused = len(intake.refused)
    yield f"{line_count} lines read = {taken} objections + {intake.blank} without grounds + {refused} refused"
    if intake.accepted:
        yield f"Taken in: {', '.join(intake.accepted)}"
    if intake.known:
        yield f"Taken in before: {', '.join(intake.known)}"
    yield from (f"note: {warning}" for warning in intake.warnings)
    for refusal in intake.refused:
        yield f"QUARANTINE  line {refusal.line}: {refusal.reason}\n  What to do: {refusal.remedy}"


def ordered(contests: Iterable[Contest]) -> list[Contest]:
    """Gives those that wait first, the one due first at the top, then the decided ones."""
    return sorted(
        contests,
        key=lambda one: (one.state != "pending", one.objection["due_on"], int(one.contest_id.removeprefix("C"))),
    )
