"""Other languages, comparisons and pages are written beside the report and never over it."""

import shutil
from pathlib import Path

import pytest

from serving.publications.marked_reports import mark_report
from serving.report_variants import Variant, write_variant
from serving.steps import report
from tests.unit.reports.conftest import Told, supplier_id
from tests.unit.serving.world import make_run
from tierline.errors import ConfigError, PublishError
from tierline.run import Run


@pytest.fixture(scope="module")
def run(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The later run in a home of its own, reported."""
    root = tmp_path_factory.mktemp("variants")
    shutil.copytree(told.run.home.root, root / "home", symlinks=True)
    this = make_run(root, "second")
    report(this)
    return this


def files(run: Run) -> dict[str, bytes]:
    folder = run.home.reports / "second"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.html")}


def test_each_variant_has_a_file_of_its_own(run: Run) -> None:
    before = files(run)
    for variant in (
        Variant("es"),
        Variant(since="first"),
        Variant("fr", since="first"),
        Variant(supplier_ids=(supplier_id(0), supplier_id(1))),
        Variant("pt", supplier_ids=(supplier_id(0),)),
        Variant(supplier_ids=(supplier_id(0),), audience="supplier"),
    ):
        assert all(path.is_file() for path in write_variant(run, variant))

    after = files(run)
    assert after["report.html"] == before["report.html"]
    assert set(after) - set(before) == {
        *("report.es.html", "report.since-first.html", "report.since-first.fr.html"),
        *(
            f"suppliers/{supplier_id(0)}.html",
            f"suppliers/{supplier_id(1)}.html",
            f"suppliers/{supplier_id(0)}.pt.html",
        ),
        f"for-suppliers/{supplier_id(0)}.html",
    }


def test_the_report_made_again_leaves_them_there_and_changes_no_byte(run: Run) -> None:
    write_variant(run, Variant("es"))
    before = files(run)
    report(run)

    assert files(run) == before


@pytest.mark.parametrize(
    ("variant", "error", "says"),
    [
        (Variant("xx"), ConfigError, "no language"),
        (Variant(audience="public"), ConfigError, "no audience"),
        (Variant(audience="supplier"), ConfigError, "for nobody outside"),
        (Variant(supplier_ids=(supplier_id(0),), audience="supplier", since="first"), ConfigError, "compares no runs"),
        (Variant(supplier_ids=("../../escape",)), ConfigError, "no supplier"),
        (Variant(since="../first"), ConfigError, "no run id"),
        (Variant(since="nowhere"), PublishError, "nowhere"),
    ],
)
def test_what_makes_no_sense_is_refused_and_writes_nothing(
    run: Run, variant: Variant, error: type[Exception], says: str
) -> None:
    before = files(run)
    with pytest.raises(error, match=says):
        write_variant(run, variant)

    assert files(run) == before


def test_a_page_tells_what_changed_where_there_is_a_run_before(run: Run) -> None:
    (page,) = write_variant(run, Variant(supplier_ids=(supplier_id(0),)))
    html = page.read_text(encoding="utf-8")

    assert "What changed since the run before" in html
    assert "new evidence" in html
    assert "<script" not in html


def test_a_retraction_marks_every_page_and_gives_no_reason_to_suppliers(run: Run, tmp_path: Path) -> None:
    write_variant(run, Variant("es"))
    write_variant(run, Variant(supplier_ids=(supplier_id(0),)))
    write_variant(run, Variant(supplier_ids=(supplier_id(0),), audience="supplier"))
    reports = tmp_path / "reports"
    shutil.copytree(run.home.reports, reports, symlinks=True)
    mark_report(reports, "second", "the visit was at <Blue Ltd>", None)

    for path in (reports / "second").rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert 'id="retracted"' in html
        assert ("Blue Ltd" in html) == (path.parent.name != "for-suppliers")
