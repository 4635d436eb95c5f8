"""Grievances: classes from three complainants on, never clean; a serious case is told in the store alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.forgetting import purge, withdraw
from ingest.release_origin import release_lines
from ingest.safeguarding import read_notices
from ingest.sealed_store import sealed_store
from ingest.steps import fetch_source, load, survey
from tierline.cli import app
from tierline.run import PROJECT, Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect

AS_OF = date(2026, 8, 1)
HEADINGS = "case_id,reported_on,site_id,vendor_id,category,severity,status,channel,complainant_id,told"


def case(
    number: int,
    category: str = "canteen",
    *,
    site: str = "S1",
    severity: str = "minor",
    status: str = "open",
    day: str = "2026-05-04",
    who: str | None = None,
) -> str:
    person = f"CANARY-WORKER-{number}" if who is None else who
    return f"G-{number},{day},{site},V1,{category},{severity},{status},helpline,{person},CANARY-TEXT {number}"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    source = SourceConfig(id="grievance_csv", name="helpline", path=str(tmp_path / "cases.csv"))
    return Run("r1", AS_OF, Settings(home=tmp_path / "home", sources=(source,), threads=1), PROJECT)


def take_in(run: Run, *cases: str) -> None:
    Path(str(run.settings.sources[0].path)).write_text("\n".join([HEADINGS, *cases]) + "\n")
    fetch_source(run, "helpline")
    assert load(run)["degraded"] == {}
    survey(run)


def classes(run: Run) -> list[tuple[str, str, str, int | None]]:
    with connect(run.home.warehouse, read_only=True) as warehouse:
        return warehouse.execute(
            "SELECT indicator_id, class, source_type, respondents_at_least FROM canonical.survey_class ORDER BY ALL"
        ).fetchall()


def test_three_of_ten_complainants_fire(run: Run) -> None:
    take_in(run, *(case(number, "documents_held" if number < 3 else "canteen") for number in range(10)))

    assert classes(run) == [("F07", "fires_strongly", "grievance", 10)]


@pytest.mark.parametrize(
    "cases",
    [
        [case(number, "documents_held" if number < 2 else "canteen") for number in range(12)],
        [case(number, "documents_held") for number in range(9)],
        [case(number, "documents_held", who="one") for number in range(4)] + [case(n) for n in range(4, 14)],
        [case(number, "documents_held" if number < 3 else "canteen", status="not_upheld") for number in range(12)],
        [case(number, "documents_held" if number < 3 else "canteen", day="2026-07-20") for number in range(12)],
        [case(number) for number in range(400)],
    ],
    ids=["two complainants", "nine cases", "one complainant four times", "not upheld", "open wave", "silence"],
)
def test_less_leaves_no_trace(run: Run, cases: list[str]) -> None:
    take_in(run, *cases)

    assert classes(run) == []


def test_the_class_of_too_few_stays_inside_and_frozen(run: Run) -> None:
    take_in(run, case(0, "violence"), *(case(number) for number in range(1, 12)))
    with sealed_store(run, read_only=True) as store:
        kept = store.execute("SELECT indicator_id, class FROM release.survey_class").fetchall()

    assert kept == [("F05", "undetermined")]
    assert classes(run) == []


@pytest.fixture
def protected(run: Run) -> Run:
    """The same installation with protected classes."""
    return replace(run, settings=run.settings.model_copy(update={"survey_classes": "protected"}))


@pytest.mark.parametrize("complaint", ["canteen", "documents_held"])
def test_a_protected_site_has_a_cell_for_all_that_the_channel_knows_whatever_was_told(
    protected: Run, complaint: str
) -> None:
    take_in(protected, case(0, complaint), *(case(number) for number in range(1, 12)))
    with sealed_store(protected, read_only=True) as store:
        kept = store.execute(
            "SELECT indicator_id, known_on, class_kind FROM release.survey_class ORDER BY 1"
        ).fetchall()

    names = [*(f"F{number:02}" for number in range(2, 12)), "X02"]
    assert kept == [(name, date(2026, 7, 30), "protected") for name in names]


def test_protected_complaints_of_many_fire_and_stand_alone(protected: Run) -> None:
    take_in(protected, *(case(number, "documents_held" if number < 40 else "canteen") for number in range(60)))

    assert classes(protected) == [("F07", "fires_strongly", "grievance", 60)]


def test_a_single_serious_case_is_a_notice_and_nothing_else(run: Run) -> None:
    take_in(run, case(1, "violence", severity="critical"), case(2), case(3, "wages_withheld", severity="moderate"))

    (notice,) = read_notices(run)

    assert (notice.case_id, notice.facility_ref, notice.category, notice.severity) == (
        "G-1", "erp:S1", "violence", "critical",
    )  # fmt: skip
    assert (notice.due_on, notice.role) == (date(2026, 5, 6), "safeguarding lead")
    assert classes(run) == []
    outside = [path for path in run.home.root.rglob("*") if path.is_file() and run.home.restricted not in path.parents]
    for text in ("G-1", "violence", "CANARY"):
        assert [path.name for path in outside if text.encode() in path.read_bytes()] == []


def test_a_notice_ends_with_its_case(run: Run) -> None:
    take_in(run, case(1, "violence", severity="critical"), case(2, severity="serious"))
    assert [notice.case_id for notice in read_notices(run)] == ["G-1", "G-2"]

    take_in(run, case(1, "violence", severity="critical", status="closed"), case(2, severity="serious"))
    assert [notice.case_id for notice in read_notices(run)] == ["G-2"]

    withdraw(run, "helpline", ["G-2"])
    assert read_notices(run) == []
    load(run)
    survey(run)
    assert read_notices(run) == []


def test_cases_whose_time_is_over_are_purged(run: Run) -> None:
    take_in(run, case(1, "violence", severity="critical"))

    assert purge(Run("r2", date(2028, 7, 29), run.settings, PROJECT)) == {"helpline": {"records": 1, "files": 0}}
    assert read_notices(run) == []


def test_the_command_prints_no_word_of_what_was_told(run: Run, tmp_path: Path) -> None:
    take_in(run, case(1, "violence", severity="critical"), case(2))
    config = tmp_path / "tierline.yml"
    config.write_text(f"home: {run.home.root}\nsources:\n  - {{id: grievance_csv, name: helpline, path: cases.csv}}\n")

    printed = CliRunner().invoke(app, ["restricted", "notices", "--config", str(config)])

    assert printed.exit_code == 0
    assert "2026-05-06  helpline G-1: violence, critical, site erp:V1 erp:S1" in printed.output
    assert "1 notices" in printed.output
    is_quoted = "CANARY" in printed.output
    assert not is_quoted


def test_behind_a_class_stand_counts_and_record_numbers(run: Run) -> None:
    take_in(run, *(case(number, "documents_held" if number < 3 else "canteen") for number in range(10)))
    with connect(run.home.warehouse, read_only=True) as warehouse:
        (release_id,) = warehouse.execute("SELECT release_id FROM canonical.survey_class").fetchone() or ("",)

    head, *records = release_lines(run, str(release_id))

    assert head == "inside the restricted store: 3 rows of 3 people, 3 of them adverse"
    assert [record.rsplit(":", 1)[1] for record in records] == ["1", "2", "3"]


def test_a_category_that_nobody_mapped_is_told(run: Run) -> None:
    path = Path(str(run.settings.sources[0].path))
    path.write_text("\n".join([HEADINGS, case(1, "something new")]) + "\n")
    fetch_source(run, "helpline")

    assert load(run)["sources"]["helpline"]["reasons"] == {"unknown value": 1}
