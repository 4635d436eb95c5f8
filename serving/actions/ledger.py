"""The ledger of actions: who takes one on and how it ended, one line each, only ever added to, loaded by every run."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tierline.errors import ConfigError
from tierline.home import Home
from tierline.ledger import Ledger, moment_text, require_words
from tierline.nearest import nearest

HEADINGS: Final = (
    "entry_no", "entered_at", "entry", "action_id", "owner_role", "due_on", "outcome", "happened_on", "amount",
    "currency", "workers", "by_role", "reason",
)  # fmt: skip
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_MOST: Final = Decimal(10) ** 15


@dataclass(frozen=True)
class Ending:
    """How an action ended: outcome, its day, the money repaid and its currency, the workers it reached, and why."""

    outcome: str
    happened_on: date
    amount: str = ""
    currency: str = ""
    workers: int | None = None
    reason: str = ""


def action_ledger(home: Home) -> Ledger:
    """Gives the ledger of actions of an installation."""
    return Ledger(home.action_ledger, HEADINGS, "actions")


def assign(
    home: Home, action: Mapping[str, Any], *, owner: str, due_on: date | None, by_role: str, now: datetime
) -> None:
    """Gives an action to a role, to be done by a day (none: that of its rule); doing it again changes nothing."""
    due = due_on.isoformat() if due_on else ""
    _add(home, ("assigned", action["action_id"], owner, due, "", "", "", "", "", by_role, ""), now)


def end(
    home: Home, action: Mapping[str, Any], ending: Ending, outcomes: Mapping[str, Mapping[str, Any]], *,
    by_role: str, now: datetime,
) -> None:  # fmt: skip
    """Says how an action ended; doing it again changes nothing.

    Raises ConfigError for an outcome that the seed does not have or that is another's, and where what it must tell
    (money and currency, workers, a reason) is missing or makes no sense.
    """
    _require_outcome(ending.outcome, action, outcomes)
    amount = _amount(ending)
    _require_complete(ending, outcomes[ending.outcome], now.date())
    cells = (
        "done", action["action_id"], "", "", ending.outcome, ending.happened_on.isoformat(), amount, ending.currency,
        "" if ending.workers is None else str(ending.workers), by_role, ending.reason,
    )  # fmt: skip
    _add(home, cells, now)


def _add(home: Home, cells: tuple[str, ...], now: datetime) -> None:
    with action_ledger(home).writing() as book:
        of_action = [one for one in book.entries if one["action_id"] == cells[1] and one["entry"] == cells[0]]
        if not of_action or tuple(of_action[-1].values())[2:] != cells:
            book.add(moment_text(now), *cells)


def _require_outcome(outcome: str, action: Mapping[str, Any], outcomes: Mapping[str, Mapping[str, Any]]) -> None:
    fitting = [name for name, row in outcomes.items() if row["addressee"] in (action["addressee"], "any")]
    if outcome not in fitting:
        raise ConfigError(
            f"an action for the {action['addressee']} does not end so", remedy=nearest(outcome, sorted(fitting))
        )


def _amount(ending: Ending) -> str:
    if not ending.amount:
        return ""
    try:
        amount = Decimal(ending.amount)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 < amount < _MOST or amount != round(amount, 2):
        raise ConfigError("the amount is no sum of money", remedy="Write it as 12500.00, without a currency.")
    if not _CURRENCY.fullmatch(ending.currency):
        raise ConfigError("the currency is no code of ISO 4217", remedy="Give it with --currency, such as USD.")
    return f"{amount:.2f}"


def _require_complete(ending: Ending, outcome: Mapping[str, Any], today: date) -> None:
    missing = [
        name
        for name, is_there in (
            ("amount", bool(ending.amount) or not outcome["needs_amount"]),
            ("workers", ending.workers is not None or not outcome["needs_workers"]),
            ("reason", bool(ending.reason) or not outcome["needs_reason"]),
        )
        if not is_there
    ]
    if missing:
        raise ConfigError(
            f"the outcome {ending.outcome} must tell its {' and '.join(missing)}",
            remedy=" ".join(f"--{name} …" for name in missing),
        )
    if ending.happened_on > today:
        raise ConfigError("the outcome lies ahead", remedy="Give the day on which it happened with --on.")
    if ending.reason:
        require_words("reason", ending.reason, "an outcome")
