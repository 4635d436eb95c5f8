"""The record of what was sent: one line a message, without addresses, so that nobody gets a run twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from tierline.home import Home
from tierline.ledger import Ledger, OpenLedger, moment_text

HEADINGS: Final = ("entry_no", "sent_at", "run_id", "message_id", "audience", "language")


def sent_ledger(home: Home) -> Ledger:
    """Gives the ledger of messages that a server took."""
    return Ledger(home.artifacts / "mail" / "sent.csv", HEADINGS, "messages sent")


@contextmanager
def sending(home: Home) -> Iterator[OpenLedger]:
    """Gives the ledger to one sender alone, so that two at once do not send the same."""
    with sent_ledger(home).writing() as book:
        yield book


def was_sent(book: OpenLedger, identity: str) -> bool:
    """Says whether a server took the message of that id."""
    return any(entry["message_id"] == identity for entry in book.entries)


def note_sent(book: OpenLedger, moment: datetime, run_id: str, identity: str, audience: str, language: str) -> None:
    """Adds that a server took the message."""
    book.add(moment_text(moment), run_id, identity, audience, language)
