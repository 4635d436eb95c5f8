"""An explanation in lines for a person, and as plain values of a shape that stays."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from serving.explanation import facts, paragraphs
from serving.explanation import sentences as say
from serving.explanation.reading import Explanation, Row
from serving.explanation.sentences import ENGLISH
from serving.explanation.since import passed_over_sentence
from serving.language import Language
from serving.reports.words import STATES, unmarked

SHAPE_VERSION = 1
_UNKNOWN = ("not applicable", "not assessable")


def explanation_lines(of: Explanation, speech: Language = ENGLISH) -> Iterator[str]:
    """Tells all of it in a language, a line a sentence, in the order in which a procurement officer asks."""
    for title, lines in _sections(of, speech):
        if title:
            yield ""
            yield title
        for line in lines:
            yield unmarked(f"  {line}" if title else line)


def as_json(of: Explanation, speech: Language = ENGLISH) -> dict[str, Any]:
    """Gives the same as plain values, its sentences in a language; docs/explain.md says which key holds what."""
    sections = ((title or speech.text("Summary"), lines) for title, lines in _sections(of, speech))
    return {
        "shape_version": SHAPE_VERSION,
        "run_id": of.run_id,
        "as_of": str(of.as_of),
        "fictional": of.fictional,
        "supplier": {**of.supplier, "site_count": of.site_count},
        "site": {name: of.site.get(name) for name in ("site_id", "site_name", "is_unknown_site", "address", "workers")},
        "is_worst_site": of.is_worst_site,
        "score": of.score,
        "evidence": [_with_sentences(of, fact, speech) for fact in of.evidence],
        "indicators": [{**row, "name": of.indicators.get(row["indicator_id"])} for row in of.states],
        "contradictions": of.contradictions,
        "possible_matches": of.matches,
        "next_facts": [{**fact, "sentence": unmarked(_next_fact(of, fact, speech))} for fact in of.next_facts],
        "leverage": of.leverage[0] if of.leverage else None,
        "other_sites": of.other_sites,
        "since": {"run_id": of.before, "move": of.move, "parts": of.parts},
        "sentences": {title: list(map(unmarked, lines)) for title, lines in sections},
    }


def _sections(of: Explanation, speech: Language) -> Iterator[tuple[str, Iterable[str]]]:
    yield "", _summary(of, speech)
    yield speech.text("What the score is made of"), _evidence(of, speech)
    if of.contradictions:
        yield (
            speech.text("Where sources contradict each other"),
            [say.contradiction_sentence(row, of.indicators, speech) for row in of.contradictions],
        )
    if of.matches:
        yield (
            speech.text("Possible match, unconfirmed: no points, and no effect on the band"),
            [say.match_sentence(match, speech) for match in of.matches],
        )
    yield speech.text("What is known, indicator by indicator"), _states(of, speech, known=True)
    yield speech.text("What is not known, and why"), _states(of, speech, known=False)
    yield speech.text("What single fact would move the band most"), _next_facts(of, speech)
    yield speech.text("What changed since the run before"), _changed(of, speech)
    if of.other_sites:
        yield speech.text("Other sites"), _other_sites(of, speech)


def _summary(of: Explanation, speech: Language) -> Iterator[str]:
    yield f"{of.supplier['name']} ({of.supplier['supplier_id']}): {say.place_sentence(of.supplier, speech)}"
    yield of.note
    if of.fictional:
        yield speech.text("Fictional data: nothing here is about any real company.")
    if of.is_worst_site:
        yield say.site_sentence(of.site, of.site_count, speech)
    else:
        name = of.site["site_name"] or of.site["site_id"]
        yield speech.text("About its site {site}, which is not the one that decides.", site=name)
    yield from paragraphs.decided(of.score, speech)
    yield from paragraphs.known(of.score, speech)
    yield from (say.leverage_sentence(row, speech) for row in of.leverage)
    yield from paragraphs.beside(of.states, of.context, of.indicators, speech)
    yield speech.text(
        "This says where to look first, not that forced labour was found. It is no reason to end a contract."
    )


def _evidence(of: Explanation, speech: Language) -> Iterator[str]:
    for fact in of.evidence:
        title, told = facts.fact_title(fact, of.indicators, speech), speech.term(fact["description"])
        yield f"{speech.signed(fact['contribution']):>7}  {title}: {told}"
        for detail in _details(of, fact, speech):
            yield f"         {detail}"
    yield say.sum_sentence(of.score, speech)


def _details(of: Explanation, fact: Row, speech: Language) -> Iterator[str]:
    arithmetic = facts.fact_arithmetic(fact, speech)
    if arithmetic:
        yield arithmetic
    if fact["kind"] != "cap":
        yield facts.fact_source(fact, of.sources, of.as_of, speech)
    yield from facts.fact_notes(fact, speech)


def _with_sentences(of: Explanation, fact: Row, speech: Language) -> Row:
    age = facts.age_months(fact["event_date"], of.as_of) if fact["event_date"] else None
    title, details = facts.fact_title(fact, of.indicators, speech), _details(of, fact, speech)
    return {**fact, "age_months": age, "sentences": [title, *map(unmarked, details)]}


def _states(of: Explanation, speech: Language, *, known: bool) -> Iterator[str]:
    rows = [
        row for row in of.states if (row["state"] not in _UNKNOWN) == known and row["indicator_id"] not in of.context
    ]
    if not rows and known:
        yield speech.text("None: nobody has looked at this site with a source able to see.")
    elif not rows:
        yield speech.text("Nothing is missing.")
    rows.sort(key=lambda row: (STATES.index(row["state"]), row["reason"] or "", row["indicator_id"]))
    for (state, reason), group in groupby(rows, key=lambda row: (row["state"], row["reason"])):
        names = say.joined([row["indicator_id"] for row in group], of.indicators, speech)
        said = speech.term(state).capitalize()
        yield f"{said}: {names}" + (f" – {speech.term(reason)}" if reason else "")


def _next_facts(of: Explanation, speech: Language) -> Iterator[str]:
    if of.is_worst_site:
        yield from paragraphs.moving(of.next_facts, of.score, of.evidence, of.indicators, of.sources, speech)
    else:
        yield speech.text("Reckoned for the worst site of a supplier alone.")


def _next_fact(of: Explanation, fact: Row, speech: Language) -> str:
    row = next((row for row in of.evidence if row["evidence_id"] == fact["evidence_id"]), None)
    return say.next_fact_sentence(fact, of.score, of.indicators, of.sources, row, speech)


def _changed(of: Explanation, speech: Language) -> Iterator[str]:
    if of.passed_over is not None:
        yield passed_over_sentence(of.passed_over, speech)
    yield from paragraphs.changed(of.before, of.move, of.parts, speech)


def _other_sites(of: Explanation, speech: Language) -> Iterator[str]:
    for site in of.other_sites:
        yield speech.text(
            "{site}: band {band}, score {score}",
            site=site["site_name"] or site["site_id"],
            band=speech.term(site["band"]),
            score=speech.number(site["score"], 1),
        )
