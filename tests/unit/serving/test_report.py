"""The report: complete, honest about what is not known, inert, and readable without loading anything."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import polars as pl
import pytest

from serving.manifest import read_manifest
from serving.reports import overview
from serving.reports.details import DETAIL_LIMIT
from serving.reports.published import Published
from serving.steps import publish, report
from tests.unit.serving.conftest import HOSTILE, LARGE
from tests.unit.serving.test_publish import change
from tests.unit.serving.world import QUARANTINED_TEXT, make_rows, make_run, write_warehouse
from tierline.errors import PublishError
from tierline.run import Run


class Page(HTMLParser):
    """The elements of a page, with what the tests ask of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)

    def values(self, attribute: str) -> list[str]:
        return [str(attributes[attribute]) for _, attributes in self.elements if attribute in attributes]


def html(run: Run) -> str:
    return (run.home.reports / "latest" / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(reported: Run) -> Page:
    return Page(html(reported))


def words(page: Page) -> str:
    return re.sub(r"\s+", " ", "".join(page.text))


def test_it_stays_small_however_many_suppliers_there_are(reported: Run) -> None:
    assert overview.RANKING_LIMIT < LARGE
    assert len(html(reported).encode()) < 5_000_000


def test_it_has_every_section(page: Page) -> None:
    ids = set(page.values("id"))

    assert {
        "summary", "changed", "action", "ranking", "where", "unknown", "contradictions", "buyer", "matches", "sources",
        "quality", "method", "sensitivity", "contest", "suppliers",
    } <= ids  # fmt: skip
    assert {target[1:] for target in page.values("href") if target.startswith("#")} <= ids


def test_ids_are_unique(page: Page) -> None:
    ids = page.values("id")

    assert len(ids) == len(set(ids))


def test_it_loads_nothing(page: Page) -> None:
    assert page.count("img") == page.count("iframe") == page.count("form") == 0
    assert all(target.startswith(("#", "data:,")) for target in page.values("href"))
    assert not page.values("src")
    policy = next(value for value in page.values("content") if "default-src" in value)
    assert policy.startswith("default-src 'none'")


def test_tables_have_captions_and_headers_with_a_scope(page: Page) -> None:
    assert page.count("table") == page.count("caption") > 10
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in page.elements if tag == "th")


def test_headings_go_down_one_level_at_a_time(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]

    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_it_says_what_a_score_is_not(page: Page) -> None:
    text = words(page)

    assert "A score does not say that forced labour was found" in text
    assert "Unknown is not clean" in text
    assert "no reason to end a contract" in text
    assert "Internal: do not pass on" in text
    assert not re.search(r"drop (this|the) supplier|delist", text)


def test_what_is_left_out_is_told_and_where_it_is(page: Page) -> None:
    text = words(page)

    assert f"The first {overview.RANKING_LIMIT} of {LARGE} suppliers are shown." in text
    assert f"{DETAIL_LIMIT} of {LARGE} suppliers have a section here" in text
    assert "csv/score_evidence.csv" in text
    assert page.count("details") == DETAIL_LIMIT + 5


def test_a_possible_match_is_called_unconfirmed(page: Page) -> None:
    assert words(page).count("Possible match, unconfirmed") >= 1


def test_a_possible_match_tells_the_id_under_which_it_is_answered(page: Page) -> None:
    section = words(page).partition("Possible matches, unconfirmed")[2].partition("Sources, with age")[0]

    assert "tierline match confirm" in section
    assert re.search(r"id M\d+", section)


def test_a_source_that_failed_is_told(run: Run) -> None:
    run.write_outcome("load", {"sources": {}, "degraded": {"bods_ownership": "the file is empty"}})
    publish(run)
    report(run)

    assert "1 of the sources could not be used in full" in html(run)
    assert "the file is empty" in html(run)


def test_a_source_tells_its_licence_and_whether_its_shape_was_ever_checked(run: Run) -> None:
    publish(run)
    report(run)
    sources = html(run).partition('id="sources"')[2].partition("</section>")[0]
    rows = [row for row in sources.split("</tr>") if "Title of" in row]

    assert all("CC BY 4.0" in row for row in rows)
    assert [("on a real file" in row, "not yet" in row) for row in rows if "bods_ownership" in row] == [(False, True)]
    assert [("on a real file" in row, "not yet" in row) for row in rows if "us_cbp_wro" in row] == [(True, False)]


def test_findings_under_an_unverified_mapping_are_told_and_called_so(run: Run) -> None:
    change(
        run,
        "UPDATE marts.fct_audit_finding SET scheme = 'SMETA', issue_code = '<b>1A</b>', indicator_id = NULL,"
        " possible_indicator_id = 'F09', mapping_state = 'template, unverified' WHERE record_no = 0",
    )
    publish(run)
    report(run)
    quality = html(run).partition('id="quality"')[2].partition("</section>")[0]
    (row,) = [row for row in quality.split("</tr>") if "template, unverified" in row]

    assert "SMETA" in row
    assert "F09" in row
    assert "&lt;b&gt;1A" in row


