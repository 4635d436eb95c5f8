"""The answers of a check as one page of HTML that loads nothing; everything that comes from data is escaped."""

from pathlib import Path
from typing import Final

from markupsafe import Markup

from serving.language import Language
from serving.lookup.rendering import environment
from serving.screening import wording
from serving.screening.outputs import about_lines
from serving.screening.reading import Row
from serving.screening.record import hash_of

_STYLE: Final = Path(__file__).parent.parent / "reports" / "templates" / "style.css"


def page_bytes(record: Row, speech: Language) -> bytes:
    """Gives the page; the same record and language give the same bytes."""
    style = Markup(_STYLE.read_text(encoding="utf-8"))  # noqa: S704 - a file of our own
    template = environment(speech.code).get_template("screening_page.html.j2")
    return template.render(told=shown(record, speech), style=style).encode()


def shown(record: Row, speech: Language) -> Row:
    """Gives what a page shows of a record, in words."""
    return {
        "record": record,
        "summary": wording.summary_text(record, speech),
        "is_not": [speech.text(one) for one in wording.WHAT_IT_IS_NOT],
        "about": [pair for pair in about_lines(record, speech) if pair[0] != speech.text("what it is not")],
        "lists": wording.list_lines(record["lists"], speech),
        "answers": [_answer(one, speech) for one in record["answers"]],
        "refused": [(one["row"], wording.refusal_text(one, speech)) for one in record["refused"]],
        "sha256": hash_of(record),
    }


def _answer(answer: Row, speech: Language) -> Row:
    return {
        "row": answer["row"],
        "name": answer["name"],
        "reference": answer["reference"],
        "country_code": answer["country_code"],
        "state": answer["state"],
        "supplier_id": answer["match"]["supplier_id"] if answer["match"] else None,
        "state_text": wording.state_text(answer, speech),
        "why": wording.match_text(answer["match"], speech) if answer["match"] else "",
        "candidates": [{**one, "why": wording.match_text(one, speech)} for one in answer["candidates"]],
        "band": answer["band"],
        "band_text": wording.band_text(answer, speech),
        "reasons": wording.reason_lines(answer, speech),
        "action": wording.action_text(answer, speech),
        "unknowns": wording.unknown_lines(answer, speech),
        "hits": [wording.hit_text(one, speech) for one in answer["list_hits"]],
        "past": [wording.hit_text(one, speech) for one in answer["list_history"]],
        "left_out": wording.left_out_lines(answer, speech),
        "inherent": wording.inherent_text(answer, speech),
        "goods": wording.goods_text(answer),
        "notes": wording.note_lines(answer, speech),
    }
