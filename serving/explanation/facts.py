"""The sentences about one row of evidence: what it is about, who told it when, and how its points come about."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from serving.explanation.sentences import ENGLISH, lower_first
from serving.language import Language
from serving.reports.words import KINDS, apart

Row = Mapping[str, Any]
Names = Mapping[str, str]

_DAYS_PER_MONTH: Final = 365.25 / 12


def fact_title(fact: Row, indicators: Names, speech: Language = ENGLISH) -> str:
    """Says what a row of evidence is about."""
    kind = speech.term(KINDS.get(fact["kind"], str(fact["kind"])))
    if not fact["indicator_id"]:
        return kind
    name = f"{fact['indicator_id']} {speech.term(indicators.get(fact['indicator_id'], ''))}".strip()
    return name if fact["kind"] in {"adverse", "base"} else f"{name}, {lower_first(kind)}"


def fact_arithmetic(fact: Row, speech: Language = ENGLISH) -> str | None:
    """Says how the points of a row come about; nothing for base, caps and rows that bear none."""
    if fact["reliability"] is None or fact["freshness"] is None or not fact["contribution"]:
        return None
    parts = [
        speech.text("{points} points", points=speech.number(fact["points"], 1)),
        speech.text("freshness {freshness}", freshness=speech.number(fact["freshness"], 2)),
    ]
    size = fact["points"] * fact["freshness"]
    if fact["kind"] == "adverse":
        parts.insert(1, speech.text("reliability {reliability}", reliability=speech.number(fact["reliability"], 2)))
        size *= fact["reliability"]
    if fact["rank"] is not None and fact["rank"] > 1 and size:
        share = speech.number(fact["contribution"] / size, 3)
        parts.append(speech.text("{share} as row {rank} of its indicator", share=share, rank=fact["rank"]))
    return f"{' × '.join(parts)} = {speech.signed(fact['contribution'])}"


def fact_source(fact: Row, sources: Names, as_of: date, speech: Language = ENGLISH) -> str:
    """Says who told a row of evidence, when, how old it is on the day, and which record it was."""
    kind = sources.get(fact["source_type"], fact["source_type"]) if fact["source_type"] else None
    parts = [speech.term(str(kind))] if kind else []
    if fact["event_date"]:
        months = age_months(fact["event_date"], as_of)
        old = speech.plural("{count} month old", "{count} months old", count=round(months))
        parts.append(f"{speech.day(fact['event_date'])}, {old}")
    if fact["in_force"]:
        parts.append(speech.text("in force, so it does not fade"))
    parts.append(fact_record(fact, speech))
    return "; ".join(part for part in parts if part)


def age_months(event_date: date, as_of: date) -> float:
    """Gives the months from a day to `as_of`, of 365.25 / 12 days each, as freshness takes them."""
    return (as_of - event_date).days / _DAYS_PER_MONTH


def fact_record(fact: Row, speech: Language = ENGLISH) -> str:
    """Says which record, release or version of the method a row of evidence comes from."""
    if fact["release_id"]:
        return speech.text("survey release {release}", release=fact["release_id"])
    if fact["source_id"]:
        source = apart(fact["source_id"])
        if fact["source_record_no"]:
            return speech.text("{source}, record {number}", source=source, number=fact["source_record_no"])
        return source
    return speech.text("method {version}", version=fact["rule_version"]) if fact["rule_version"] else ""


def fact_notes(fact: Row, speech: Language = ENGLISH) -> list[str]:
    """Says why a row does not count, that it is second-hand, and that it is contested."""
    aside = apart(speech.term(fact["set_aside"]))
    notes = [speech.text("Does not count: {why}.", why=aside)] if fact["set_aside"] else []
    if fact["second_hand"]:
        notes.append(speech.text("Second-hand copy."))
    if fact["contested"]:
        notes.append(contested_sentence(fact, speech))
    elif fact.get("contest_id"):
        notes.append(speech.text("An objection was decided ({contest}).", contest=fact["contest_id"]))
    return notes


def contested_sentence(fact: Row, speech: Language = ENGLISH) -> str:
    """Says that a row is contested, by whom, and until when it is to be decided."""
    due = fact.get("decision_due_on")
    if not due:
        return speech.text("Contested: an appeal is pending.")
    return speech.text(
        "Contested by the supplier ({contest}), decision due {day}.", contest=fact["contest_id"], day=speech.day(due)
    )
