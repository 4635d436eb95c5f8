"""An objection marks its row and changes no point; one that is upheld sets it aside; one in part opens no gate."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from scoring.contested import CONTESTED_FACT, with_contests

PENDING = {"contest_id": "C1", "objection_pending": True, "decision_due_on": date(2026, 12, 20)}
UPHELD = {"contest_id": "C1", "objection_upheld_on": date(2026, 11, 19)}
IN_PART = {"contest_id": "C1", "partly_upheld": True}
ACT = {"in_force": True, "source_type": "official_order", "confirmed_by": "identifier"}


def scores(portfolio, row, contest=None):
    features = portfolio.features([row])
    told = {"fact_id": features.facts["fact_id"][0], **dict.fromkeys(("objection_pending", "partly_upheld"), False)}
    contested = pl.DataFrame([{**told, **contest}] if contest else [], schema=CONTESTED_FACT)
    return portfolio.score_features(replace(features, facts=with_contests(features.facts, contested)))


@pytest.mark.parametrize("row", [("F07", {}), ("A01", ACT), ("F05", {})])
def test_an_objection_alone_changes_nothing_but_the_mark(portfolio, row):
    fact = portfolio.adverse(row[0], **row[1])
    plain, marked = scores(portfolio, fact), scores(portfolio, fact, PENDING)

    assert marked.suppliers.equals(plain.suppliers)
    (adverse,) = marked.evidence.filter(pl.col("kind") == "adverse").to_dicts()
    assert (adverse["contested"], adverse["contest_id"]) == (True, "C1")
    assert adverse["decision_due_on"] == date(2026, 12, 20)


@pytest.mark.parametrize("row", [("F07", {}), ("A01", ACT)])
def test_an_upheld_objection_sets_the_row_aside_with_its_day(portfolio, row):
    fact = portfolio.adverse(row[0], **row[1])
    silent = portfolio.score([])
    decided = scores(portfolio, fact, UPHELD)

    (adverse,) = decided.evidence.filter(pl.col("kind") == "adverse").to_dicts()
    assert (adverse["contribution"], adverse["set_aside"]) == (0.0, "objection upheld on 2026-11-19")
    assert adverse["bears_on_state"] is False
    assert decided.suppliers["raw_score"][0] == pytest.approx(silent.suppliers["raw_score"][0], abs=1e-9)
    assert decided.suppliers["band"][0] == silent.suppliers["band"][0]


@pytest.mark.parametrize("row", [("F05", {}), ("A01", ACT)])
def test_one_upheld_in_part_counts_and_opens_no_gate(portfolio, row):
    fact = portfolio.adverse(row[0], **row[1])
    plain, decided = scores(portfolio, fact), scores(portfolio, fact, IN_PART)

    assert plain.suppliers["band"][0] == "Critical"
    assert decided.suppliers["band"][0] != "Critical"
    assert decided.suppliers["raw_score"][0] == plain.suppliers["raw_score"][0]


def test_an_act_under_appeal_still_opens_no_gate_whoever_else_objects(portfolio):
    assert (
        scores(portfolio, portfolio.adverse("A01", **ACT, contested=True), PENDING).suppliers["band"][0] != "Critical"
    )
