"""The seeds of the rules on buying: complete, sourced, and each number used."""

import csv
import re
from datetime import date
from itertools import pairwise

from tierline.run import PROJECT

DBT = PROJECT / "dbt_project"


def rows(name: str) -> list[dict[str, str]]:
    with (DBT / "seeds" / "procurement" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_sector_says_whether_it_is_labour_intensive_and_why() -> None:
    with (DBT / "seeds" / "crosswalks" / "sector.csv").open(encoding="utf-8", newline="") as stream:
        sectors = [row["sector_key"] for row in csv.DictReader(stream)]
    told = rows("labour_intensive_sector")
    assert sorted(row["sector_key"] for row in told) == sorted(sectors)
    assert all(row["reason"] and row["is_labour_intensive"] in {"true", "false"} for row in told)


def test_every_number_of_the_rules_is_asked_for_by_a_model_and_the_other_way_round() -> None:
    models = "".join(path.read_text(encoding="utf-8") for path in (DBT / "models").glob("*/*.sql"))
    asked = {
        name for names in re.findall(r"procurement_rules\(\[(.*?)\]\)", models) for name in re.findall(r"\w+", names)
    }
    assert asked == {row["name"] for row in rows("procurement_rule")}


def test_the_numbers_of_the_method_stand_as_it_says() -> None:
    value = {row["name"]: float(row["value"]) for row in rows("procurement_rule")}
    assert (value["labour_floor_factor"], value["minimum_peers"], value["fence_factor"]) == (1.1, 20, 1.5)
    assert (value["lead_time_ratio"], value["late_change_share"], value["payment_days"]) == (0.7, 0.2, 60)
    assert value["subcontract_depth_minimum"] == 2


def test_labour_costs_of_a_country_follow_each_other_and_never_fall() -> None:
    by_country: dict[str, list[dict[str, str]]] = {}
    for row in rows("labour_cost"):
        by_country.setdefault(row["country_code"], []).append(row)
    for told in by_country.values():
        ordered = sorted(told, key=lambda row: row["valid_from"])
        for one, following in pairwise(ordered):
            assert date.fromisoformat(one["valid_until"]) < date.fromisoformat(following["valid_from"])
            assert float(one["hourly_cost"]) < float(following["hourly_cost"])
            assert one["currency"] == following["currency"]


def test_a_labour_cost_names_the_law_or_the_page_that_tells_it() -> None:
    for row in rows("labour_cost"):
        assert re.search(r"\d{4}|\w+\.\w{2,}", row["source"]), row
        assert "left out" in row["basis"]
