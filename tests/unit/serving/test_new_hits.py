"""What the report says of matches with lists that are new, and why each match may be one company."""

from serving.steps import publish, report
from tests.unit.serving.test_publish import another, change
from tests.unit.serving.test_report import Page, html, words
from tierline.run import Run

_NEW = """
    UPDATE marts.fct_list_match SET is_new = true, explanation = 'name very like (alias “<b>Birch</b>”) (+9.0)'
    WHERE match_id = (SELECT min(match_id) FROM marts.fct_list_match)
"""


def reported(run: Run) -> str:
    publish(run)
    report(run)
    return words(Page(html(run)))


def test_a_new_hit_is_told_at_the_top_and_explained(run: Run) -> None:
    change(run, _NEW)
    text = reported(run)

    assert "1 match with a list was not there in the publication before" in text
    assert "name very like (alias “<b>Birch</b>”) (+9.0)" in text
    assert "<b>Birch</b>" not in html(run)


def test_a_first_publication_says_that_there_is_nothing_to_compare_with(run: Run) -> None:
    text = reported(run)

    assert "This is the first publication: there is nothing to compare with." in text
    assert "was not there in the publication before" not in text


def test_without_news_the_report_says_so(run: Run) -> None:
    publish(run)
    later = another(run, "second")

    assert "None: every match was there in the publication before." in reported(later)
