"""The sentences about one supplier; the report and `tierline explain` say the same because both take them from here.

Each takes rows of published tables as column → value and gives plain text: whoever shows it makes it inert.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from serving.reports.words import BANDS, KINDS, apart, country, day, number, percent, short, signed

Row = Mapping[str, Any]
Names = Mapping[str, str]

_LEAST_CHANCE = 0.01
_DAYS_PER_MONTH = 365.25 / 12
_NOTHING_PRESENT = "Nothing is present, so there is no severity to tell."


def score_sentence(score: Row) -> str:
    """Says the score with its interval, and what was cut off it."""
    interval = f"{number(score['interval_low'])} to {number(score['interval_high'])}"
    said = f"Score {number(score['score'], 1)} of 100 (80 % interval {interval})"
    return f"{said}; 50 stands for one in ten under the method's priors."


def band_sentence(score: Row) -> str:
    """Says the band and the rule that decided it."""
    return f"Band {score['band']}: {_ended(score['band_reason'])}"


def severity_sentence(score: Row) -> str:
    """Says how grave what is present is."""
    if score["severity"] is None:
        return _NOTHING_PRESENT
    return f"Severity {number(score['severity'], 1)} of 5, kept apart from how likely it is."


def knowledge_sentence(score: Row) -> str:
    """Says coverage and confidence; for the band Unknown also what the score alone would say."""
    said = f"Coverage {percent(score['coverage'])}, confidence {percent(score['confidence'])}."
    if score["band"] == "Unknown" and score["inherent_level"]:
        return f"{said} Unknown is not clean; the score alone would say {score['inherent_level']}."
    return said


def band_chances(score: Row) -> list[tuple[str, float]]:
    """Gives the bands that the uncertainty of the weights leaves open, from 1 % on."""
    chances = [(band, score[f"probability_{band.lower()}"]) for band in BANDS]
    return [(band, chance) for band, chance in chances if chance is not None and chance >= _LEAST_CHANCE]


def chances_sentence(score: Row) -> str | None:
    """Says which bands the uncertainty leaves open; nothing where it leaves one."""
    chances = band_chances(score)
    if len(chances) < 2:
        return None
    told = ", ".join(f"{band} in {percent(chance)}" for band, chance in chances)
    return f"With the weights redrawn within their uncertainty the band would be {told} of cases."


def site_sentence(site: Row | None, site_count: int) -> str:
    """Says which site the supplier is rated by."""
    if site is None or not site["site_name"] or site["is_unknown_site"]:
        return "No site of this supplier is known; it is rated as one unknown site."
    workers = f" ({number(site['workers'])} workers)" if site.get("workers") else ""
    of_several = f", the worst of {site_count} known" if site_count > 1 else ""
    return f"Rated by its site {apart(site['site_name'], 200)}{workers}{of_several}."


def action_sentences(score: Row) -> list[str]:
    """Says what to do, and apart from it what the buyer itself must mend."""
    said = [f"What to do: {_ended(score['action'])}"]
    if score.get("buyer_action"):
        said.append(f"What the buyer itself must mend: {_ended(score['buyer_action'])}")
    return said


def sum_sentence(score: Row) -> str:
    """Says to what the rows add up, and the cut to 0–100."""
    total = f"The rows add up to a raw score of {number(score['raw_score'], 1)}"
    cut = f", kept within 0 and 100 as {number(score['score'], 1)}" if score["clip_adjustment"] else ""
    return f"{total}{cut}."


def fact_title(fact: Row, indicators: Names) -> str:
    """Says what a row of evidence is about."""
    kind = KINDS.get(fact["kind"], str(fact["kind"]))
    if not fact["indicator_id"]:
        return kind
    name = f"{fact['indicator_id']} {indicators.get(fact['indicator_id'], '')}".strip()
    return name if fact["kind"] in {"adverse", "base"} else f"{name}, {kind.lower()}"


def fact_arithmetic(fact: Row) -> str | None:
    """Says how the points of a row come about; nothing for base, caps and rows that bear none."""
    if fact["reliability"] is None or fact["freshness"] is None or not fact["contribution"]:
        return None
    parts = [f"{number(fact['points'], 1)} points", f"freshness {number(fact['freshness'], 2)}"]
    size = fact["points"] * fact["freshness"]
    if fact["kind"] == "adverse":
        parts.insert(1, f"reliability {number(fact['reliability'], 2)}")
        size *= fact["reliability"]
    if fact["rank"] is not None and fact["rank"] > 1 and size:
        parts.append(f"{number(fact['contribution'] / size, 3)} as row {fact['rank']} of its indicator")
    return f"{' × '.join(parts)} = {signed(fact['contribution'])}"


def fact_source(fact: Row, sources: Names, as_of: date) -> str:
    """Says who told a row of evidence, when, how old it is on the day, and which record it was."""
    kind = sources.get(fact["source_type"], fact["source_type"]) if fact["source_type"] else None
    parts = [str(kind)] if kind else []
    if fact["event_date"]:
        months = age_months(fact["event_date"], as_of)
        parts.append(f"{day(fact['event_date'])}, {number(months)} {'month' if round(months) == 1 else 'months'} old")
    if fact["in_force"]:
        parts.append("in force, so it does not fade")
    parts.append(fact_record(fact))
    return "; ".join(part for part in parts if part)


def age_months(event_date: date, as_of: date) -> float:
    """Gives the months from a day to `as_of`, of 365.25 / 12 days each, as freshness takes them."""
    return (as_of - event_date).days / _DAYS_PER_MONTH


def fact_record(fact: Row) -> str:
    """Says which record, release or version of the method a row of evidence comes from."""
    if fact["release_id"]:
        return f"survey release {fact['release_id']}"
    if fact["source_id"]:
        record = f", record {fact['source_record_no']}" if fact["source_record_no"] else ""
        return f"{apart(fact['source_id'])}{record}"
    return f"method {fact['rule_version']}" if fact["rule_version"] else ""


def fact_notes(fact: Row) -> list[str]:
    """Says why a row does not count, that it is second-hand, and that it is contested."""
    notes = [f"Does not count: {apart(fact['set_aside'])}."] if fact["set_aside"] else []
    if fact["second_hand"]:
        notes.append("Second-hand copy.")
    if fact["contested"]:
        due = fact.get("decision_due_on")
        by = f" by the supplier ({fact['contest_id']}), decision due {day(due)}" if due else ": an appeal is pending"
        notes.append(f"Contested{by}.")
    elif fact.get("contest_id"):
        notes.append(f"An objection was decided ({fact['contest_id']}).")
    return notes


def context_sentence(state: Row, indicators: Names) -> str:
    """Says what stands beside the score without points."""
    name = f"{indicators.get(state['indicator_id'], '')} {state['indicator_id']}".strip()
    reason = f" – {short(state['reason'], 200)}" if state["reason"] else ""
    return f"Beside the score, without points: {name}: {state['state']}{reason}."


def match_sentence(match: Row) -> str:
    """Says what a possible match is, why it may be one, and that it changes nothing yet."""
    programme = f" ({apart(match['programme'], 60)})" if match["programme"] else ""
    listed = f", listed {day(match['listed_on'])}" if match["listed_on"] else ""
    status = str(match["list_status"]).replace("_", " ")
    new = "New. " if match["is_new"] else ""
    name, ref = apart(match["entry_name_published"], 90), apart(match["entry_ref"], 80)
    entry = f"{name}, list {apart(match['list_name'], 90)}{programme}, entry {ref}"
    return f"{entry}, {status}{listed}. {new}Why: {apart(match['explanation'])}."


def contradiction_sentence(contradiction: Row, indicators: Names) -> str:
    """Says who found what at one site where an audit and workers contradict each other, with days and numbers."""
    name = f"{contradiction['indicator_id']} {indicators.get(contradiction['indicator_id'], '')}".strip()
    return f"{name}: {_ended(contradiction['sentence'])}"


def next_fact_sentence(fact: Row, score: Row, indicators: Names, sources: Names, evidence: Row | None = None) -> str:
    """Says what one fact more, or one put right, would do to score and band."""
    about = f"{_lower_first(indicators.get(fact['indicator_id'], ''))} ({fact['indicator_id']})"
    source = _with_article(sources.get(fact["source_type"], fact["source_type"]))
    if fact["outcome"] == "closed":
        where = f" ({apart(evidence['description'], 200)})" if evidence and evidence["description"] else ""
        said = f"If workers verify that {about}, told by {source}, was put right{where}"
    elif fact["outcome"] == "adverse":
        said = f"If {source} reports {about}"
    else:
        said = f"If {source} looks for {about} and finds none"
    points = f"the score goes from {number(score['score'], 1)} to {number(fact['score_after'], 1)}"
    band = (
        f"the band stays {fact['band_after']}"
        if fact["band_after"] == score["band"]
        else f"the band goes from {score['band']} to {fact['band_after']}"
    )
    return f"{said}, {points} ({signed(fact['score_change'])}) and {band}."


def question_sentence(fact: Row, indicators: Names, sources: Names) -> str:
    """Says which question is worth most to ask, and how likely its adverse answer is under the priors."""
    source = _with_article(sources.get(fact["source_type"], fact["source_type"]))
    about = f"{_lower_first(indicators.get(fact['indicator_id'], ''))} ({fact['indicator_id']})"
    return (
        f"Worth most to ask: {source} about {about}. Under the priors it reports it in {percent(fact['probability'])} "
        f"of cases, and is expected to move the band by {number(fact['information'], 2)} places."
    )


def move_sentence(move: Row) -> str:
    """Says how score and band moved since the run before."""
    band = (
        f"band {move['band']} → {move['band_after']} ({move['band_tag']})"
        if move["band"] != move["band_after"]
        else f"band {move['band']} as before"
    )
    change = signed(move["score_after"] - move["score"])
    return f"Score {number(move['score'], 1)} → {number(move['score_after'], 1)} ({change}), {band}."


def part_sentence(part: Row) -> str:
    """Says one part of the move since the run before."""
    about = f"{part['indicator_id']}: " if part["indicator_id"] else ""
    return f"{signed(part['points'])}  {part['tag']}: {about}{apart(part['what'] or 'no more is told')}"


def place_sentence(supplier: Row) -> str:
    """Says country and sector."""
    where = country(supplier["country_code"]) if supplier["country_code"] else "country not known"
    return f"{where}, {apart(supplier['sector_label'] or 'sector not known', 90)}"


def joined(names: Sequence[str], indicators: Names) -> str:
    """Gives indicators by id and name, in one line."""
    return ", ".join(f"{name} {indicators.get(name, '')}".strip() for name in names)


def _ended(text: object) -> str:
    said = str(text or "not told").strip()
    return apart(said if said.endswith((".", "!", "?")) else f"{said}.", 600)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _with_article(name: str) -> str:
    lowered = _lower_first(name)
    return f"{'an' if lowered[:1] in 'aeiou' else 'a'} {lowered}"
