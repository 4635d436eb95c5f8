"""The report: in its order, the same bytes each time, with changes, the buyer's part and what is contested."""

import re
from html import unescape

import polars as pl
import pytest

from serving.difference import compare_runs
from serving.language import language
from serving.reports.render import render_report
from tests.unit.reports.conftest import BUYER_WORDS, MEND, Told, supplier_id
from tests.unit.serving.conftest import HOSTILE
from tests.unit.serving.test_report import Page
from tierline.errors import PublishError

ORDER = (
    *("changed", "action", "ranking", "where", "unknown", "contradictions", "buyer", "sources", "method"),
    "sensitivity",
)


@pytest.fixture(scope="module")
def html(told: Told) -> str:
    return render_report(told.content(), language("en"))


def section(html: str, name: str) -> str:
    start = html.index(f'<h2 id="{name}"')
    return html[start : html.index("</section>", start)]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


def test_the_sections_stand_in_their_order(html: str) -> None:
    places = [html.index(f'<h2 id="{name}"') for name in ORDER]

    assert places == sorted(places)


def test_it_says_whom_it_is_for_at_both_ends(html: str) -> None:
    assert html.index("Internal: do not pass on") < html.index("<h1>")
    assert "Internal: do not pass on" in html[html.index("<footer>") :]


@pytest.mark.parametrize("code", ["en", "es"])
def test_two_renders_give_the_same_bytes(told: Told, code: str) -> None:
    first, second = (render_report(told.content(code), language(code)) for _ in range(2))

    assert first == second


def test_the_changes_are_those_of_tierline_diff_and_their_parts_add_up(told: Told) -> None:
    changes = told.content().changes
    difference = compare_runs(told.published.folder.parent, "first", "second")

    assert changes.before == "first"
    assert changes.counts["moved"] == difference.suppliers.height == 3
    assert difference.parts.height > 3
    assert sum(row["up"] + row["down"] for row in changes.by_tag) == pytest.approx(difference.parts["points"].sum())
    move = changes.per_supplier.moves[supplier_id(0)]
    parts = changes.per_supplier.parts[supplier_id(0)]
    assert sum(part["points"] for part in parts) == pytest.approx(move["score_after"] - move["score"])


def test_what_changed_tells_the_supplier_the_reason_and_the_run(html: str) -> None:
    told = words(section(html, "changed"))

    assert "Compared with run first" in told
    assert "Plain Works Ltd" in told
    assert "new evidence: F04" in told


def test_another_run_may_be_compared_with_and_a_stranger_is_refused(told: Told) -> None:
    assert told.content(since="second").changes.counts["moved"] == 0
    with pytest.raises(PublishError):
        told.content(since="nowhere")


def test_an_earlier_run_of_another_shape_is_told_and_stops_nothing(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise pl.exceptions.ColumnNotFoundError("contested")

    monkeypatch.setattr("serving.reports.changes.compare_runs", refuse)

    assert "cannot be compared with this one" in words(render_report(told.content(), language("en")))
    with pytest.raises(PublishError, match="another shape"):
        told.content(since="first")


def test_the_buyer_is_addressed_on_its_own_practices(html: str) -> None:
    told = words(section(html, "buyer"))

    assert "These are your doing, not the suppliers’" in told
    assert BUYER_WORDS in told
    assert f"{MEND} (at 1 supplier)" in told


def test_a_supplier_with_a_contested_row_carries_the_mark_wherever_it_is_named(html: str) -> None:
    name = re.compile(rf'<a href="#{supplier_id(0)}"><bdi>Plain Works Ltd</bdi></a>(.{{0,80}})', re.DOTALL)
    after = name.findall(html)

    assert len(after) >= 2
    assert all("⚑" in text for text in after)
    assert "Contested by the supplier (C1), decision due 20 Nov 2026." in words(html)


def test_every_picture_that_stands_alone_has_a_title_a_text_and_a_table(html: str) -> None:
    pictures = re.findall(r'<svg[^>]*role="img"[^>]*>.*?</svg>', html, re.DOTALL)

    assert {"ranking", "heat-map", "timeline"} <= {
        re.findall(r'class="([^"]+)"', one)[0].split()[-1] for one in pictures
    }
    assert all("<title id=" in one and "<desc id=" in one for one in pictures)
    assert 'id="heat-table"' in html
    assert html.count('class="timeline"') == len(re.findall(r'<table id="days-', html))


def test_hostile_names_are_text_in_pictures_too(html: str) -> None:
    page = Page(html)

    assert page.count("script") == 1
    assert page.count("img") == 0
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert HOSTILE[0] in "".join(page.text)
    for picture in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", picture)


def test_ids_are_unique_and_links_lead_somewhere(html: str) -> None:
    page = Page(html)
    ids = page.values("id")

    assert len(ids) == len(set(ids))
    assert {target[1:] for target in page.values("href") if target.startswith("#")} <= set(ids)
    told_by = [name for value in page.values("aria-labelledby") for name in value.split()]
    assert set(told_by) <= set(ids)


def test_another_language_is_declared_and_has_its_own_numbers_and_days(told: Told) -> None:
    html = render_report(told.content("es"), language("es"))

    assert '<html lang="es" dir="ltr">' in html
    assert "1 nov 2026" in html
    assert 'lang="en"' in html[html.index("<main") :]
