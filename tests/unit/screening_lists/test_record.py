"""The record: the same inputs, the same bytes and hash; what is changed is seen; the PDF carries it whole."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from serving.language import LANGUAGES, language
from serving.screening import wording
from serving.screening.check import Asked, checked
from serving.screening.columns import recognised
from serving.screening.document import pages_finding, record_pdf
from serving.screening.reading import OpenPublication, Row
from serving.screening.record import asked_again, findings_of, hash_of, kept_text, read_kept
from serving.screening.table import Limits
from serving.screening.upload import read_table
from serving.verification import is_sound
from tests.unit.screening_lists.conftest import CHECKED_ON, ENGLISH, supplier_id
from tierline.errors import ContractError

CONTENT = "Bidder;Country;Town\nAmber  Textiles;BD;\nValley Ore;CN;\n飞庭邦;CN;\n;;x\n=1+1 Ltd;DE;\n".encode()
Check = Callable[..., tuple[Asked, Row]]


@pytest.fixture
def check(publication: OpenPublication) -> Check:
    def made(content: bytes = CONTENT, **asked: Any) -> tuple[Asked, Row]:
        table = read_table(content, Limits(), ENGLISH, has_headings=True)
        question = Asked("bidders.csv", content, table, recognised(table), CHECKED_ON, **asked)
        return question, checked(question, publication, Limits())

    return made


def test_the_hash_is_that_of_inputs_run_and_answers(check: Check) -> None:
    (asked, record), (_, again) = check(), check()

    assert hash_of(record) == hash_of(again)
    assert hash_of(record) != hash_of(check(confirmed={1: supplier_id(0)})[1])
    assert hash_of(record) != hash_of(check(CONTENT + b"\n")[1])
    assert record["publication"]["manifest_sha256"]
    assert asked.file_name == record["asked"]["file_name"]


@pytest.mark.parametrize("as_pdf", [False, True])
def test_who_has_the_list_and_the_publication_makes_the_hash_again(
    check: Check, publication: OpenPublication, as_pdf: bool
) -> None:
    _, record = check(confirmed={1: supplier_id(0)}, by_role="procurement manager")
    content = record_pdf(record, ENGLISH) if as_pdf else kept_text(record, "en").encode()

    kept = read_kept(content)
    again = asked_again(kept, CONTENT, read_table(CONTENT, Limits(), ENGLISH, has_headings=True))
    findings = findings_of(kept, again, publication, Limits())

    assert kept.record == json.loads(json.dumps(record))
    assert is_sound(findings)
    assert [finding.state for finding in findings] == ["holds"] * 5


def test_a_changed_answer_is_seen_by_the_hash_alone(check: Check) -> None:
    kept = read_kept(kept_text(check()[1], "en").replace("to confirm", "no record").encode())

    assert [finding.state for finding in findings_of(kept, None, None, Limits())] == ["broken", "not checked"]


def test_an_answer_that_was_changed_with_its_hash_is_seen_with_list_and_publication(
    check: Check, publication: OpenPublication
) -> None:
    asked, record = check()
    forged = json.loads(kept_text(record, "en").replace('"to confirm"', '"no record"'))["record"]
    kept = read_kept(kept_text(forged, "en").encode())

    states = {one.rule: one.state for one in findings_of(kept, asked, publication, Limits())}

    assert states["the hash is that of the content"] == "holds"
    assert states["the answers come out again"] == "broken"
    assert states["list and publication give the hash again"] == "broken"


def test_another_list_is_seen(check: Check, publication: OpenPublication) -> None:
    asked, record = check()
    kept = read_kept(kept_text(record, "en").encode())

    other = replace(asked, content=CONTENT + b" ")

    assert not is_sound(findings_of(kept, other, publication, Limits()))


@pytest.mark.parametrize("content", [b"", b"{}", b"%PDF-1.7 without anything", b'{"record": 1}', b"[" * 100_000])
def test_what_is_no_record_is_refused(content: bytes) -> None:
    with pytest.raises(ContractError):
        read_kept(content)


def test_the_pdf_is_the_same_each_time_says_what_it_is_not_and_carries_its_hash(check: Check, tmp_path: Path) -> None:
    record = check()[1]
    content = record_pdf(record, ENGLISH)
    path = tmp_path / "record.pdf"
    path.write_bytes(content)
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)

    assert content == record_pdf(record, ENGLISH)
    assert "no ground for exclusion by itself" in text
    assert "right to be heard" in text
    assert hash_of(record)[:40] in text.replace(" ", "")
    assert "not shown until confirmed" in text
    assert pages_finding(read_kept(content), content).state == "holds"


def test_a_page_that_was_changed_is_seen(check: Check) -> None:
    content = record_pdf(check()[1], ENGLISH)
    changed = content.replace(b"/Title", b"/Titel", 1)

    assert pages_finding(read_kept(changed), changed).state == "broken"


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_that_is_said_tells_to_leave_a_bidder_out(check: Check, code: str) -> None:
    speech = language(code)
    record = check(confirmed={1: supplier_id(0)})[1]
    said = " ".join(
        text
        for answer in record["answers"]
        for text in (
            wording.state_text(answer, speech), wording.action_text(answer, speech), wording.band_text(answer, speech),
            *wording.reason_lines(answer, speech), *(wording.hit_text(one, speech) for one in answer["list_hits"]),
        )
    ).casefold()  # fmt: skip

    assert not any(word in said for word in ("exclu", "reject", "disqualif", "descalif", "rejeit", "rechaz"))


def test_the_order_of_keys_is_no_part_of_the_hash(check: Check) -> None:
    record = check()[1]

    assert hash_of(dict(reversed(record.items()))) == hash_of(record)
