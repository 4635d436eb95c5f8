"""An action keeps its id and day while its rule asks for it, ends by a person's word, and comes anew after a break."""

from datetime import date
from typing import Any

import polars as pl

from scoring.follow_up import supplier_actions
from tierline.run import PROJECT

DEADLINES = pl.read_csv(PROJECT / "dbt_project" / "seeds" / "action" / "action_deadline.csv")
KNOWN = {
    **dict.fromkeys(("action_id", "supplier_id", "rule_id", "addressee", "action"), pl.String),
    "opened_on": pl.Date,
    "is_asked": pl.Boolean,
}
ENTRY = {
    **dict.fromkeys(("entry", "action_id", "owner_role", "outcome", "currency", "by_role"), pl.String),
    "entry_no": pl.Int64,
    "due_on": pl.Date,
    "happened_on": pl.Date,
    "workers": pl.Int64,
    "amount": pl.Decimal(20, 2),
}
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def scores(**rules: str) -> pl.DataFrame:
    rows = [{"supplier_id": name, "band_rule": rule, "action": f"do {rule}"} for name, rule in rules.items()]
    return pl.DataFrame(rows).with_columns(pl.lit(None, pl.String).alias("buyer_action"))


def followed(suppliers: pl.DataFrame, before: pl.DataFrame | None, day: date, *entries: dict[str, Any]) -> pl.DataFrame:
    known = pl.DataFrame(schema=KNOWN) if before is None else before.select(*KNOWN)
    numbered = [{"entry_no": number, **entry} for number, entry in enumerate(entries, 1)]
    return supplier_actions(suppliers, known, pl.DataFrame(numbered, schema=ENTRY), DEADLINES, day)


def test_each_rule_has_its_time() -> None:
    asked = scores(S1="credible_violence", S2="forced_labour_observed", S3="high_score", S4="coverage_too_thin")
    due = dict(followed(asked, None, JANUARY).select("supplier_id", "due_on").iter_rows())
    assert due == {"S1": date(2026, 1, 3), "S2": date(2026, 1, 15), "S3": date(2026, 3, 2)}


def test_an_action_keeps_its_id_and_its_day_and_becomes_overdue() -> None:
    first = followed(scores(S1="forced_labour_observed"), None, JANUARY)
    second = followed(scores(S1="forced_labour_observed"), first, FEBRUARY)
    assert second.select("action_id", "opened_on", "due_on").equals(first.select("action_id", "opened_on", "due_on"))
    assert (first["is_overdue"][0], second["is_overdue"][0]) == (False, True)


def test_another_rule_gives_another_action_and_the_first_waits_for_a_word() -> None:
    first = followed(scores(S1="forced_labour_observed"), None, JANUARY)
    second = followed(scores(S1="high_score"), first, FEBRUARY)
    told = {row["rule_id"]: (row["is_asked"], row["state"]) for row in second.to_dicts()}
    assert told == {"forced_labour_observed": (False, "open"), "high_score": (True, "open")}


def test_what_is_done_stays_done_while_the_rule_still_decides_and_comes_anew_after_a_break() -> None:
    asked = scores(S1="credible_violence")
    first = followed(asked, None, JANUARY)
    done = {
        "entry": "done", "action_id": first["action_id"][0], "outcome": "safeguarding_referral_made",
        "happened_on": date(2026, 1, 2),
    }  # fmt: skip
    second = followed(asked, first, FEBRUARY, done)
    assert second.select("state", "outcome", "is_overdue").row(0) == ("done", "safeguarding_referral_made", False)
    assert second.height == 1

    calm = followed(scores(S1="low_score_well_covered"), second, FEBRUARY, done)
    again = followed(asked, calm, MARCH, done)
    assert sorted(again["state"]) == ["done", "open"]
    assert again.filter(pl.col("state") == "open")["opened_on"][0] == MARCH


def test_the_last_assignment_gives_owner_and_day() -> None:
    first = followed(scores(S1="high_score"), None, JANUARY)
    own = {"entry": "assigned", "action_id": first["action_id"][0]}
    told = followed(
        scores(S1="high_score"), first, FEBRUARY,
        {**own, "owner_role": "reviewer"}, {**own, "owner_role": "compliance officer", "due_on": date(2026, 1, 20)},
    )  # fmt: skip
    assert told.select("owner_role", "due_on", "is_overdue").row(0) == ("compliance officer", date(2026, 1, 20), True)


def test_what_the_buyer_must_mend_is_an_action_of_the_buyer() -> None:
    asked = scores(S1="raised_score").with_columns(pl.lit("Mend your lead times").alias("buyer_action"))
    told = {row["addressee"]: row["action"] for row in followed(asked, None, JANUARY).to_dicts()}
    assert told == {"supplier": "do raised_score", "buyer": "Mend your lead times"}


def test_rows_in_any_order_and_runs_again_give_the_same() -> None:
    asked = scores(S1="high_score", S2="credible_violence", S3="raised_score")
    first = followed(asked, None, JANUARY)
    assert followed(asked.reverse(), None, JANUARY).equals(first)
    assert followed(asked, first, JANUARY).equals(first)
