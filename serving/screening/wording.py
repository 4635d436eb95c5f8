"""What the answers of a check say, in the language of the reader; pages, tables and the PDF take their words from here.

What it gives is plain text: whoever shows it makes it inert. Nothing here says that a bidder may be left out.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from serving.language import Language, mark
from serving.screening.headings import ROLES
from serving.screening.reading import Row
from serving.screening.table import REASONS

STATES: Final = {
    "identified": mark("known, by an identifier"),
    "confirmed": mark("known, as confirmed by a person"),
    "to confirm": mark("may be known: say which company it is"),
    "no record": mark("no record"),
}
NOTES: Final = {
    "country_not_known": mark("The country was not recognised, and is not used."),
    "identifier_without_country": mark("A tax or company number identifies only together with a country."),
    "identifier_says_nothing": mark("An identifier is too short or a placeholder, and is not used."),
    "check_digits_fail": mark("The check digits of an identifier are wrong: it identifies nobody."),
    "identifier_and_name_differ": mark(
        "An identifier agrees and the name is another one altogether: a person must say."
    ),
}
LIST_STATES: Final = {
    "confirmed by identifier": mark("the same by identifier"),
    "possible match, unconfirmed": mark("possible match, unconfirmed"),
    "past": mark("over: history, no hit"),
    "confirmed": mark("confirmed of this supplier"),
    "rejected": mark("said by a person not to be this supplier"),
}
_STATUS: Final = {
    "in_force": mark("in force"),
    "modified": mark("modified"),
    "appealed": mark("under appeal"),
    "ended": mark("ended"),
    "confirmed": mark("confirmed"),
    "possible": mark("possible match, unconfirmed"),
    "past": mark("over: history, no hit"),
}
_NAME_ROLES: Final = {
    "name": mark("name"),
    "other name": mark("other name"),
    "alias": mark("other name"),
    "former name": mark("former name"),
    "former_name": mark("former name"),
    "subsidiary": mark("subsidiary"),
}
_LEVELS: Final = {"agrees": mark("agrees"), "differs": mark("differs"), "not known": mark("not known")}
_METHODS: Final = {**ROLES, "other_identifier": ROLES["identifier"]}
WHAT_IT_IS_NOT: Final = (
    mark("It says where to look first. It does not say that forced labour was found, nor that there is none."),
    mark(
        "It is no ground for exclusion by itself. Any consequence is for the rules of the procedure and for a person."
    ),
    mark("The bidder has the right to be heard: tell it the facts it may contest before anything rests on them."),
    mark("A possible match is not a match. Below an identifier, a person must say that it is the same company."),
    mark("No record and Unknown are not clean: no source of this publication speaks of the bidder, that is all."),
    mark("Natural persons are not compared by name, neither as bidders nor on lists."),
)


def state_text(answer: Row, speech: Language) -> str:
    """Says what is known of a bidder: who it is, who it may be, or that there is no record."""
    said = speech.text(STATES[answer["state"]])
    return f"{said}: {answer['match']['name']}" if answer["match"] else said


def match_text(match: Row, speech: Language) -> str:
    """Says why a supplier is or may be the bidder, feature by feature."""
    features = [feature_text(one, speech) for one in match["features"]]
    return "; ".join(features) or speech.text("confirmed by a person")


def feature_text(feature: Row, speech: Language) -> str:
    """Says one feature of a comparison: what was compared, and how far it agrees."""
    level = speech.text(_LEVELS[feature["level"]]) if feature["level"] in _LEVELS else ""
    if feature["feature"] == "name":
        return _name_text(feature, speech)
    if feature["feature"] == "country":
        return speech.text("country: {level}", level=level)
    if feature["feature"] == "town":
        return speech.text("town: {level}", level=level)
    if feature["value"]:
        kind = speech.text(_METHODS[feature["value"]])
        return speech.text("identifier ({kind}): {level}", kind=kind, level=level)
    return speech.text("identifier: {level}", level=level)


def band_text(answer: Row, speech: Language) -> str:
    """Gives the band; below an identifier none until a person has said which company it is."""
    if answer["band"] is None:
        return speech.text("not shown until confirmed")
    return speech.term(answer["band"])


def action_text(answer: Row, speech: Language) -> str:
    """Says what to do next about a row."""
    supplier = answer["supplier"]
    if supplier:
        own = speech.term(supplier["buyer_action"])
        return "; ".join(part for part in (speech.term(supplier["action"]), own) if part)
    if answer["state"] == "to confirm":
        return speech.text("Say which of the candidates the bidder is, or that it is none of them.")
    return speech.text("Ask for identifiers, sites and what is known of working conditions there.")


def reason_lines(answer: Row, speech: Language) -> list[str]:
    """Gives the reasons behind a band: the rule that decided it, and the facts that weigh most."""
    supplier = answer["supplier"]
    if not supplier:
        return []
    facts = [_fact_text(one, speech) for one in supplier["reasons"]]
    matches = [_supplier_match_text(one, speech) for one in supplier["matches"] if one["match_status"] in _STATUS]
    return [speech.term(supplier["band_reason"]), *facts, *matches]


def unknown_lines(answer: Row, speech: Language, *, is_brief: bool = False) -> list[str]:
    """Gives what is not known: indicators that nobody could assess, by name or counted, and what would tell most."""
    supplier = answer["supplier"]
    if not supplier:
        return [speech.text("Nothing is known of the bidder itself.")] if answer["state"] == "no record" else []
    names = ", ".join(speech.term(one["indicator"]) for one in supplier["unknowns"])
    told = speech.plural(
        "{count} indicator not assessable", "{count} indicators not assessable", count=len(supplier["unknowns"])
    )
    unknown = [told if is_brief else speech.text("Not assessable: {names}", names=names)] if names else []
    next_fact = supplier["next_best_fact"]
    most = [speech.text("What would tell most: {fact}", fact=speech.term(next_fact))] if next_fact else []
    return [*unknown, *most]


def hit_text(hit: Row, speech: Language) -> str:
    """Says one entry of a list: which, since when, how it stands, and why it may be the bidder."""
    since = speech.day(date.fromisoformat(hit["listed_on"])) if hit["listed_on"] else speech.text("not known")
    parts = [
        speech.text(LIST_STATES[hit["state"]]),
        speech.text(
            "{list}: “{name}” ({programme}), {status}, listed on {day}",
            list=hit["list_name"], name=hit["entry_name"], programme=hit["programme"] or hit["entry_id"],
            status=speech.text(_STATUS[hit["status"]]), day=since,
        ),
        *(feature_text(one, speech) for one in hit["features"]),
    ]  # fmt: skip
    if hit["feeds_indicator"] is None:
        parts.append(speech.text("not about labour: context only"))
    if hit["second_hand"]:
        parts.append(speech.text("from a second-hand source"))
    return "; ".join(parts)


def left_out_lines(answer: Row, speech: Language) -> list[str]:
    """Gives what of lists is counted and not shown of a bidder."""
    lines = []
    if answer["listed_elsewhere"]:
        lines.append(
            speech.plural(
                "{count} entry with a like name is in another country and is no match by name.",
                "{count} entries with a like name are in other countries and are no matches by name.",
                count=answer["listed_elsewhere"],
            )
        )
    if answer["list_hits_left_out"]:
        lines.append(
            speech.plural(
                "{count} more entry with a like name is not shown.",
                "{count} more entries with a like name are not shown.",
                count=answer["list_hits_left_out"],
            )
        )
    return lines


def inherent_text(answer: Row, speech: Language) -> str:
    """Says what is usual where the bidder is; where sector or good is not known, from the lowest to the highest."""
    context = answer["context"]
    if context is None:
        return speech.text("this publication does not tell inherent levels")
    low, high = speech.term(context["lowest"]), speech.term(context["highest"])
    level = low if low == high else speech.text("{low} to {high}", low=low, high=high)
    return f"{level} ({'; '.join(_basis(context, speech))})"


def goods_text(answer: Row) -> str:
    """Says which goods of the bidder's country lists name: context, and never a hit on the bidder."""
    context = answer["context"]
    if context is None:
        return ""
    listed = [f"{one['entry_name']} ({one['list_name']})" for one in context["listed_goods"]]
    return "; ".join([*context["flagged_goods"], *listed])


