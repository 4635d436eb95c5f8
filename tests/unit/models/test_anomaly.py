"""The anomaly layer: seeded, in shadow, fair to what is missing."""

import polars as pl
import pytest

from models.anomaly import anomalies, feature_names, isolation_forest, robust_z


@pytest.fixture(scope="module")
def suppliers():
    ids = [f"S{n:03}" for n in range(120)]
    return pl.DataFrame(
        {
            "supplier_id": ids,
            "peer_group": ["textiles" if n % 2 else "fishing" for n in range(120)],
            "spend_total": [1000.0 + n % 10 for n in range(119)] + [9000.0],
            "lead_days": [30 + n % 7 if n % 5 else None for n in range(120)],
            "nothing": pl.Series([None] * 120, dtype=pl.Float64),
        }
    )


def test_the_odd_one_ranks_first_and_says_why(suppliers):
    first = anomalies(suppliers, seed=1).sort("anomaly_rank").to_dicts()[0]
    assert (first["supplier_id"], first["top_feature"], first["shadow"]) == ("S119", "spend_total", True)


def test_the_same_seed_gives_the_same_scores_in_any_order_and_another_seed_does_not(suppliers):
    once = anomalies(suppliers, seed=1)
    assert once.equals(anomalies(suppliers.sample(fraction=1, shuffle=True, seed=3), seed=1))
    assert not once["anomaly_score"].equals(anomalies(suppliers, seed=2)["anomaly_score"])


def test_a_missing_value_stands_at_the_median(suppliers):
    robust = robust_z(suppliers, ["lead_days"])
    assert (robust.filter(suppliers["lead_days"].is_null())["lead_days"] == 0).all()


def test_z_is_taken_among_peers_where_there_are_enough():
    levels = [float(n % 5) for n in range(40)] + [float(n % 5) + 100 for n in range(40)] + [2.0]
    groups = ["low"] * 40 + ["high"] * 40 + ["alone"]
    frame = pl.DataFrame({"peer_group": groups, "price": levels})
    robust = robust_z(frame, ["price"])["price"]
    assert robust[:80].abs().max() == pytest.approx(2 / 1.4826)
    assert robust[80] < 0, "one alone is compared with all"


def test_columns_without_a_value_or_of_text_are_no_features(suppliers):
    assert feature_names(suppliers) == ["lead_days", "spend_total"]


def test_a_constant_feature_singles_nobody_out():
    frame = pl.DataFrame({"supplier_id": ["a", "b"], "peer_group": ["x", None], "same": [3, 3]})
    result = anomalies(frame, seed=0)
    assert result["top_feature"].to_list() == [None, None]
    assert result["anomaly_rank"].to_list() == [1, 2]


def test_no_supplier_or_no_feature_gives_an_empty_table(suppliers):
    assert anomalies(suppliers.clear(), seed=0).is_empty()
    assert anomalies(suppliers.select("supplier_id", "peer_group"), seed=0).is_empty()


def test_the_factory_gives_an_unfitted_seeded_forest():
    assert isolation_forest(5).get_params()["random_state"] == 5
    assert not hasattr(isolation_forest(5), "estimators_")
