"""A supplier's page: asked for by key or read with the report, it says the same, and all of it is text."""

import re
from collections.abc import Iterator
from html import unescape

import duckdb
import pytest

from serving.explanation.choice import chosen_publication
from serving.explanation.reading import explained
from serving.explanation.telling import explanation_lines
from serving.language import language
from serving.reports.supplier_page import internal_fragment, supplier_page
from serving.reports.words import unmarked
from tests.unit.reports.conftest import Told, supplier_id
from tests.unit.serving.conftest import HOSTILE
from tests.unit.serving.test_report import Page
from tierline.errors import ConfigError
from tierline.warehouse import connect

ENGLISH = language("en")


@pytest.fixture(scope="module")
def connection(told: Told) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(told.published.folder / "warehouse.duckdb", read_only=True, threads=1) as opened:
        yield opened


@pytest.mark.parametrize("number", range(8))
def test_by_key_it_is_what_the_report_has(told: Told, connection: duckdb.DuckDBPyConnection, number: int) -> None:
    asked = supplier_page(told.published.folder, connection, supplier_id(number), ENGLISH)

    assert asked == internal_fragment(told.published, supplier_id(number), ENGLISH, heading=2)


def test_it_reads_no_parquet_of_facts(
    told: Told, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    table = type(told.published).table
    monkeypatch.setattr(type(told.published), "table", lambda self, name: read.append(name) or table(self, name))
    supplier_page(told.published.folder, connection, supplier_id(0), ENGLISH)

    assert set(read) <= {"indicator", "reliability"}


def test_it_holds_the_sentences_of_tierline_explain(told: Told, connection: duckdb.DuckDBPyConnection) -> None:
    chosen = chosen_publication(told.published.folder.parent, run_id="second")
    lines = [line.strip() for line in explanation_lines(explained(chosen, supplier_id(0)))]
    page = unmarked(unescape(str(supplier_page(told.published.folder, connection, supplier_id(0), ENGLISH))))
    shared = [line for line in lines if line.startswith(("Band ", "What to do", "Score ", "Severity", "Coverage"))]

    assert len(shared) >= 5
    assert [line for line in shared if line not in page] == []


def test_it_tells_days_ties_what_is_missing_and_how_to_contest(
    told: Told, connection: duckdb.DuckDBPyConnection
) -> None:
    page = str(supplier_page(told.published.folder, connection, supplier_id(0), ENGLISH))
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))

    assert "Timeline" in text
    assert f"{HOSTILE[0][:40]}" in unmarked(text) or "owns or controls" in text
    assert "is owned or controlled by" in text
    assert "51 %" in text.replace("\u00a0", " ")
    assert "no source that could tell was given" in text
    assert "How to contest a row" in text
    assert "It is no reason to end a contract" in text


def test_nothing_in_it_is_code(told: Told, connection: duckdb.DuckDBPyConnection) -> None:
    for number in range(len(HOSTILE) + 1):
        page = Page(str(supplier_page(told.published.folder, connection, supplier_id(number), ENGLISH)))
        assert page.count("script") == page.count("img") == page.count("b") == page.count("i") == 0
        assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_a_stranger_is_refused(told: Told, connection: duckdb.DuckDBPyConnection) -> None:
    for audience in ("internal", "supplier"):
        with pytest.raises(ConfigError, match="no supplier"):
            supplier_page(told.published.folder, connection, "S' OR 1=1 --", ENGLISH, audience=audience)