def note_lines(answer: Row, speech: Language) -> list[str]:
    """Gives what of a row could not be used."""
    return [speech.text(NOTES[one]) for one in answer["notes"]]


def refusal_text(refused: Row, speech: Language) -> str:
    """Says why a row is not answered."""
    return speech.text(REASONS[refused["reason"]], limit=speech.number(refused["limit"]))


def list_lines(lists: Sequence[Row], speech: Language) -> list[tuple[str, str]]:
    """Gives each list that was checked, with its publisher, its days and how many entries were compared."""
    return [(str(one["title"] or one["list_name"]), _list_text(one, speech)) for one in lists]


def summary_text(record: Row, speech: Language) -> str:
    """Says how many rows were read, answered and refused."""
    counts = record["counts"]
    return speech.text(
        "{read} rows read = {answered} answered + {refused} refused, each with its reason.",
        read=speech.number(counts["read"]), answered=speech.number(counts["answered"]),
        refused=speech.number(counts["refused"]),
    )  # fmt: skip


def _name_text(feature: Row, speech: Language) -> str:
    if feature["value"] is None:
        return speech.text("name: another one") if feature["level"] == "unlike" else speech.text("name: not known")
    return speech.text(
        "name: {share} alike with the {role} “{name}”",
        share=speech.percent(feature["likeness"]), role=speech.text(_NAME_ROLES[feature["level"]]),
        name=feature["value"],
    )  # fmt: skip


