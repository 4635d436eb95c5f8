"""The step: from the warehouse to the schema `scores`, whole or not at all."""

import json

import polars as pl
import pytest

from scoring import reading, steps
from scoring.confirmed_rate import PEER_CASE
from scoring.contested import CONTESTED_FACT
from scoring.tables import (
    NEXT_FACT,
    REVIEW_CANDIDATE,
    REVIEW_QUEUE,
    SCORE_EVIDENCE,
    SITE_SCORE,
    SUPPLIER_ANOMALY,
    SUPPLIER_INDICATOR,
    SUPPLIER_SCORE,
)
from tests.unit.scoring.network_tables import network_tables
from tierline.errors import ConfigError, ContractError
from tierline.run import PROJECT, Run
from tierline.settings import Settings
from tierline.warehouse import connect

TABLES = {
    "next_fact": NEXT_FACT,
    "review_candidate": REVIEW_CANDIDATE,
    "review_queue": REVIEW_QUEUE,
    "score_evidence": SCORE_EVIDENCE,
    "site_score": SITE_SCORE,
    "supplier_anomaly": SUPPLIER_ANOMALY,
    "supplier_indicator": SUPPLIER_INDICATOR,
    "supplier_score": SUPPLIER_SCORE,
}


def nothing_to_follow_up():
    """Gives the tables of objections and actions where there are none, and the deadlines of the seed."""
    entry = dict.fromkeys(("entry", "action_id", "owner_role", "outcome", "currency", "by_role"), pl.String)
    known = dict.fromkeys(("action_id", "supplier_id", "rule_id", "addressee", "action"), pl.String)
    amounts = {"entry_no": pl.Int64, "amount": pl.Decimal(20, 2), "workers": pl.Int64}
    return {
        "features.ftr_contested_fact": pl.DataFrame(schema=CONTESTED_FACT),
        "features.ftr_contest": pl.DataFrame(schema={"due_on": pl.Date, "is_overdue": pl.Boolean}),
        "features.ftr_contest_problem": pl.DataFrame(
            schema=dict.fromkeys(("contest_id", "problem", "explanation"), pl.String)
        ),
        "features.ftr_action_entry": pl.DataFrame(
            schema={**entry, **amounts, "due_on": pl.Date, "happened_on": pl.Date}
        ),
        "features.ftr_known_action": pl.DataFrame(schema={**known, "opened_on": pl.Date, "is_asked": pl.Boolean}),
        "seeds.action_deadline": pl.read_csv(PROJECT / "dbt_project" / "seeds" / "action" / "action_deadline.csv"),
    }


@pytest.fixture
def run(tmp_path, portfolio):
    settings = Settings.model_validate({"home": tmp_path, "sources": [{"id": "any", "path": "any.csv"}]})
    return Run(run_id="test", as_of=portfolio.as_of, settings=settings)


@pytest.fixture
def warehouse(run, seeds, portfolio):
    sites = [portfolio.site(supplier_id=f"S{n}", site_id=f"F{n}", country_level=float(n % 6 + 1)) for n in range(6)]
    facts = [
        portfolio.adverse("F05", supplier_id="S1", site_id="F1"),
        portfolio.adverse("F07", supplier_id="S3", site_id="F3", source_type="single_media"),
        portfolio.clean("F07", supplier_id="S4", site_id="F4", source_type="offsite_survey"),
    ]
    features = portfolio.features(facts, sites=sites)
    tables = {
        "features.ftr_site": features.sites.with_columns(pl.lit("textiles").alias("sector_key")),
        "features.ftr_indicator_fact": features.facts,
        "features.ftr_not_applicable": features.not_applicable,
        "features.ftr_not_assessable": features.not_assessable,
        "features.ftr_peer_case": pl.DataFrame(
            schema={**dict.fromkeys(("supplier_id", "site_id"), pl.String), **PEER_CASE}
        ),
        **nothing_to_follow_up(),
        "features.ftr_supplier": pl.DataFrame(
            {"supplier_id": [f"S{n}" for n in range(6)], "spend_total": [1.0, 2.0, 3.0, 4.0, 500.0, None]}
        ),
        "features.ftr_sales_share": pl.DataFrame(
            {"supplier_id": ["S4"], "sales_share": [0.4], "sales_share_reason": [None]}
        ),
        "marts.fct_survey_indicator": pl.DataFrame(
            {"supplier_id": ["S0"], "facility_id": ["F0"], "indicator_id": ["F07"], "class": ["undetermined"]}
        ),
        "marts.fct_list_match": pl.DataFrame(
            {"supplier_id": ["S2", "S2", "S3"], "match_status": ["possible", "possible", "rejected"]}
        ),
        **network_tables(owned=("S2", "S5"), listed=("S5",)),
        **{f"seeds.{name}": seed for name, seed in seeds.items()},
    }
    write(run, tables)
    return run


def write(run, tables):
    with connect(run.home.warehouse) as connection:
        for name, frame in tables.items():
            schema = name.split(".")[0]
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            connection.register("frame", frame.to_arrow())
            connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM frame")
            connection.unregister("frame")


def read(run, table):
    with connect(run.home.warehouse, read_only=True) as connection:
        return connection.sql(f"FROM scores.{table}").pl()


def test_the_tables_have_the_columns_that_are_promised(warehouse):
    steps.score(warehouse)
    for name, schema in TABLES.items():
        assert dict(read(warehouse, name).schema) == dict(schema)


def test_the_outcome_counts_bands_and_is_kept(warehouse):
    outcome = steps.score(warehouse)
    assert sum(outcome["bands"].values()) == outcome["suppliers"] == 6
    assert outcome["bands"]["Critical"] == 1
    assert json.loads(warehouse.outcome_path("score").read_text()) == outcome


