"""What happened at a supplier and when: facts, list entries, objections and actions, in the order of their days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from serving.language import Language, mark
from serving.reports.words import apart

Row = Mapping[str, Any]

EVENT_LIMIT: Final = 60
LANES: Final = {
    "adverse": mark("Points to risk"),
    "clean": mark("Speaks against"),
    "lists": mark("Lists"),
    "work": mark("Objections and actions"),
}
"""Rows of the picture from top to bottom, each with a shape of its own."""
_LANE_OF_KIND: Final = {"adverse": "adverse", "clean": "clean", "mitigation": "clean"}


@dataclass(frozen=True)
class Event:
    """Something on a day: the lane it stands in, what it was, who told it; whether it is contested or to come."""

    day: date
    lane: str
    what: str
    told_by: str
    is_contested: bool
    is_ahead: bool


def facts_over_time(facts: Sequence[Row], sources: Mapping[str, str], as_of: date, speech: Language) -> list[Event]:
    """Gives the dated rows of evidence as events; rows of one day, kind and kind of source are one event."""
    dated = [fact for fact in facts if fact["event_date"] and fact["kind"] in _LANE_OF_KIND]
    dated.sort(key=_place_of)
    return [_of_facts(list(rows), sources, as_of, speech) for _, rows in groupby(dated, key=_place_of)]


def lists_over_time(matches: Sequence[Row], as_of: date, speech: Language) -> list[Event]:
    """Gives the days on which entries of lists that match the supplier began and ended."""
    events = []
    for match in matches:
        name = apart(match["list_name"], 90)
        about = (
            speech.text("{list}, possible match, unconfirmed", list=name)
            if match["match_status"] == "possible"
            else name
        )
        for day, what in (
            (match["listed_on"], speech.text("Listed: {entry}", entry=apart(match["entry_name_published"], 90))),
            (match["ended_on"], speech.text("Entry ended: {entry}", entry=apart(match["entry_name_published"], 90))),
        ):
            if day:
                events.append(Event(day, "lists", what, about, is_contested=False, is_ahead=day > as_of))
    return events


def work_over_time(contests: Sequence[Row], actions: Sequence[Row], as_of: date, speech: Language) -> list[Event]:
    """Gives the days of objections and of actions: raised and decided, due and done."""
    events = []
    for row in contests:
        told_by = speech.text("objection {contest}", contest=row["contest_id"])
        events.append((row["raised_on"], speech.text("The supplier objected to a row"), told_by))
        events.append((row["decided_on"], speech.text("The objection was decided"), told_by))
    for row in actions:
        about = speech.text("action {action}", action=row["action_id"])
        what = apart(speech.term(row["action"]), 120)
        if row["state"] == "open":
            events.append((row["due_on"], speech.text("Action due: {action}", action=what), about))
        else:
            events.append((row["done_on"], speech.text("Action done: {action}", action=what), about))
    return [
        Event(day, "work", what, about, is_contested=False, is_ahead=day > as_of) for day, what, about in events if day
    ]


def in_order(events: Sequence[Event]) -> list[Event]:
    """Gives the newest events, at most as many as are shown, the newest first."""
    return sorted(events, key=lambda one: (one.day, one.lane, one.what, one.told_by), reverse=True)[:EVENT_LIMIT]


def _place_of(fact: Row) -> tuple[date, str, str]:
    return fact["event_date"], _LANE_OF_KIND[fact["kind"]], fact["source_type"] or ""


def _of_facts(rows: list[Row], sources: Mapping[str, str], as_of: date, speech: Language) -> Event:
    first = rows[0]
    indicators = sorted({row["indicator_id"] for row in rows if row["indicator_id"]})
    return Event(
        first["event_date"],
        _LANE_OF_KIND[first["kind"]],
        speech.joined(indicators),
        speech.term(sources.get(first["source_type"], first["source_type"])),
        is_contested=any(row["contested"] for row in rows),
        is_ahead=first["event_date"] > as_of,
    )
