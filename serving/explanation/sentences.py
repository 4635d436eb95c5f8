"""The sentences about one supplier; the report and `tierline explain` say the same because both take them from here.

Each takes rows of published tables as column → value and a language, and gives plain text: whoever shows it makes it
inert. What a table says in its own words, such as the description of a fact, stays as it is where the language does not
have it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from serving.language import Language, language, mark
from serving.language.wording import with_article
from serving.reports.words import BANDS, apart, short

Row = Mapping[str, Any]
Names = Mapping[str, str]

ENGLISH: Final = language("en")
_LEAST_CHANCE = 0.01
_BAND_STAYS: Final = mark("the band stays {band}")
_BAND_MOVES: Final = mark("the band goes from {band} to {after}")


def score_sentence(score: Row, speech: Language = ENGLISH) -> str:
    """Says the score with its interval, and what was cut off it."""
    return speech.text(
        "Score {score} of 100 (80 % interval {low} to {high}); 50 stands for one in ten under the method's priors.",
        score=speech.number(score["score"], 1),
        low=speech.number(score["interval_low"]),
        high=speech.number(score["interval_high"]),
    )


def band_sentence(score: Row, speech: Language = ENGLISH) -> str:
    """Says the band and the rule that decided it."""
    reason = _ended(speech.term(score["band_reason"]))
    return speech.text("Band {band}: {reason}", band=speech.term(score["band"]), reason=reason)


def severity_sentence(score: Row, speech: Language = ENGLISH) -> str:
    """Says how grave what is present is."""
    if score["severity"] is None:
        return speech.text("Nothing is present, so there is no severity to tell.")
    severity = speech.number(score["severity"], 1)
    return speech.text("Severity {severity} of 5, kept apart from how likely it is.", severity=severity)


def knowledge_sentence(score: Row, speech: Language = ENGLISH) -> str:
    """Says coverage and confidence; for the band Unknown also what the score alone would say."""
    coverage, confidence = speech.percent(score["coverage"]), speech.percent(score["confidence"])
    said = speech.text("Coverage {coverage}, confidence {confidence}.", coverage=coverage, confidence=confidence)
    if score["band"] == "Unknown" and score["inherent_level"]:
        level = speech.term(score["inherent_level"])
        return f"{said} {speech.text('Unknown is not clean; the score alone would say {level}.', level=level)}"
    return said


def leverage_sentence(candidate: Row, speech: Language = ENGLISH) -> str:
    """Says how much the buyer can move, by what; `candidate` is a row of review_candidate."""
    if candidate["leverage"] is None:
        return speech.text("Leverage is not known: no sum is known of what is bought from it. Unknown is not low.")
    leverage = speech.number(candidate["leverage"], 2)
    if candidate["sales_share"] is None:
        return speech.text(
            "Leverage {leverage} of 1, by its place among all in what is bought alone; the buyer's share of its sales"
            " is not known: {reason}.",
            leverage=leverage,
            reason=speech.term(candidate["sales_share_reason"]),
        )
    return speech.text(
        "Leverage {leverage} of 1: its place among all in what is bought is {place} of 1, and the buyer takes {share}"
        " of its sales.",
        leverage=leverage,
        place=speech.number(candidate["spend_place"], 2),
        share=speech.percent(candidate["sales_share"]),
    )


def band_chances(score: Row) -> list[tuple[str, float]]:
    """Gives the bands that the uncertainty of the weights leaves open, from 1 % on."""
    chances = [(band, score[f"probability_{band.lower()}"]) for band in BANDS]
    return [(band, chance) for band, chance in chances if chance is not None and chance >= _LEAST_CHANCE]


def chances_sentence(score: Row, speech: Language = ENGLISH) -> str | None:
    """Says which bands the uncertainty leaves open; nothing where it leaves one."""
    chances = band_chances(score)
    if len(chances) < 2:
        return None
    told = speech.joined(
        [
            speech.text("{band} in {share}", band=speech.term(band), share=speech.percent(chance))
            for band, chance in chances
        ]
    )
    return speech.text(
        "With the weights redrawn within their uncertainty the band would be {told} of cases.", told=told
    )


def site_sentence(site: Row | None, site_count: int, speech: Language = ENGLISH) -> str:
    """Says which site the supplier is rated by."""
    if site is None or not site["site_name"] or site["is_unknown_site"]:
        return speech.text("No site of this supplier is known; it is rated as one unknown site.")
    name = apart(site["site_name"], 200)
    if site.get("workers"):
        counted = speech.plural("{count} worker", "{count} workers", count=site["workers"])
        name = f"{name} ({counted})"
    if site_count > 1:
        return speech.text(
            "Rated by its site {site}, the worst of {count} known.", site=name, count=speech.number(site_count)
        )
    return speech.text("Rated by its site {site}.", site=name)


def action_sentences(score: Row, speech: Language = ENGLISH) -> list[str]:
    """Says what to do, and apart from it what the buyer itself must mend."""
    said = [speech.text("What to do: {action}", action=_ended(speech.term(score["action"])))]
    if score.get("buyer_action"):
        mend = _ended(buyer_action(score["buyer_action"], speech))
        said.append(speech.text("What the buyer itself must mend: {action}", action=mend))
    return said


def buyer_action(text: str, speech: Language = ENGLISH) -> str:
    """Gives what the buyer is to mend, each part in the language: parts stand between semicolons."""
    return "; ".join(speech.term(part) for part in text.split("; "))


def sum_sentence(score: Row, speech: Language = ENGLISH) -> str:
    """Says to what the rows add up, and the cut to 0–100."""
    raw = speech.number(score["raw_score"], 1)
    if score["clip_adjustment"]:
        return speech.text(
            "The rows add up to a raw score of {raw}, kept within 0 and 100 as {score}.",
            raw=raw,
            score=speech.number(score["score"], 1),
        )
    return speech.text("The rows add up to a raw score of {raw}.", raw=raw)


def context_sentence(state: Row, indicators: Names, speech: Language = ENGLISH) -> str:
    """Says what stands beside the score without points."""
    name = f"{speech.term(indicators.get(state['indicator_id'], ''))} {state['indicator_id']}".strip()
    told = speech.term(state["state"]) + (f" – {short(speech.term(state['reason']), 200)}" if state["reason"] else "")
    return speech.text("Beside the score, without points: {indicator}: {state}.", indicator=name, state=told)


def match_sentence(match: Row, speech: Language = ENGLISH) -> str:
    """Says what a possible match is, why it may be one, and that it changes nothing yet."""
    listed = speech.text("listed {day}", day=speech.day(match["listed_on"])) if match["listed_on"] else ""
    name = apart(match["list_name"], 90)
    parts = [
        apart(match["entry_name_published"], 90),
        speech.text("list {list}", list=f"{name} ({apart(match['programme'], 60)})" if match["programme"] else name),
        speech.text("entry {entry}", entry=apart(match["entry_ref"], 80)),
        speech.term(str(match["list_status"]).replace("_", " ")),
        listed,
    ]
    new = f"{speech.text('New.')} " if match["is_new"] else ""
    why = speech.text("Why: {why}.", why=apart(speech.term(match["explanation"])))
    return f"{', '.join(part for part in parts if part)}. {new}{why}"


def contradiction_sentence(contradiction: Row, indicators: Names, speech: Language = ENGLISH) -> str:
    """Says who found what at one site where an audit and workers contradict each other, with days and numbers."""
    name = f"{contradiction['indicator_id']} {speech.term(indicators.get(contradiction['indicator_id'], ''))}".strip()
    return f"{name}: {_ended(speech.term(contradiction['sentence']))}"


def next_fact_sentence(
    fact: Row, score: Row, indicators: Names, sources: Names, evidence: Row | None = None, speech: Language = ENGLISH
) -> str:
    """Says what one fact more, or one put right, would do to score and band."""
    after = speech.term(fact["band_after"])
    stays = fact["band_after"] == score["band"]
    moved = speech.message(_BAND_STAYS if stays else _BAND_MOVES).format(
        **({"band": after} if stays else {"band": speech.term(score["band"]), "after": after})
    )
    return speech.text(
        "{condition}, the score goes from {score} to {after} ({change}) and {band}.",
        condition=_condition(fact, indicators, sources, evidence, speech),
        score=speech.number(score["score"], 1),
        after=speech.number(fact["score_after"], 1),
        change=speech.signed(fact["score_change"]),
        band=moved,
    )


def _condition(fact: Row, indicators: Names, sources: Names, evidence: Row | None, speech: Language) -> str:
    about, source = _about(fact, indicators, speech), _told_by(fact, sources, speech)
    if fact["outcome"] == "adverse":
        return speech.text("If {source} reports {about}", source=source, about=about)
    if fact["outcome"] != "closed":
        return speech.text("If {source} looks for {about} and finds none", source=source, about=about)
    where = f" ({apart(speech.term(evidence['description']), 200)})" if evidence and evidence["description"] else ""
    return speech.text(
        "If workers verify that {about}, told by {source}, was put right{where}",
        about=about,
        source=source,
        where=where,
    )


def question_sentence(fact: Row, indicators: Names, sources: Names, speech: Language = ENGLISH) -> str:
    """Says which question is worth most to ask, and how likely its adverse answer is under the priors."""
    return speech.text(
        "Worth most to ask: {source} about {about}. Under the priors it reports it in {share} of cases, and is expected"
        " to move the band by {places} places.",
        source=_told_by(fact, sources, speech),
        about=_about(fact, indicators, speech),
        share=speech.percent(fact["probability"]),
        places=speech.number(fact["information"], 2),
    )


def move_sentence(move: Row, speech: Language = ENGLISH) -> str:
    """Says how score and band moved since the run before."""
    before = speech.term(move["band"])
    if move["band"] != move["band_after"]:
        tag, after = speech.term(move["band_tag"]), speech.term(move["band_after"])
        band = speech.text("band {before} → {after} ({tag})", before=before, after=after, tag=tag)
    else:
        band = speech.text("band {band} as before", band=before)
    return speech.text(
        "Score {before} → {after} ({change}), {band}.",
        before=speech.number(move["score"], 1),
        after=speech.number(move["score_after"], 1),
        change=speech.signed(move["score_after"] - move["score"]),
        band=band,
    )


def part_sentence(part: Row, speech: Language = ENGLISH) -> str:
    """Says one part of the move since the run before."""
    about = f"{part['indicator_id']}: " if part["indicator_id"] else ""
    what = apart(speech.term(part["what"]) or speech.text("no more is told"))
    return f"{speech.signed(part['points'])}  {speech.term(part['tag'])}: {about}{what}"


def place_sentence(supplier: Row, speech: Language = ENGLISH) -> str:
    """Says country and sector."""
    code, sector = supplier["country_code"], supplier["sector_label"]
    where = speech.country(code) if code else speech.text("country not known")
    return f"{where}, {apart(speech.term(sector) or speech.text('sector not known'), 90)}"


def joined(names: Sequence[str], indicators: Names, speech: Language = ENGLISH) -> str:
    """Gives indicators by id and name, in one line."""
    return speech.joined([f"{name} {speech.term(indicators.get(name, ''))}".strip() for name in names])


def _about(fact: Row, indicators: Names, speech: Language) -> str:
    return f"{lower_first(speech.term(indicators.get(fact['indicator_id'], '')))} ({fact['indicator_id']})"


def _told_by(fact: Row, sources: Names, speech: Language) -> str:
    """Gives a kind of source with its article, as catalogues have it."""
    return speech.term(with_article(sources.get(fact["source_type"], fact["source_type"])))


def _ended(text: object) -> str:
    said = str(text or "not told").strip()
    return apart(said if said.endswith((".", "!", "?")) else f"{said}.", 600)


def lower_first(text: str) -> str:
    """Gives a name with a small first letter, for inside a sentence."""
    return text[:1].lower() + text[1:]
