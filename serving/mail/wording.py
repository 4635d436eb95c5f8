"""A message in words: its subject and its blocks, said once and shown as plain text and as HTML."""

import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from serving.language import Language, mark
from serving.mail.changes import SHOWN, Told
from serving.reports.changes import ChangeSummary

_LONGEST_NAME: Final = 120
_LONGEST_REASON: Final = 300
AUDIENCES: Final = {
    "internal": mark("Internal – not to be shared with suppliers."),
    "shareable": mark("This message may be shared with suppliers."),
}


@dataclass(frozen=True)
class Part:
    """A part of a message: a heading (or none), sentences, and items of a list."""

    heading: str
    sentences: tuple[str, ...]
    items: tuple[str, ...] = ()


def subject_of(told: Told, speech: Language) -> str:
    """Gives the subject, one line without anything that cannot be seen."""
    title, day = plain(str(told.manifest["title"])), speech.day(told.as_of)
    return speech.text("{title}: what changed, as of {day}", title=title, day=day)


def parts_of(told: Told, speech: Language, audience: str, lies: tuple[str, ...], notice: str | None) -> list[Part]:
    """Gives the parts of a message: what it is about, what moved and why, what is overdue, and what it is not.

    `lies` are the sentences on where the report is. For the audience `shareable` there is no band, score or change.
    """
    opening = Part("", tuple(_opening(told, speech, audience, notice)))
    closing = Part("", (*lies, *_closing(speech)))
    if audience != "internal":
        return [opening, Part("", (_how_to_contest(speech),)), closing]
    inner = [
        _overdue(told, speech),
        _changes(told.changes, told.manifest["method_version"], speech),
        _bands(told, speech),
        _degraded(told, speech),
    ]
    return [opening, *(part for part in inner if part is not None), closing]


def plain(text: str, longest: int = _LONGEST_NAME) -> str:
    """Gives a text of a record as one line: nothing unseen, nothing that turns the reading order, not too long."""
    spaced = " ".join(text.split())
    seen = "".join(letter for letter in spaced if letter == " " or unicodedata.category(letter)[0] != "C")
    return seen if len(seen) <= longest else seen[:longest] + "…"


def _opening(told: Told, speech: Language, audience: str, notice: str | None) -> list[str]:
    said = [speech.term(AUDIENCES[audience])]
    if notice is not None:
        said.append(speech.text("RETRACTED, do not use: {notice}", notice=plain(notice)))
    if told.manifest["fictional"]:
        said.append(speech.text("Fictional data: nothing here is about any real company."))
    said.append(
        speech.text("Publication {run} speaks for {day}.", run=told.manifest["run_id"], day=speech.day(told.as_of))
    )
    return said


def _closing(speech: Language) -> list[str]:
    return [
        speech.text("This says where to look first, not that forced labour was found."),
        speech.text("Unknown is not clean: too little is known to say."),
        speech.text("It is no reason to end a contract; leaving can harm the workers it is about."),
    ]


def _how_to_contest(speech: Language) -> str:
    return speech.text(
        "What is known of a supplier, and may be contested by it, stands on a form of its own: ask for it."
    )


def _overdue(told: Told, speech: Language) -> Part | None:
    if not told.overdue_in_all:
        return None
    items = [
        speech.text(
            "{name} ({supplier}): {action}, due {day}",
            name=plain(row["name"] or ""),
            supplier=row["supplier_id"],
            action=plain(speech.term(row["action"])),
            day=speech.day(row["due_on"]),
        )
        for row in told.overdue
    ]
    return Part(
        speech.text("Overdue"),
        (speech.plural("{count} action is overdue.", "{count} actions are overdue.", count=told.overdue_in_all),),
        _cut(items, told.overdue_in_all, speech),
    )


def _changes(changes: ChangeSummary, version: str, speech: Language) -> Part:
    heading = speech.text("What changed")
    if changes.before is None:
        return Part(heading, (speech.text("This is the first publication: there is nothing to compare with."),))
    if changes.problem:
        why = speech.text(
            "Run {run} cannot be compared with this one: {why}.", run=changes.before, why=plain(changes.problem)
        )
        return Part(heading, (why,))
    moves = [_move(row, speech) for row in changes.bands[:SHOWN]]
    sentences = (_counts(changes, speech), *_method(changes, version, speech), *(_causes(changes, speech)))
    return Part(heading, sentences, _cut(moves, changes.counts["other_band"], speech))


def _counts(changes: ChangeSummary, speech: Language) -> str:
    counts = changes.counts
    return " ".join(
        (
            speech.text(
                "Compared with run {run}, as of {day}.", run=changes.before, day=speech.day(changes.before_as_of)
            ),
            speech.plural(
                "The score or band of {count} supplier moved,",
                "The score or band of {count} suppliers moved,",
                count=counts["moved"],
            ),
            speech.plural("{count} to another band;", "{count} to another band;", count=counts["other_band"]),
            speech.plural("{count} did not move.", "{count} did not move.", count=counts["unmoved"]),
            speech.plural("{count} is new,", "{count} are new,", count=counts["arrived"]),
            speech.plural("{count} is gone.", "{count} are gone.", count=counts["left"]),
        )
    )


def _method(changes: ChangeSummary, version: str, speech: Language) -> list[str]:
    if changes.before_method == version:
        return []
    return [
        speech.text(
            "The method changed from version {before} to {after}: part of the moves say nothing of the suppliers.",
            before=changes.before_method, after=version,
        )
    ]  # fmt: skip


def _causes(changes: ChangeSummary, speech: Language) -> list[str]:
    return [
        speech.text(
            "{cause}: {suppliers} suppliers, {up} and {down} points.",
            cause=_capital(speech.term(row["tag"])),
            suppliers=speech.number(row["suppliers"]),
            up=speech.signed(row["up"]),
            down=speech.signed(row["down"]),
        )
        for row in changes.by_tag
    ]


def _move(row: dict[str, Any], speech: Language) -> str:
    return speech.text(
        "{name} ({supplier}): {band} → {after}. {why}",
        name=plain(row["name"] or ""),
        supplier=row["supplier_id"],
        band=speech.term(row["band"]),
        after=speech.term(row["band_after"]),
        why="; ".join(plain(part, _LONGEST_REASON) for part in row["why"]),
    )


def _bands(told: Told, speech: Language) -> Part:
    counts = [f"{speech.term(band)} {speech.number(count)}" for band, count in told.bands.items()]
    sentence = speech.plural("{count} supplier: {bands}.", "{count} suppliers: {bands}.", count=told.suppliers,
                             bands=", ".join(counts))  # fmt: skip
    return Part(speech.text("Bands now"), (sentence,))


def _degraded(told: Told, speech: Language) -> Part | None:
    failed = told.manifest["sources_degraded"]
    if not failed:
        return None
    sentence = speech.text("A source that failed makes suppliers look less known, or less at risk, than they are.")
    return Part(speech.text("Sources that failed"), (sentence,), tuple(sorted(map(plain, failed))))


def _cut(items: list[str], in_all: int, speech: Language) -> tuple[str, ...]:
    more = in_all - len(items)
    return (*items, speech.text("and {count} more", count=speech.number(more))) if more > 0 else tuple(items)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
