"""Each reason for which a score or band may move is told apart, and the parts are the whole move."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from serving.difference import difference_lines, supplier_lines
from tests.unit.auditors.two_runs import SUPPLIER, Publication, difference, points_by_tag
from tierline.errors import ConfigError

AS_OF, LATER = date(2026, 11, 1), date(2027, 2, 1)


def test_the_same_content_in_a_new_file_moves_nothing(tmp_path: Path) -> None:
    before, after = Publication(), Publication(snapshot="bbbbbbbbbbbb")
    for run in (before, after):
        run.finding("AU1", "F07")
        run.listed("confirmed", "identifier")

    found = difference(tmp_path, before, after)

    assert found.suppliers.is_empty()
    assert found.unmoved == 1


def test_in_a_new_file_only_what_is_new_moves(tmp_path: Path) -> None:
    before, after = Publication(), Publication(snapshot="bbbbbbbbbbbb")
    for run in (before, after):
        run.finding("AU1", "F07")
    after.finding("AU2", "F08", points=16.0, record=2)

    found = difference(tmp_path, before, after)

    assert points_by_tag(found) == {"new evidence": 8.0}
    assert found.parts.height == 1


def test_a_finding_that_was_not_there_is_new_evidence(tmp_path: Path) -> None:
    before, after = Publication(), Publication()
    after.finding("AU1", "F07")

    assert points_by_tag(difference(tmp_path, before, after)) == {"new evidence": 15.0}


def test_a_finding_that_its_source_took_back_is_a_correction(tmp_path: Path) -> None:
    before, after = Publication(), Publication()
    before.finding("AU1", "F07")

    assert points_by_tag(difference(tmp_path, before, after)) == {"correction": -15.0}


def test_time_alone_is_ageing(tmp_path: Path) -> None:
    before, after = Publication(), Publication(as_of=LATER)
    before.finding("AU1", "F07", freshness=1.0)
    after.finding("AU1", "F07", freshness=0.8)

    assert points_by_tag(difference(tmp_path, before, after)) == {"ageing out": -3.0}


def test_another_grade_of_the_same_finding_is_a_correction_and_another_rule_a_change_of_method(tmp_path: Path) -> None:
    before, corrected, revised = Publication(), Publication(snapshot="bbbbbbbbbbbb"), Publication(method="2.0.0")
    before.finding("AU1", "F07", points=30.0)
    corrected.finding("AU1", "F07", points=16.0)
    revised.finding("AU1", "F07", points=16.0)

    assert points_by_tag(difference(tmp_path / "one", before, corrected)) == {"correction": -7.0}
    before = Publication()
    before.finding("AU1", "F07", points=30.0)
    assert points_by_tag(difference(tmp_path / "two", before, revised)) == {"method change": -7.0}


def test_a_row_pushed_down_by_a_new_one_moves_with_the_tag_of_the_new_one(tmp_path: Path) -> None:
    before, after = Publication(), Publication()
    before.finding("AU1", "F07", points=16.0)
    after.finding("AU1", "F07", points=16.0, rank=2)
    after.finding("AU2", "F07", points=30.0, record=2)

    found = difference(tmp_path, before, after)

    assert points_by_tag(found) == {"new evidence": 11.0}
    assert found.parts.height == 2


def test_ageing_and_new_evidence_are_told_apart_in_one_move(tmp_path: Path) -> None:
    before, after = Publication(), Publication(as_of=LATER)
    before.finding("AU1", "F07", freshness=1.0)
    after.finding("AU1", "F07", freshness=0.5)
    after.finding("AU2", "F08", points=16.0, record=2)

    assert points_by_tag(difference(tmp_path, before, after)) == {"ageing out": -7.5, "new evidence": 8.0}


@pytest.mark.parametrize(
    ("status", "by", "status_after", "by_after", "tag"),
    [
        ("possible", None, "confirmed", "verdict", "verdict"),
        ("confirmed", "verdict", "possible", None, "verdict"),
        ("confirmed", "identifier", "rejected", None, "verdict"),
        ("possible", None, "confirmed", "identifier", "match change"),
    ],
)
def test_a_match_that_was_confirmed_or_rejected(
    tmp_path: Path, status: str, by: str | None, status_after: str, by_after: str | None, tag: str
) -> None:
    before, after = Publication(), Publication()
    before.listed(status, by, is_scored=status == "confirmed")
    after.listed(status_after, by_after, is_scored=status_after == "confirmed")

    sign = 1.0 if status_after == "confirmed" else -1.0
    assert points_by_tag(difference(tmp_path, before, after)) == {tag: 30.0 * sign}


def test_an_entry_that_comes_or_goes_is_a_change_of_the_list(tmp_path: Path) -> None:
    before, after = Publication(), Publication()
    after.listed("confirmed", "identifier")

    assert points_by_tag(difference(tmp_path / "came", before, after)) == {"list change": 30.0}
    before, after = Publication(), Publication()
    before.listed("confirmed", "verdict")
    assert points_by_tag(difference(tmp_path / "went", before, after)) == {"list change": -30.0}


def test_an_act_that_ended_is_a_change_of_the_list(tmp_path: Path) -> None:
    before, after = Publication(), Publication(as_of=LATER)
    before.listed("confirmed", "identifier")
    after.listed("confirmed", "identifier")
    after.tables["score_evidence"][0].update(in_force=False, freshness=0.9, contribution=27.0)

    assert points_by_tag(difference(tmp_path, before, after)) == {"list change": -3.0}


def test_evidence_that_went_to_another_supplier_is_a_match_change_on_both_sides(tmp_path: Path) -> None:
    references = {"erp:V1": SUPPLIER, "erp:V2": "S2"}
    before, after = Publication(references=references), Publication(references={"erp:V1": SUPPLIER, "erp:V2": "S2"})
    before.finding("AU1", "F07")
    before.evidence(None, 0.0, name="nothing", supplier="S2", site="F2")
    after.finding("AU1", "F07", supplier="S2", site="F2")
    after.evidence(None, 0.0, name="nothing", supplier="S2", site="F2")

    found = difference(tmp_path, before, after)

    assert points_by_tag(found) == {"match change": -15.0}
    assert points_by_tag(found, "S2") == {"match change": 15.0}


def test_suppliers_of_one_run_only_are_told_with_the_reason(tmp_path: Path) -> None:
    before = Publication(references={"erp:V1": SUPPLIER, "erp:V2": "S2"})
    after = Publication(references={"erp:V1": SUPPLIER, "erp:V2": SUPPLIER, "erp:V3": "S3"})
    before.evidence(None, 0.0, name="nothing", supplier="S2", site="F2")
    after.evidence(None, 0.0, name="nothing", supplier="S3", site="F3")

    found = difference(tmp_path, before, after)

    assert found.left.select("supplier_id", "tag").rows() == [("S2", "match change")]
    assert found.arrived.select("supplier_id", "tag").rows() == [("S3", "new evidence")]


def test_the_base_moves_by_newer_figures_of_a_country_or_by_a_corrected_country(tmp_path: Path) -> None:
    before = Publication()
    newer = Publication(base=25.0, country_level=5.0, country_basis="TIP tier 3 (2026)")
    elsewhere = Publication(base=25.0, country_level=5.0, country_code="PK")
    revised = Publication(base=25.0, country_level=5.0, method="2.0.0")

    tags = [
        points_by_tag(difference(tmp_path / str(number), replace(before, tables=fresh()), after))
        for number, after in enumerate((newer, elsewhere, revised))
    ]

    assert tags == [{"new evidence": 5.0}, {"correction": 5.0}, {"method change": 5.0}]


def test_a_limit_takes_the_tags_of_what_it_limits(tmp_path: Path) -> None:
    before, after = Publication(), Publication()
    before.evidence("F07", -8.0, kind="clean", name="c1", points=-8.0, freshness=1.0)
    after.evidence("F07", -8.0, kind="clean", name="c1", points=-8.0, freshness=1.0)
    after.evidence("F08", -8.0, kind="clean", name="c2", points=-8.0, freshness=1.0, source_table="other")
    after.evidence(None, 4.0, kind="cap", name="cap:clean")

    assert points_by_tag(difference(tmp_path, before, after)) == {"new evidence": -4.0}


def test_a_limit_that_moves_alone_is_a_change_of_method(tmp_path: Path) -> None:
    before, after = Publication(), Publication(method="2.0.0")
    before.evidence(None, 4.0, kind="cap", name="cap:clean")
    after.evidence(None, 2.0, kind="cap", name="cap:clean")

    assert points_by_tag(difference(tmp_path, before, after)) == {"method change": -2.0}


def test_clipping_takes_the_tags_of_the_site(tmp_path: Path) -> None:
    before, after = Publication(base=90.0), Publication(base=90.0)
    after.finding("AU1", "F07")

    assert points_by_tag(difference(tmp_path, before, after)) == {"new evidence": 10.0}


def test_another_worst_site_takes_the_tags_of_what_moved_the_two(tmp_path: Path) -> None:
    before, after = Publication(), Publication()
    for run in (before, after):
        run.finding("AU1", "F07", site="F1")
        run.evidence(None, 0.0, name="nothing", site="F2")
    after.finding("AU2", "F09", points=60.0, site="F2", record=2)

    found = difference(tmp_path, before, after)

    assert points_by_tag(found) == {"new evidence": 15.0}
    assert found.suppliers["score"].to_list() == [35.0]


def test_a_new_site_that_is_the_worst_is_one_move(tmp_path: Path) -> None:
    before, after = Publication(), Publication(references={"erp:V1": SUPPLIER, "erp:V9": SUPPLIER})
    after.finding("AU2", "F09", site="F9")

    assert points_by_tag(difference(tmp_path, before, after)) == {"new evidence": 15.0}


def test_a_band_that_moves_without_the_score_has_a_tag(tmp_path: Path) -> None:
    assert difference(tmp_path / "age", Publication(), Publication(as_of=LATER, band="Unknown")).suppliers.select(
        "band", "band_after", "band_tag"
    ).rows() == [("Moderate", "Unknown", "ageing out")]
    assert difference(tmp_path / "method", Publication(), Publication(method="2", band="High")).suppliers[
        "band_tag"
    ].to_list() == ["method change"]


def test_random_runs_always_add_up(tmp_path: Path) -> None:
    chance = random.Random(7)
    for number in range(25):
        before, after = Publication(as_of=date(2026, 11, 1)), Publication(as_of=LATER, snapshot="cccccccccccc")
        for run in (before, after):
            for record in range(chance.randrange(6)):
                run.finding(
                    f"AU{chance.randrange(4)}", chance.choice(("F07", "F08")), points=chance.choice((6.0, 16.0, 30.0)),
                    freshness=chance.random(), rank=chance.randrange(1, 4), site=chance.choice(("F1", "F2")),
                    record=record,
                )  # fmt: skip
        found = difference(tmp_path / str(number), before, after)

        for row in found.suppliers.iter_rows(named=True):
            points = found.parts.filter(pl.col("supplier_id") == row["supplier_id"])["points"].sum()
            assert abs(points - (row["score_after"] - row["score"])) < 1e-9


def test_exposure_that_moved_is_news_of_ties_and_cases_and_no_correction(tmp_path: Path) -> None:
    before, after = Publication(), Publication()
    for publication, points in ((before, 4.0), (after, 6.0)):
        publication.evidence(
            "W01", points * 0.6, name="S1:W01", points=points, reliability=0.6, freshness=1.0, event_date=AS_OF,
            origin_event_id="network exposure of S1", source_table="fct_network_edge", source_key="bods:a:1",
        )  # fmt: skip

    assert points_by_tag(difference(tmp_path, before, after)) == {"new evidence": 1.2}


def test_the_difference_is_told_in_lines(tmp_path: Path) -> None:
    before, after = Publication(), Publication(band="High")
    after.finding("AU1", "F07")
    found = difference(tmp_path, before, after)

    lines = list(difference_lines(found, limit=5))
    assert lines[0].startswith("1 supplier moved, 1 to another band")
    assert "band    S1  Mill S1  Moderate → High  new evidence" in lines
    assert "score   S1  Mill S1  20.00 → 35.00  new evidence +15.00" in lines
    assert "+15.000000  new evidence" in "\n".join(supplier_lines(found, SUPPLIER))
    with pytest.raises(ConfigError, match="did not move"):
        list(supplier_lines(found, "S404"))


def fresh() -> dict[str, list[dict[str, object]]]:
    return Publication().tables
