"""Pages in a made-up language, every message of which stands in brackets: nothing but data may stand outside."""

import contextlib
import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from fastapi.testclient import TestClient

from serving.documents.kinds import KINDS, Choice, documents
from serving.documents.register import open_register
from serving.documents.rendering import as_html
from serving.explanation.choice import chosen_publication
from serving.explanation.reading import explained
from serving.explanation.telling import explanation_lines
from serving.language import Language, language, spoken
from serving.language.extraction import messages
from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from serving.manifest import read_manifest
from serving.reports.content import report_content
from serving.reports.render import render_report
from serving.steps import publish
from tests.unit.serving.world import AS_OF, make_rows, make_run, write_warehouse

CODE = "de"
FIRST = "S000000000000"
OPEN, CLOSE = "⟦", "⟧"
_NOW = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=UTC)
_EDGES = " \n\t.,;:()[]·–—×→/|+−-0123456789%<>=◻⚑\u2068\u2069\u00a0"
_OURS = {"Tierline", "English", "Deutsch", "why not"}
_IDS = re.compile(r"[0-9a-f]{12,}|https?\S*|\S+\.(csv|json|xlsx)|[A-Z]\w?|cells?")


@pytest.fixture(scope="module")
def bracketed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Language]:
    """A language that says each message in brackets, from a catalogue like any other."""
    folder = tmp_path_factory.mktemp("catalogues")
    catalogue = Catalog(locale=CODE, fuzzy=False)
    for message in messages():
        one = f"{OPEN}{message.one}{CLOSE}"
        catalogue.add(message.key, one if message.many is None else (one, f"{OPEN}{message.many}{CLOSE}"))
    (folder / CODE).mkdir()
    with (folder / CODE / spoken.FILE_NAME).open("wb") as file:
        write_po(file, catalogue)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spoken, "CATALOGUES", folder)
        patch.setattr(spoken, "LANGUAGES", ("en", CODE))
        yield language(CODE)
    language.cache_clear()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = make_run(tmp_path_factory.mktemp("bracketed"))
    write_warehouse(run, make_rows(12))
    publish(run)
    return run.home.published


@pytest.fixture(scope="module")
def data(published: Path) -> set[str]:
    """Every text of the publication, and the names of countries."""
    folder = published / "first"
    found = set(map(str, Locale(CODE).territories.values()))
    for path in (folder / "parquet").glob("*.parquet"):
        for row in pl.read_parquet(path).iter_rows():
            found |= set(_texts_in(row))
    return {text.strip(_EDGES) for text in (*found, *_texts_in(read_manifest(folder)), *_OURS)}


@pytest.fixture
def lookup(bracketed: Language, published: Path) -> Iterator[TestClient]:
    settings = LookupSettings(published, requests_a_minute=10_000, language=bracketed.code)
    with contextlib.ExitStack() as opened:
        yield opened.enter_context(TestClient(create_app(settings, lambda: _NOW), base_url="http://127.0.0.1"))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in _texts_in(part))
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in _texts_in(part))


def outside(text: str) -> str:
    """Gives what stands outside of all brackets, a line break in the place of each."""
    depth, kept = 0, []
    for mark in text:
        depth += (mark == OPEN) - (mark == CLOSE)
        kept.append("\n" if mark in OPEN + CLOSE else mark if depth == 0 else "")
    return "".join(kept)


def left_in_english(page: str, data: set[str]) -> list[str]:
    """Gives each text of a page, of its attributes too, that is neither said by the language nor data."""
    plain = re.sub(r"(?s)<(style|script)\b.*?</\1>|<code>.*?</code>|<wbr>", "", page)
    spoken_aloud = re.findall(r'(?:aria-label|title|alt|placeholder|data-label)="([^"]*)"', plain)
    text = outside("\n".join(map(html.unescape, [re.sub(r"<[^>]+>", "\n", plain), *spoken_aloud])))
    lines = {line.strip(_EDGES) for line in text.split("\n")}
    strange = {line for line in lines if re.search(r"[^\W\d]{2}", line) and line not in data}
    return sorted(line for line in strange if not _IDS.fullmatch(line))


def test_an_english_word_outside_of_brackets_is_found() -> None:
    page = f'<p title="Look here">{OPEN}Band {OPEN}High{CLOSE}{CLOSE}: S1 Acme Ltd</p><p>Reason</p>'

    assert left_in_english(page, {"Acme Ltd", "S1 Acme Ltd"}) == ["Look here", "Reason"]


def test_the_report_speaks_one_language(bracketed: Language, published: Path, data: set[str]) -> None:
    folder = published / "first"
    content = report_content(folder, read_manifest(folder), language=bracketed, notice="why not")

    page = render_report(content, bracketed)

    assert '<html lang="de" dir="ltr">' in page
    assert left_in_english(page, data) == []


@pytest.mark.parametrize(
    "address",
    ["/", "/?q=Mills", "/?q=zzzzqq", "/about", "/sources", "/screening", f"/suppliers/{FIRST}", "/nothing"],
)
def test_the_lookup_speaks_one_language(lookup: TestClient, data: set[str], address: str) -> None:
    page = lookup.get(address).text

    assert '<html lang="de"' in page
    assert left_in_english(page, data | {"Mills", "zzzzqq"} | {f"{name} – Tierline" for name in data}) == []


def test_a_page_leads_to_itself_in_each_language(lookup: TestClient) -> None:
    page = lookup.get("/?q=Mills").text

    for code in ("en", CODE):
        assert re.search(
            rf'<a[^>]*href="[^"]*lang={code}[^"]*"[^>]*hreflang="{code}"|aria-current[^>]*lang="{code}"', page
        )


@pytest.mark.parametrize("kind", KINDS)
def test_documents_speak_one_language(bracketed: Language, published: Path, data: set[str], kind: str) -> None:
    with open_register(published / "first", bracketed) as register:
        made = documents(register, kind, Choice(suppliers=(FIRST,)))
        pages = [as_html(document, bracketed).decode() for document in made]

    laws = {text for document in made for text in (*document.law, *(part.source for part in document.sections))}
    names = {text for document in made for _, text in document.about}
    assert pages
    assert left_in_english("\n".join(pages), data | {text.strip(_EDGES) for text in laws | names}) == []


def test_an_explanation_speaks_one_language(bracketed: Language, published: Path, data: set[str]) -> None:
    chosen = chosen_publication(published, run_id="first", speech=bracketed)

    lines = [html.escape(line) for line in explanation_lines(explained(chosen, FIRST), bracketed)]

    assert left_in_english("\n".join(lines[1:]), data) == [], "the first line is name, place and sector"