def test_too_many_critical_suppliers_are_a_warning(warehouse, portfolio):
    assert "16.7% of suppliers are Critical" in steps.score(warehouse)["warnings"][0]
    write(warehouse, {"features.ftr_indicator_fact": portfolio.features([]).facts})
    assert steps.score(warehouse)["warnings"] == []


def test_scoring_again_or_in_parts_gives_the_same_tables(warehouse, monkeypatch):
    steps.score(warehouse)
    first = {name: read(warehouse, name) for name in TABLES}
    monkeypatch.setattr(reading, "_SUPPLIERS_AT_ONCE", 2)
    steps.score(warehouse)
    for name, frame in first.items():
        assert frame.equals(read(warehouse, name)), name


def test_a_step_that_fails_leaves_the_scores_before_it(warehouse, portfolio):
    steps.score(warehouse)
    before = read(warehouse, "supplier_score")
    wrong = portfolio.features([portfolio.adverse("F07", supplier_id="S5", site_id="F5", source_type="rumour")]).facts
    write(warehouse, {"features.ftr_indicator_fact": wrong})
    with pytest.raises(ConfigError, match="rumour"):
        steps.score(warehouse)
    assert before.equals(read(warehouse, "supplier_score"))


def test_a_supplier_without_a_site_is_refused(warehouse):
    suppliers = pl.DataFrame({"supplier_id": ["S0", "stray"], "spend_total": [1.0, 1.0]})
    write(warehouse, {"features.ftr_supplier": suppliers})
    with pytest.raises(ContractError, match="stray"):
        steps.score(warehouse)


def test_unconfirmed_matches_are_counted_and_change_nothing(warehouse):
    steps.score(warehouse)
    rows = read(warehouse, "supplier_score").rows_by_key("supplier_id", named=True, unique=True)
    assert [rows[name]["unconfirmed_match_count"] for name in ("S1", "S2", "S3")] == [0, 2, 0]
    assert (
        rows["S2"]["raw_score"]
        == rows["S2"]["score"]
        == read(warehouse, "score_evidence").filter(supplier_id="S2")["contribution"].sum()
    )


def test_a_survey_that_could_not_decide_is_told_and_bears_nothing(warehouse):
    steps.score(warehouse)
    rows = read(warehouse, "supplier_indicator").filter(supplier_id="S0", indicator_id="F07").to_dicts()
    assert [row["state"] for row in rows] == ["not assessable"]
    assert "could not decide" in rows[0]["reason"]
    assert len(read(warehouse, "score_evidence").filter(supplier_id="S0")) == 1


def test_every_supplier_adds_up_and_has_a_place_in_the_list(warehouse):
    steps.score(warehouse)
    suppliers = read(warehouse, "supplier_score")
    evidence = read(warehouse, "score_evidence").join(
        suppliers, left_on=["supplier_id", "site_id"], right_on=["supplier_id", "worst_site_id"]
    )
    sums = evidence.group_by("supplier_id").agg(pl.col("contribution").sum(), pl.col("raw_score").first())
    assert ((sums["contribution"] - sums["raw_score"]).abs() < 1e-9).all()
    assert sorted(suppliers["review_rank"]) == list(range(1, 7))
    assert suppliers.sort("review_rank")["supplier_id"][0] == "S1"


def test_an_empty_warehouse_gives_empty_tables(run, seeds, portfolio):
    empty = portfolio.features([], sites=[])
    write(
        run,
        {
            "features.ftr_site": empty.sites.with_columns(pl.lit("").alias("sector_key")),
            "features.ftr_indicator_fact": empty.facts,
            "features.ftr_not_applicable": empty.not_applicable,
            **nothing_to_follow_up(),
            "features.ftr_supplier": pl.DataFrame(schema={"supplier_id": pl.String, "spend_total": pl.Float64}),
            "features.ftr_sales_share": pl.DataFrame(
                schema={"supplier_id": pl.String, "sales_share": pl.Float64, "sales_share_reason": pl.String}
            ),
            "marts.fct_survey_indicator": pl.DataFrame(
                schema=dict.fromkeys(("supplier_id", "facility_id", "indicator_id", "class"), pl.String)
            ),
            "marts.fct_list_match": pl.DataFrame(schema={"supplier_id": pl.String, "match_status": pl.String}),
            **network_tables(),
            **{f"seeds.{name}": seed for name, seed in seeds.items()},
        },
    )
    assert steps.score(run)["suppliers"] == 0
    assert read(run, "supplier_score").is_empty()


def test_exposure_over_ties_joins_the_facts_and_its_path_is_written(warehouse):
    steps.score(warehouse)
    (row,) = read(warehouse, "score_evidence").filter(indicator_id="W01", kind="adverse").to_dicts()
    assert (row["supplier_id"], row["source_table"], row["source_key"]) == ("S2", "fct_network_edge", "row of eS2")
    assert row["contribution"] == pytest.approx(row["points"] * 0.6, abs=1e-9)
    assert row["description"].endswith(
        "S5 Ltd (A01, a list) is owned or controlled by Holding, which owns or controls S2 Ltd"
    )
    assert read(warehouse, "network_exposure")["points"].to_list() == [row["points"]]
    assert read(warehouse, "network_exposure_step")["to_party_id"].to_list() == ["C1", "S2"]
    states = read(warehouse, "supplier_indicator").filter(indicator_id="W01")
    assert dict(states.select("supplier_id", "state").iter_rows()) == {
        "S5": "absent",
        "S2": "present",
        **dict.fromkeys(("S0", "S1", "S3", "S4"), "not assessable"),
    }