def _fact_text(fact: Row, speech: Language) -> str:
    when = speech.day(date.fromisoformat(fact["event_date"])) if fact["event_date"] else speech.text("no date")
    told = f"{speech.term(fact['indicator'])} ({when}): {speech.term(fact['description'])}"
    return f"{told} – {speech.text('contested')}" if fact["contested"] else told


def _supplier_match_text(match: Row, speech: Language) -> str:
    status = speech.text(_STATUS[match["match_status"]])
    return f"{match['list_name']}: “{match['entry_name']}” – {status}"


def _basis(context: Row, speech: Language) -> list[str]:
    country = speech.term(context["country_basis"]) or speech.text("no level of the country is published")
    sector = speech.term(context["sector_basis"]) if context["sector_label"] else speech.text("sector not known")
    if context["sector_label"]:
        sector = f"{speech.term(context['sector_label'])}: {sector}"
    good = [speech.term(context["good_basis"])] if context["good_basis"] else []
    return [country, sector, *good]


def _list_text(one: Row, speech: Language) -> str:
    day = one["known_on"] or one["newest_entry_on"]
    parts = [str(one["publisher"] or one["source_id"])]
    if one["known_on"]:
        parts.append(speech.text("known on {day}", day=speech.day(date.fromisoformat(day))))
    elif one["newest_entry_on"]:
        parts.append(speech.text("newest entry of {day}", day=speech.day(date.fromisoformat(day))))
    parts.append(
        speech.plural("{count} entry compared", "{count} entries compared", count=one["compared"])
        if one["compared"] or not one["goods"]
        else speech.text("names goods of countries: context")
    )
    if one["persons"]:
        parts.append(
            speech.plural(
                "{count} natural person not compared", "{count} natural persons not compared", count=one["persons"]
            )
        )
    if one["has_failed"]:
        parts.append(speech.text("COULD NOT BE READ for this publication"))
    return "; ".join(parts)
