"""Data Docs: pages that open offline, count what the table counts, and hold no value of any record."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ingest.checks import check
from tests.unit.checks.test_check import CANARY, load_vendors, query, run
from tierline.run import Run
from tierline.warehouse import connect

__all__ = ["run"]
HOSTILE = '<img src=x onerror="alert(1)">'


class _Tags(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def pages(run: Run) -> dict[str, str]:
    folder = Path(check(run)["data_docs"]).parent
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(html)
    return parser.found


def test_there_is_a_page_for_each_source_and_table_and_an_index_that_leads_to_them(run: Run) -> None:
    made = pages(run)

    links = re.findall(r'<a href="(\d+\.html)">([^<]+)</a>', made["index.html"])
    assert {name for name, _ in links} == set(made) - {"index.html"}
    assert {table for _, table in links} >= {
        "ingest.source_load", "raw.vendors", "canonical.supplier", "canonical.audit_finding", "canonical.survey_answer"
    }  # fmt: skip
    assert "Data quality of run r1, as of 2026-08-01" in made["index.html"]


def test_the_pages_load_nothing_and_run_nothing(run: Run) -> None:
    for name, html in pages(run).items():
        found = tags(html)
        assert not [tag for tag, _ in found if tag in {"script", "iframe", "object", "img", "link"}], name
        for _, attributes in found:
            assert not any(key.startswith("on") for key in attributes), name
            assert re.fullmatch(r"index\.html|\d+\.html", attributes.get("href") or "index.html"), name
        assert "http://" not in html
        assert "https://" not in html


def test_no_page_holds_a_value_of_a_record(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, [(CANARY, f"{CANARY} Ltd", None), (CANARY, CANARY, CANARY), ("V3", "n/a", CANARY)])
        warehouse.execute("UPDATE canonical.audit_finding SET outcome = ?, found_on = '2199-01-01'", [CANARY])

    for name, html in pages(run).items():
        assert CANARY not in html, name


def test_a_table_that_cannot_be_tested_says_so_without_the_message_of_the_fault(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        warehouse.execute(f"ALTER TABLE canonical.audit_finding ALTER found_on TYPE VARCHAR USING '{CANARY}'")

    made = pages(run)

    assert not [name for name, html in made.items() if CANARY in html or "Traceback" in html]
    assert any("could not be tested: a column is missing or of another type" in html for html in made.values())


def test_a_missing_table_is_a_line_of_the_index(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        warehouse.execute("DROP TABLE raw.vendors")

    assert "raw.vendors (not tested: its table is missing)" in pages(run)["index.html"]


def test_a_page_that_cannot_be_rendered_is_told_in_the_index(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ValueError(CANARY)

    monkeypatch.setattr("ingest.checks.data_docs.DataDocs._rendered", fail)

    (html,) = pages(run).values()

    assert "could not be rendered: ValueError" in html
    assert CANARY not in html


def test_headings_of_a_source_are_no_markup(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, [("V1", "a", "b")], columns=("vendor id", HOSTILE, "country"))

    assert not [name for name, html in pages(run).items() if "<img" in html]


def test_counts_of_the_index_are_those_of_the_table(run: Run) -> None:
    html = pages(run)["index.html"]

    counted = [tuple(map(int, found)) for found in re.findall(r"<td>(\d+) of (\d+)</td>", html)]
    ((met, expected),) = query(
        run, "SELECT count(*) FILTER (WHERE success), count(*) FROM ingest.data_quality WHERE run_id = 'r1'"
    )
    assert (sum(one for one, _ in counted), sum(one for _, one in counted)) == (met, expected)


def test_a_page_says_in_words_what_was_expected_and_what_was_seen(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, [("V1", "n/a", "Brazil"), ("V1", "n/a", "Brazil")])

    (page,) = [html for html in pages(run).values() if "<h1>vendors: raw.vendors</h1>" in html]

    assert "<td>the key vendor id is there once</td>" in page
    assert "<td>2 of 2 rows do not meet it</td>" in page
    assert '<td>Name: of {vendor}</td><td>the source is left out</td><td class="stop">no</td>' in page


def test_checking_again_replaces_the_pages(run: Run) -> None:
    pages(run)
    folder = run.home.run_artifacts("r1")
    (folder / "data_docs" / "999.html").write_text("old")

    assert "999.html" not in pages(run)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
