"""The report on paper: what the HTML says, in four languages, inert, the same bytes each time, and not too large."""

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

from serving.language import LANGUAGES, language
from serving.manifest import read_manifest
from serving.pdf.report import report_pdf
from serving.publications.marked_reports import mark_report
from serving.reports.content import ReportContent, report_content
from tests.unit.serving.conftest import HOSTILE, LARGE
from tierline.run import Run

LARGEST_BYTES = 2_000_000


def content_of(run: Run, **more: Any) -> ReportContent:
    publication = run.home.published / run.run_id
    return report_content(publication, read_manifest(publication), language=language(more.pop("code", "en")), **more)


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def written(run: Run) -> Path:
    return run.home.reports / run.run_id / "report.pdf"


def test_it_lies_beside_the_html_and_says_the_same_in_its_order(reported: Run) -> None:
    told = "\n".join(pages_of(written(reported).read_bytes()))

    headings = (
        "What changed since the last run, and why", "Who needs action now", "Ranking", "Where they are",
        "Coverage, and what is not known", "Contradictions between audits and workers",
        "Your own practices as the buyer", "Sources, with age, licence and quality",
        "Method, its version and its limits", "Sensitivity", "How to contest a row",
    )  # fmt: skip
    places = [told.index(heading) for heading in headings]
    assert places == sorted(places)
    content = content_of(reported)
    first = content.portfolio["ranking"][0]
    assert first["name"] in told
    assert f"Method version {content.manifest['method_version']}" in told
    assert f"The first 150 of {LARGE} are shown" in told
    assert "no reason to end a contract" in " ".join(told.split())


def test_overdue_actions_come_first(reported: Run) -> None:
    content = content_of(reported)
    row = {**content.portfolio["ranking"][0], "action": "trace recruitment fees", "owner_role": None,
           "due_on": content.as_of}  # fmt: skip
    content.overdue.update(overdue=[row], overdue_count=1)

    told = "\n".join(pages_of(report_pdf(content, language("en"))))

    assert told.index("1 action is past its day.") < told.index("What changed since the last run")


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_speaks_the_language_and_says_so(hostile: Run, code: str) -> None:
    speech = language(code)
    pdf = report_pdf(content_of(hostile, code=code), speech)

    assert pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Lang"] == code
    assert speech.text("Ranking") in "\n".join(pages_of(pdf))


def test_hostile_names_are_shown_and_do_nothing(hostile: Run) -> None:
    told = " ".join("\n".join(pages_of(written(hostile).read_bytes())).split())

    assert "<script>alert(1)</script>" in told.replace(" ", "")
    assert "{{ 7 * 7 }}" in told
    assert "\u202e" not in told
    assert not [name for name in HOSTILE if len(name) > 1000 and name in told]


def test_the_same_publication_gives_the_same_bytes(reported: Run) -> None:
    assert report_pdf(content_of(reported), language("en")) == written(reported).read_bytes()


def test_many_suppliers_make_no_large_file(reported: Run) -> None:
    assert written(reported).stat().st_size < LARGEST_BYTES
    assert len(pages_of(written(reported).read_bytes())) < 40


def test_a_retracted_report_says_so_on_each_page(hostile: Run) -> None:
    pages = pages_of(report_pdf(content_of(hostile, notice="run first was retracted: wrong list"), language("en")))

    assert len(pages) > 1
    assert all("Retracted: do not use this report." in page and "wrong list" in page for page in pages)


def test_retracting_a_run_renames_its_pdf(tmp_path: Path) -> None:
    folder = tmp_path / "first"
    folder.mkdir()
    for name in ("report.pdf", "report.es.pdf"):
        (folder / name).write_bytes(b"%PDF")

    mark_report(tmp_path, "first", "wrong list", None)

    assert {path.name for path in folder.glob("*.pdf")} == {"RETRACTED-report.pdf", "RETRACTED-report.es.pdf"}
