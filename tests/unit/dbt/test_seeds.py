"""The seeds hold together: every value has a source, every pair a row, every rule a way to be decided."""

import csv
import math
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds"
FILES = sorted(SEEDS.glob("*/*.csv"))


def rows(seed: str) -> list[dict[str, str]]:
    (path,) = SEEDS.glob(f"*/{seed}.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_says_where_it_comes_from(path: Path) -> None:
    content = rows(path.stem)

    assert content
    if path.stem != "method_version":
        assert [number for number, row in enumerate(content, start=2) if not row["source"].strip()] == []


def test_the_catalogue_has_every_indicator_of_the_method() -> None:
    labour = {f"F{number:02d}" for number in range(1, 13)}
    buying = {f"P{number:02d}" for number in range(1, 7)}
    others = {"X01", "X02", "N01", "N02", "N03", "W01", "W02", "A01", "A02", "A03", "Q01", "Q02", "M01", "learned"}

    assert {row["indicator_id"] for row in rows("indicator")} == labour | buying | others


def test_points_are_ten_times_the_binary_logarithm_of_the_likelihood_ratio() -> None:
    for row in rows("strength"):
        assert float(row["points"]) == round(10 * math.log2(float(row["likelihood_ratio"])))


def test_every_type_of_source_has_a_reliability_a_half_life_and_a_say_on_every_indicator() -> None:
    sources = {row["source_type"] for row in rows("reliability")}
    eligibility = rows("indicator_eligibility")
    pairs = [(row["indicator_id"], row["source_type"]) for row in eligibility]
    observable = {row["indicator_id"] for row in rows("indicator") if row["default_strength"]} | {"X02"}

    assert {row["source_type"] for row in rows("half_life")} == sources
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {(indicator, source) for indicator in observable for source in sources}


def test_no_audit_survey_or_visit_clears_what_the_state_imposes() -> None:
    assert not [
        row for row in rows("indicator_eligibility") if row["indicator_id"] == "F12" and row["eligible"] == "true"
    ]


def audit_issues() -> list[dict[str, str]]:
    return [row for path in sorted(SEEDS.glob("audit_issues/*.csv")) for row in rows(path.stem)]


def test_an_issue_code_bears_on_an_indicator_of_the_catalogue_with_a_strength_or_on_none() -> None:
    indicators = {row["indicator_id"]: row for row in rows("indicator")}
    for row in audit_issues():
        if not row["indicator_id"]:
            assert not row["strength"]
        elif indicators[row["indicator_id"]]["kind"] != "context":
            assert row["strength"] in {"S", "M", "W"}


def test_every_scheme_of_the_crosswalk_says_whether_silence_clears() -> None:
    assert {row["scheme"] for row in audit_issues()} == {row["scheme"] for row in rows("audit_scheme")}


def test_each_scheme_has_a_file_of_its_own_that_the_crosswalk_takes_in() -> None:
    paths = sorted(SEEDS.glob("audit_issues/*.csv"))
    model = (SEEDS.parent / "models" / "intermediate" / "int_audit_issue_crosswalk.sql").read_text(encoding="utf-8")

    for path in paths:
        assert len({row["scheme"] for row in rows(path.stem)}) == 1
        assert f"'{path.stem.removeprefix('audit_issues_')}'" in model
    keys = [(row["scheme"], row["issue_code"]) for row in audit_issues()]
    assert len(keys) == len(set(keys))


def test_a_scheme_without_a_public_list_of_codes_is_a_template_that_clears_nothing() -> None:
    clears = {row["scheme"]: row["clears_unfound"] for row in rows("audit_scheme")}
    for scheme in ("SMETA", "SLCP", "AMFORI-BSCI", "IN-HOUSE"):
        found = [row for row in audit_issues() if row["scheme"] == scheme]
        assert found
        assert {row["verified"] for row in found} == {"false"}
        assert all("template" in row["source"] for row in found)
        assert clears[scheme] == "false"


def test_a_verified_row_says_what_its_code_was_compared_with() -> None:
    for row in audit_issues():
        if row["verified"] == "true":
            assert any(word in row["source"] for word in ("fictional scheme", "real file", "Annex")), row


def test_every_cpi_and_tier_has_exactly_one_country_level() -> None:
    tiers = {"", "1", "2", "2W", "3", "S"}
    for tier in tiers:
        rules = [row for row in rows("country_level_rule") if row["tip_tier"] == tier and row["cpi_minimum"]]
        for cpi in range(101):
            assert len([rule for rule in rules if float(rule["cpi_minimum"]) <= cpi < float(rule["cpi_below"])]) == 1
        without = [row for row in rows("country_level_rule") if row["tip_tier"] == tier and not row["cpi_minimum"]]
        assert len(without) == (0 if tier == "" else 1)


def test_a_worse_tier_or_a_lower_cpi_never_lowers_the_country_level() -> None:
    levels = {
        (row["tip_tier"], row["cpi_minimum"]): int(row["country_level"])
        for row in rows("country_level_rule")
        if row["tip_tier"]
    }
    for cpi in ("", "0", "30", "45", "60"):
        by_tier = [levels[(tier, cpi)] for tier in ("1", "2", "2W", "3")]
        assert by_tier == sorted(by_tier)
    for tier in ("1", "2", "2W", "3", "S"):
        by_cpi = [levels[(tier, cpi)] for cpi in ("60", "45", "30", "0")]
        assert by_cpi == sorted(by_cpi)


def test_every_crosswalk_leads_to_a_known_sector() -> None:
    sectors = {row["sector_key"] for row in rows("sector")}

    assert {row["sector_key"] for row in rows("sector_crosswalk")} <= sectors
    assert {row["sector_key"] for row in rows("good_sector")} <= {
        row["sector_key"] for row in rows("sector") if row["on_goods_list"] == "true"
    }


def test_survey_thresholds_have_a_default_and_name_known_indicators() -> None:
    thresholds = {row["indicator_id"]: float(row["threshold"]) for row in rows("survey_threshold")}

    assert "*" in thresholds
    assert set(thresholds) - {"*"} <= {row["indicator_id"] for row in rows("indicator")}
    assert all(0 < value < 1 for value in thresholds.values())


def test_bands_end_in_rules_that_leave_no_supplier_out() -> None:
    rules = sorted(rows("band_rule"), key=lambda row: int(row["rule_order"]))
    last = rules[-1]

    assert len({row["rule_order"] for row in rules}) == len(rules)
    assert last["band"] == "Unknown"
    assert last["score_below"] == next(row for row in rules if row["rule_id"] == "middle_score")["score_minimum"]


def test_the_rule_shown_is_the_one_that_decides_whatever_the_score() -> None:
    order = {row["rule_id"]: int(row["rule_order"]) for row in rows("band_rule")}

    assert max(order["debarment_in_force"], order["strong_severe_indicator"]) < order["high_score"]
    assert order["high_score"] < order["raised_score_and_severe"]


def test_a_sector_that_the_list_of_goods_cannot_rate_has_a_prior_that_says_so() -> None:
    for row in rows("sector"):
        if row["on_goods_list"] == "true":
            assert not row["prior_level"]
        else:
            assert row["prior_level"] in {"1", "2", "3", "4"}
            assert row["prior_level_source"] == "expert judgement (prior), no source"


def test_regions_are_written_with_their_country_and_named_once() -> None:
    regions = rows("country_region")

    assert all(row["region_code"].startswith(f"{row['country_code']}-") for row in regions)
    assert len({(row["country_code"], row["region_name"]) for row in regions}) == len(regions)