def test_fictional_data_are_called_so_and_real_ones_are_not(run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    real = make_run(tmp_path_factory.mktemp("real"), fictional=False)
    write_warehouse(real, make_rows())
    for this in (run, real):
        publish(this)
        report(this)

    assert "Fictional data." in html(run)
    assert "ictional" not in html(real)


def test_without_a_survey_it_says_so(run: Run) -> None:
    change(run, "DELETE FROM ingest.source_load WHERE sensitivity = 'restricted'")
    change(run, "DELETE FROM ingest.quarantined_record WHERE source_name = 'surveys'")
    change(run, "DELETE FROM marts.fct_survey_indicator")
    change(run, "UPDATE scores.score_evidence SET release_id = NULL, source_table = NULL WHERE release_id IS NOT NULL")
    publish(run)
    report(run)

    assert "No worker survey was given to this run" in html(run)


def test_only_sources_whose_word_stands_are_named_in_a_contradiction(run: Run) -> None:
    change(run, "UPDATE scores.supplier_indicator SET state = 'present' WHERE state = 'contradicted'")
    change(
        run,
        "UPDATE scores.supplier_indicator SET state = 'contradicted' WHERE (site_id, indicator_id) ="
        " (SELECT (site_id, indicator_id) FROM scores.score_evidence WHERE source_type = 'announced_audit'"
        "  ORDER BY evidence_id LIMIT 1)",
    )
    for number, (kind, source, bears) in enumerate(
        (("adverse", "grievance", False), ("clean", "field_visit", True), ("clean", "self_assessment", False))
    ):
        change(
            run,
            "INSERT INTO scores.score_evidence BY NAME SELECT * REPLACE ("
            f" evidence_id || '-{number}' AS evidence_id, '{kind}' AS kind, '{source}' AS source_type, {bears} AS"
            " bears_on_state, 0.0 AS contribution) FROM scores.score_evidence WHERE source_type = 'announced_audit'"
            " AND NOT contains(evidence_id, '-') ORDER BY evidence_id LIMIT 1",
        )
    publish(run)
    folder = run.home.published / "first"
    published = Published(folder, read_manifest(folder))
    rows = overview.contradictions(published, overview.suppliers_in_order(published)).to_dicts()

    assert [(row["adverse_voices"], row["clean_voices"]) for row in rows] == [(["announced_audit"], ["field_visit"])]


def test_where_most_are_unknown_it_says_why_with_figures(run: Run) -> None:
    change(run, "UPDATE scores.supplier_score SET band = 'Unknown'")
    change(run, "UPDATE scores.supplier_indicator SET state = 'not assessable', reason = 'missing'")
    change(run, "UPDATE scores.score_evidence SET event_date = DATE '2013-05-01' WHERE kind = 'adverse'")
    publish(run)
    report(run)
    told = re.sub(r"\s+", " ", "".join(Page(html(run)).text))
    evidence = pl.read_parquet(run.home.published / "first" / "parquet" / "score_evidence.parquet")
    faded = evidence.filter(kind="adverse")["supplier_id"].n_unique()

    assert 0 < faded < 12
    assert f"of 12 suppliers {12 - faded} have no observation at all" in told
    assert f"{faded} have only such as are too old or too weak to count" in told
    assert "last observed in 2013 or before" in told


def test_where_few_are_unknown_it_does_not_explain(run: Run) -> None:
    change(run, "UPDATE scores.supplier_score SET band = 'Moderate'")
    publish(run)
    report(run)

    assert "Why so many are Unknown" not in html(run)


def test_child_labour_stands_beside_the_score(run: Run) -> None:
    change(
        run,
        "UPDATE scores.supplier_indicator SET state = 'present', reason = 'reported by field visit, weight 0.85'"
        " WHERE indicator_id = 'X02'",
    )
    publish(run)
    report(run)
    told = re.sub(r"\s+", " ", "".join(Page(html(run)).text))

    assert "Beside the score, without points: Child labour X02: present – reported by field visit" in told


def test_the_published_indicators_are_those_that_have_states(run: Run) -> None:
    publish(run)
    folder = run.home.published / "first" / "parquet"
    listed = pl.read_parquet(folder / "indicator.parquet")["indicator_id"]

    assert set(listed) == set(pl.read_parquet(folder / "supplier_indicator.parquet")["indicator_id"])
    assert "learned" not in set(listed)


def test_what_a_quarantined_record_said_is_not_in_it(reported: Run) -> None:
    assert QUARANTINED_TEXT not in html(reported)
    assert "not a date (2)" in html(reported)


def test_hostile_names_are_text(hostile: Run) -> None:
    page = Page(html(hostile))

    assert page.count("script") == 1
    assert page.count("img") == 0
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert HOSTILE[0] in "".join(page.text)
    assert "{{ 7 * 7 }}" in "".join(page.text)
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", html(hostile))


def test_a_name_that_turns_the_direction_of_writing_is_isolated(hostile: Run) -> None:
    for occurrence in re.finditer("\u202e", html(hostile)):
        before = html(hostile)[: occurrence.start()]
        assert before.rfind("<bdi>") > before.rfind("</bdi>")


def test_a_name_without_end_is_cut(hostile: Run) -> None:
    assert "x" * 300 not in html(hostile)
    assert len(html(hostile)) < 500_000


def test_no_points_are_lost_between_the_rows_and_the_sum(run: Run) -> None:
    publish(run)
    report(run)

    assert "The rows add up to a raw score of" in html(run)


def test_a_run_that_is_not_published_has_no_report(run: Run) -> None:
    with pytest.raises(PublishError, match="no manifest"):
        report(run)


def test_nobody_at_all_still_gives_a_report(run: Run) -> None:
    for table in (
        "scores.supplier_score", "scores.site_score", "scores.supplier_indicator", "scores.score_evidence",
        "scores.supplier_anomaly", "marts.dim_supplier", "marts.fct_list_match", "marts.fct_survey_indicator",
    ):  # fmt: skip
        change(run, f"DELETE FROM {table}")
    publish(run)
    report(run)

    assert "No supplier is Critical or High" in html(run)
