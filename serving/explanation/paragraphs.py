"""Sentences put together as the report and `tierline explain` both show them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from serving.explanation import sentences as say
from serving.explanation.sentences import ENGLISH, Names
from serving.language import Language

Row = Mapping[str, Any]

_FACTS_TOLD = 3


def decided(score: Row, speech: Language = ENGLISH) -> Iterator[str]:
    """Says the band and why, and what to do."""
    yield say.band_sentence(score, speech)
    yield from say.action_sentences(score, speech)


def known(score: Row, speech: Language = ENGLISH) -> Iterator[str]:
    """Says how far to trust the score."""
    yield say.score_sentence(score, speech)
    yield say.severity_sentence(score, speech)
    yield say.knowledge_sentence(score, speech)
    chances = say.chances_sentence(score, speech)
    if chances:
        yield chances


def beside(
    states: Sequence[Row], context: Sequence[str], indicators: Names, speech: Language = ENGLISH
) -> Iterator[str]:
    """Says what stands beside the score without points."""
    for row in states:
        if row["indicator_id"] in context:
            yield say.context_sentence(row, indicators, speech)


def moving(
    facts: Sequence[Row],
    score: Row,
    evidence: Sequence[Row],
    indicators: Names,
    sources: Names,
    speech: Language = ENGLISH,
) -> Iterator[str]:
    """Says which single facts would move the band most, and which question is worth most."""
    rows = {row["evidence_id"]: row for row in evidence}
    if not facts:
        yield speech.text(
            "Not reckoned for this supplier: no single fact would add anything, or it stands too far down the order."
        )
    for fact in most_moving(facts):
        yield say.next_fact_sentence(fact, score, indicators, sources, rows.get(fact["evidence_id"]), speech)
    asked = best_question(facts)
    if asked:
        yield say.question_sentence(asked, indicators, sources, speech)


def changed(before: str | None, move: Row | None, parts: Sequence[Row], speech: Language = ENGLISH) -> Iterator[str]:
    """Says what changed since the run `before`, part by part; `move` is None where neither score nor band moved."""
    if before is None:
        yield speech.text("There is no earlier run to compare with.")
    elif move is None:
        yield speech.text("Since run {run} neither score nor band moved, or the supplier is new.", run=before)
    else:
        yield speech.text("Since run {run}: {moved}", run=before, moved=say.move_sentence(move, speech))
        yield from (say.part_sentence(part, speech) for part in parts)


def most_moving(facts: Sequence[Row]) -> list[Row]:
    """Gives what would move the band most: at most three facts that are not known, and one closure, by rank.

    Where none moves the band it is the one that moves the score most.
    """
    moving = [fact for fact in facts if fact["move"]] or facts[:1]
    closures = [fact for fact in moving if fact["outcome"] == "closed"][:1]
    first = [fact for fact in moving if fact["outcome"] != "closed"][:_FACTS_TOLD]
    return sorted([*first, *closures], key=lambda fact: int(fact["fact_rank"]))


def best_question(facts: Sequence[Row]) -> Row | None:
    """Gives the adverse answer of the question that is expected to move the band most; None where none moves it."""
    asked = [fact for fact in facts if fact["outcome"] == "adverse" and fact["information"]]
    return max(asked, key=lambda fact: (fact["information"], -fact["fact_rank"])) if asked else None
