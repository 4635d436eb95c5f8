"""The pages that take a list: from form to form, in memory, nothing written anywhere; hostile forms are refused."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from tests.unit.screening_lists.conftest import supplier_id

LIST = b"Bidder;Land;Remark\nAmber Textiles;BD;a\nTwin Mills Spinning;IN;b\nNobody;DE;c\n;;d\n"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def client(published: Path) -> Iterator[TestClient]:
    settings = LookupSettings(published=published, hosts=("testserver",), most_body_bytes=2_000_000)
    with TestClient(create_app(settings, lambda: NOW)) as asking:
        yield asking


def upload(client: TestClient, content: bytes, name: str = "bidders.csv") -> Response:
    return client.post("/screening/columns", files={"file": (name, content)})


def fields(page: Response) -> dict[str, str]:
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    chosen = re.findall(r'<select name="(column-\d+)".*?<option value="(\w*)" selected', page.text, re.DOTALL)
    return {name: html.unescape(value) for name, value in [*hidden, *chosen]}


def post(client: TestClient, path: str, form: dict[str, str]) -> Response:
    return client.post(path, files={name: (None, value) for name, value in form.items()})


def question(client: TestClient, content: bytes = LIST) -> dict[str, str]:
    return {**fields(upload(client, content)), "headings": "yes"}


def test_columns_are_shown_for_the_user_to_confirm_before_anything_is_checked(client: TestClient) -> None:
    page = upload(client, LIST)

    assert page.status_code == 200
    assert {name: role for name, role in fields(page).items() if name.startswith("column-")} == {
        "column-1": "name", "column-2": "country",
    }  # fmt: skip
    assert "Moderate" not in page.text


def test_no_band_before_a_company_is_chosen_and_one_after(client: TestClient) -> None:
    form = question(client)
    before = post(client, "/screening/answers", form)
    after = post(client, "/screening/answers", {**form, "row-1": supplier_id(0), "row-2": "none"})

    assert before.text.count("not shown until confirmed") == 2
    assert after.text.count("not shown until confirmed") == 0
    assert f'value="{supplier_id(0)}" checked' in after.text
    assert before.text.count('class="band ') == 1


def test_files_are_given_of_the_same_form(client: TestClient) -> None:
    form = question(client)

    for name, begins in (
        ("record.pdf", b"%PDF"),
        ("record.json", b"{"),
        ("answers.xlsx", b"PK"),
        ("answers.csv", b"\xef"),
    ):
        answer = post(client, f"/screening/{name}", form)
        assert answer.content.startswith(begins), name
        assert f'filename="{name}"' in answer.headers["content-disposition"]


def test_nothing_is_written_by_any_of_it(
    client: TestClient, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = {path: path.stat().st_mtime_ns for path in published.parent.rglob("*")}
    form = question(client, LIST + b"".join(b"Firm %d;DE;\n" % number for number in range(2_000)))

    post(client, "/screening/answers", {**form, "row-1": supplier_id(0)})
    post(client, "/screening/answers.csv", form)

    assert {path: path.stat().st_mtime_ns for path in published.parent.rglob("*")} == before
    assert list(tmp_path.iterdir()) == []


def test_what_is_uploaded_is_never_spooled_to_a_file(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("an upload was written to a file")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", refuse)

    assert (
        upload(client, b"Name;Country\n" + b"x" * 300 + b";DE\n" + b"Firm;DE\n" * 4_000 + b" " * 1_000_000).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"%PDF-1.7", 422), (b"PK\x03\x04junk", 422), (b"a;" * 1_000 + b"a\n", 422),
     (b"Name\n" + b"x\n" * 5_001, 422), (b"x" * 1_500_000, 422), (b"x" * 3_000_000, 413)],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_words(client: TestClient, content: bytes, status: int) -> None:
    answer = upload(client, content)

    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "change",
    [{"content": "not base64!"}, {"content": "AAAA"}, {"content": ""}, {"column-1": ""}, {"column-2": "name"},
     {"column-9999999": "name", "column-1": ""}, {"column-x": "name", "column-1": ""}],
)  # fmt: skip
def test_forms_that_were_tampered_with_are_refused_in_words(client: TestClient, change: dict[str, str]) -> None:
    answer = post(client, "/screening/answers", {**question(client), **change})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_choice_of_no_supplier_or_of_one_that_is_not_there_confirms_nothing(client: TestClient) -> None:
    form = {**question(client), "row-1": "S<script>", "row-999": supplier_id(0), "row-2": "S00000000dead"}

    answer = post(client, "/screening/answers", form)

    assert answer.text.count("not shown until confirmed") == 2
    assert "<script>" not in answer.text


def test_names_of_files_and_bidders_are_shown_and_do_nothing(client: TestClient) -> None:
    page = upload(client, b"Name;Country\n<img src=x onerror=1>;DE\n", "../../<script>.csv")
    answer = post(client, "/screening/answers", {**fields(page), "headings": "yes"})

    for text in (page.text, answer.text):
        assert "<script>" not in text
        assert "<img src=x" not in text


def test_a_reload_begins_anew_and_the_pages_speak_every_language(client: TestClient) -> None:
    assert client.get("/screening/answers", follow_redirects=False).headers["location"] == "/screening"
    for code in ("en", "es", "fr", "pt"):
        page = client.get(f"/screening?lang={code}")
        assert f'<html lang="{code}"' in page.text
        assert f"/screening/columns{'?lang=' + code}" in page.text


def test_a_body_that_is_no_form_is_refused(client: TestClient) -> None:
    assert client.post("/screening/columns", content=b"x").status_code == 422
    assert (
        client.post(
            "/screening/columns", content=b"x", headers={"content-type": "multipart/form-data; boundary=b"}
        ).status_code
        == 422
    )
