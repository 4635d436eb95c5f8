"""What the pages say, and that nothing of what they show is more than text."""

import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from serving.language import LANGUAGES
from tests.unit.lookup.conftest import AMBER, NAMES, PERSON
from tests.unit.serving.conftest import HOSTILE

PAGES = ("/", "/?q=amber", "/?q=zebra", f"/suppliers/{AMBER}", "/sources", "/about", "/sign-in", "/none")


class Outline(HTMLParser):
    """Tags with their attributes, and the text, as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def links(self) -> list[str]:
        return [str(attributes["href"]) for tag, attributes in self.tags if tag == "a"]


def page(client: TestClient, path: str) -> Outline:
    return Outline(client.get(path).text)


def test_a_misspelt_name_leads_to_its_supplier(client: TestClient) -> None:
    found = page(client, "/?q=Ambr+Textils")

    assert f"/suppliers/{AMBER}" in found.links()
    assert "Found by its name" in found.text
    assert "a name alone is no proof" in found.text


def test_names_that_are_far_are_told_as_nearest_and_not_as_found(client: TestClient) -> None:
    told = page(client, "/?q=amber+fisheries")

    assert f"Nobody is called so among {len(NAMES) + 1} suppliers; these names are nearest" in told.text
    assert f"/suppliers/{AMBER}" in told.links()


def test_a_likeness_of_names_shows_no_band(client: TestClient) -> None:
    assert not re.search(r"Critical|High|Elevated|Moderate|Lower", page(client, "/?q=amber+textiles").text)


def test_who_is_not_found_is_not_clean(client: TestClient) -> None:
    found = page(client, "/?q=zebra+quux")

    assert f"Not found among {len(NAMES) + 1} suppliers" in found.text
    assert "Not found is not a clean bill." in found.text
    assert "/sources" in found.links()


def test_the_page_of_a_supplier_says_where_it_stands_and_what_that_is_not(client: TestClient) -> None:
    told = page(client, f"/suppliers/{AMBER}")

    assert "Amber Textiles Ltd" in told.text
    assert "not that forced labour was found" in told.text
    assert "What single fact would move the band most" in told.text


def test_a_person_is_shown_without_a_name_and_found_by_none(client: TestClient) -> None:
    assert "natural person, source erp" in page(client, f"/suppliers/{PERSON}").text
    assert f"/suppliers/{PERSON}" not in page(client, "/?q=natural+person+source+erp").links()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_one_heading_and_no_script(client: TestClient, path: str) -> None:
    told = page(client, path)
    tags = [tag for tag, _ in told.tags]

    assert tags.count("h1") == tags.count("main") == 1
    assert not {"script", "iframe", "object", "embed"} & set(tags)
    assert not [name for _, attributes in told.tags for name in attributes if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_loads_its_own_styles_and_nothing_else(client: TestClient, path: str) -> None:
    told = page(client, path)
    loaded = {attributes.get("href") for tag, attributes in told.tags if tag == "link"}
    loaded |= {attributes.get("src") for tag, attributes in told.tags if tag == "img"}

    assert loaded == {"data:,", "/static/report.css", "/static/style.css"}
    assert client.get("/static/style.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("place", range(2, len(NAMES)))
def test_hostile_names_are_text(client: TestClient, place: int) -> None:
    told = page(client, f"/suppliers/S{place:012x}")

    assert not {"script", "img"} & {tag for tag, _ in told.tags}
    assert not [attributes for _, attributes in told.tags if "onload" in attributes or "onerror" in attributes]
    assert "49" not in told.text.split("Score")[0]


@pytest.mark.parametrize("typed", [*(name[:500] for name in HOSTILE), "\x00", "\u202eevil\u202c", "％00", "' OR 1=1"])
def test_hostile_words_come_back_as_text(client: TestClient, typed: str) -> None:
    answer = client.get("/", params={"q": typed})

    assert answer.status_code == 200
    assert not {"script", "img"} & {tag for tag, _ in Outline(answer.text).tags}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?q=" + "x" * 10_000, 422),
        ("/?lang=xx", 422),
        ("/?country=<b>", 422),
        ("/suppliers/S999999999999", 404),
        ("/suppliers/../../etc/passwd", 404),
        ("/suppliers/..%2f..%2fetc%2fpasswd", 404),
        ("/suppliers/S%00", 422),
        ("/suppliers/" + "S" * 5_000, 422),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/app.py", 404),
        ("/docs", 404),
    ],
)
def test_what_cannot_be_answered_is_said_plainly(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "passwd" not in Outline(answer.text).text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_is_kept_from_page_to_page(client: TestClient, lang: str) -> None:
    told = page(client, f"/?q=amber&lang={lang}")

    assert dict(told.tags[0][1]) == {"lang": lang, "dir": "ltr"} if told.tags[0][0] == "html" else True
    assert [link for link in told.links() if link.startswith("/s")] != []
    assert all(f"lang={lang}" in link for link in told.links() if link.startswith(("/s", "/a")))
    assert f"/?q=amber&lang={LANGUAGES[0]}" in told.links()


def test_sources_and_rules_are_told(client: TestClient) -> None:
    assert "Title of audits" in page(client, "/sources").text
    assert "Unknown is not clean." in page(client, "/about").text
