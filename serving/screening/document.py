"""The record of a check as a document that a procurement file can keep; the record itself is attached to it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from serving.findings import Finding, finding_of
from serving.language import LANGUAGES, Language, language
from serving.pdf import render_pdf
from serving.pdf.blocks import Block, bullets, cell, column, facts, heading, paragraph, table
from serving.screening import wording
from serving.screening.outputs import about_lines
from serving.screening.reading import Row
from serving.screening.record import ATTACHMENT, Kept, hash_of, kept_text

MOST_ROWS: Final = 500
"""The most rows that the document shows, those first that ask for a look; the attached record has all."""

_PART: Final = 10_000


def record_pdf(record: Row, speech: Language) -> bytes:
    """Gives the record as a PDF with the record itself attached; the same record and language give the same bytes."""
    checked_on = date.fromisoformat(record["asked"]["checked_on"])
    sha256 = hash_of(record)
    document: dict[str, Any] = {
        "title": speech.text("Record of a list screened"),
        "facts": [wording.summary_text(record, speech)],
        "mark": speech.text("Internal: for the procurement file"),
        "foot": f"SHA-256 {sha256}",
        "landscape": True,
        "blocks": list(_blocks(record, speech)),
        "attachment": {
            "name": ATTACHMENT,
            "description": speech.text("The record as data, from which its hash is made"),
            "parts": _parts(kept_text(record, speech.code)),
        },
    }
    return render_pdf("document", document, language=speech, as_of=checked_on)


def pages_finding(kept: Kept, content: bytes) -> Finding:
    """Says whether the pages of a PDF are those that its attached record gives, byte by byte."""
    rule = "the pages are those that the attached record gives"
    if kept.language not in LANGUAGES:
        return Finding(rule, "broken", "the record names no language that there is")
    same = record_pdf(kept.record, language(kept.language)) == content
    return finding_of(rule, None if same else "they are not: pages were changed, or another version made them")


def _parts(text: str) -> list[str]:
    """Gives JSON in ASCII in parts without a blank, which a document keeps as they are; blanks are escaped."""
    escaped = text.strip().replace(" ", "\\u0020")
    return [escaped[place : place + _PART] for place in range(0, len(escaped), _PART)]


def _blocks(record: Row, speech: Language) -> Iterator[Block]:
    yield bullets([speech.text(one) for one in wording.WHAT_IT_IS_NOT])
    yield heading(speech.text("What was asked, and of what"))
    yield facts([pair for pair in about_lines(record, speech) if pair[0] != speech.text("what it is not")])
    yield heading(speech.text("Lists that were checked"))
    yield facts(wording.list_lines(record["lists"], speech))
    yield heading(speech.text("Answers"))
    shown = sorted(record["answers"], key=lambda one: (_place(one), one["row"]))[:MOST_ROWS]
    if len(shown) < len(record["answers"]):
        yield paragraph(
            speech.text(
                "Of {all} answers {shown} are shown, those first that ask for a look; the attached record has all.",
                all=speech.number(len(record["answers"])), shown=speech.number(len(shown)),
            ),
            "note",
        )  # fmt: skip
    yield _answers(sorted(shown, key=lambda one: int(one["row"])), speech)
    if record["refused"]:
        yield heading(speech.text("Rows that were not checked"))
        yield facts(
            [(str(one["row"]), wording.refusal_text(one, speech)) for one in record["refused"][:MOST_ROWS]]
        )  # fmt: skip
    yield heading(speech.text("How to hold it against its sources"))
    yield paragraph(
        speech.text(
            "{command} makes the hash again from the list and the publication; whoever keeps both can do so.",
            command="tierline verify --record record.pdf --input LIST",
        )
    )


def _place(answer: Row) -> int:
    """Gives where an answer stands: entries on lists first, then what is to confirm, then who is known, then others."""
    if answer["list_hits"]:
        return 0
    return {"to confirm": 1, "identified": 2, "confirmed": 2}.get(answer["state"], 3)


def _answers(answers: list[Row], speech: Language) -> Block:
    names = (speech.text("row"), speech.text("bidder"), speech.text("what is known"), speech.text("band"),
        speech.text("reasons and next step"),
             speech.text("on lists"), speech.text("inherent level"))  # fmt: skip
    widths = (0, 1.2, 1.7, 0.8, 1.7, 1.9, 1.4)
    rows = [
        [
            str(answer["row"]),
            _joined([answer["name"], speech.country(answer["country_code"])]),
            _joined([wording.state_text(answer, speech), *_why(answer, speech), *wording.note_lines(answer, speech)]),
            cell(wording.band_text(answer, speech), band=answer["band"]),
            _joined([
                *wording.reason_lines(answer, speech),
                wording.action_text(answer, speech),
                *wording.unknown_lines(answer, speech, is_brief=True),
            ]),
            _joined([
                *(wording.hit_text(one, speech) for one in answer["list_hits"]),
                *(wording.hit_text(one, speech) for one in answer["list_history"]),
                *wording.left_out_lines(answer, speech),
            ]) or speech.text("no entry found"),
            wording.inherent_text(answer, speech),
        ]
        for answer in answers
    ]  # fmt: skip
    return table([column(name, width=width) for name, width in zip(names, widths, strict=True)], rows)


def _why(answer: Row, speech: Language) -> list[str]:
    if answer["match"]:
        return [wording.match_text(answer["match"], speech)]
    return [f"{one['name']} ({one['supplier_id']}): {wording.match_text(one, speech)}" for one in answer["candidates"]]


def _joined(parts: list[str]) -> str:
    return " · ".join(part for part in parts if part)
