"""An explanation in lines for a person, and as plain values of a shape that stays."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from serving.explanation import paragraphs
from serving.explanation import sentences as say
from serving.explanation.reading import Explanation, Row
from serving.explanation.sentences import ENGLISH
from serving.reports.words import STATES, unmarked

SHAPE_VERSION = 1
_UNKNOWN = ("not applicable", "not assessable")


def explanation_lines(of: Explanation) -> Iterator[str]:
    """Tells all of it, a line a sentence, in the order in which a procurement officer asks."""
    for title, lines in _sections(of):
        if title:
            yield ""
            yield title
        for line in lines:
            yield unmarked(f"  {line}" if title else line)


def as_json(of: Explanation) -> dict[str, Any]:
    """Gives the same content as plain values; docs/explain.md says which key holds what."""
    return {
        "shape_version": SHAPE_VERSION,
        "run_id": of.run_id,
        "as_of": str(of.as_of),
        "fictional": of.fictional,
        "supplier": {**of.supplier, "site_count": of.site_count},
        "site": {name: of.site.get(name) for name in ("site_id", "site_name", "is_unknown_site", "address", "workers")},
        "is_worst_site": of.is_worst_site,
        "score": of.score,
        "evidence": [_with_sentences(of, fact) for fact in of.evidence],
        "indicators": [{**row, "name": of.indicators.get(row["indicator_id"])} for row in of.states],
        "contradictions": of.contradictions,
        "possible_matches": of.matches,
        "next_facts": [{**fact, "sentence": unmarked(_next_fact(of, fact))} for fact in of.next_facts],
        "other_sites": of.other_sites,
        "since": {"run_id": of.before, "move": of.move, "parts": of.parts},
        "sentences": {title or "Summary": list(map(unmarked, lines)) for title, lines in _sections(of)},
    }


def _sections(of: Explanation) -> Iterator[tuple[str, Iterator[str]]]:
    yield "", _summary(of)
    yield "What the score is made of", _evidence(of)
    if of.contradictions:
        yield (
            "Where sources contradict each other",
            (say.contradiction_sentence(row, of.indicators) for row in of.contradictions),
        )
    if of.matches:
        yield "Possible match, unconfirmed: no points, and no effect on the band", map(say.match_sentence, of.matches)
    yield "What is known, indicator by indicator", _states(of, known=True)
    yield "What is not known, and why", _states(of, known=False)
    yield "What single fact would move the band most", _next_facts(of)
    yield "What changed since the run before", paragraphs.changed(of.before, of.move, of.parts)
    if of.other_sites:
        yield "Other sites", _other_sites(of)


def _summary(of: Explanation) -> Iterator[str]:
    yield f"{of.supplier['name']} ({of.supplier['supplier_id']}): {say.place_sentence(of.supplier)}"
    yield of.note
    if of.fictional:
        yield "Fictional data: nothing here is about any real company."
    if of.is_worst_site:
        yield say.site_sentence(of.site, of.site_count)
    else:
        yield f"About its site {of.site['site_name'] or of.site['site_id']}, which is not the one that decides."
    yield from paragraphs.decided(of.score)
    yield from paragraphs.known(of.score)
    yield from paragraphs.beside(of.states, of.context, of.indicators)
    yield "This says where to look first, not that forced labour was found. It is no reason to end a contract."


def _evidence(of: Explanation) -> Iterator[str]:
    for fact in of.evidence:
        yield f"{ENGLISH.signed(fact['contribution']):>7}  {say.fact_title(fact, of.indicators)}: {fact['description']}"
        for detail in _details(of, fact):
            yield f"         {detail}"
    yield say.sum_sentence(of.score)


def _details(of: Explanation, fact: Row) -> Iterator[str]:
    arithmetic = say.fact_arithmetic(fact)
    if arithmetic:
        yield arithmetic
    if fact["kind"] != "cap":
        yield say.fact_source(fact, of.sources, of.as_of)
    yield from say.fact_notes(fact)


def _with_sentences(of: Explanation, fact: Row) -> Row:
    age = say.age_months(fact["event_date"], of.as_of) if fact["event_date"] else None
    return {
        **fact,
        "age_months": age,
        "sentences": [say.fact_title(fact, of.indicators), *map(unmarked, _details(of, fact))],
    }


def _states(of: Explanation, *, known: bool) -> Iterator[str]:
    rows = [
        row for row in of.states if (row["state"] not in _UNKNOWN) == known and row["indicator_id"] not in of.context
    ]
    if not rows:
        yield "None: nobody has looked at this site with a source able to see." if known else "Nothing is missing."
    rows.sort(key=lambda row: (STATES.index(row["state"]), row["reason"] or "", row["indicator_id"]))
    for (state, reason), group in groupby(rows, key=lambda row: (row["state"], row["reason"])):
        names = say.joined([row["indicator_id"] for row in group], of.indicators)
        yield f"{state.capitalize()}: {names}" + (f" – {reason}" if reason else "")


def _next_facts(of: Explanation) -> Iterator[str]:
    if of.is_worst_site:
        yield from paragraphs.moving(of.next_facts, of.score, of.evidence, of.indicators, of.sources)
    else:
        yield "Reckoned for the worst site of a supplier alone."


def _next_fact(of: Explanation, fact: Row) -> str:
    row = next((row for row in of.evidence if row["evidence_id"] == fact["evidence_id"]), None)
    return say.next_fact_sentence(fact, of.score, of.indicators, of.sources, row)


def _other_sites(of: Explanation) -> Iterator[str]:
    for site in of.other_sites:
        yield f"{site['site_name'] or site['site_id']}: band {site['band']}, score {ENGLISH.number(site['score'], 1)}"
