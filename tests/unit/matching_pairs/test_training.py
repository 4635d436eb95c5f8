import duckdb
import pytest

from matching.pairs import write_supplier_pairs
from matching.training import train_model
from models.linkage import FEATURES, load_model, model_text
from tests.benchmarks.matching_population import write_population
from tests.unit.matching_pairs.conftest import pair_table, write_suppliers
from tierline.errors import TierlineError


def test_the_same_suppliers_and_seed_give_the_same_model(connection: duckdb.DuckDBPyConnection) -> None:
    write_population(connection, 10_000, seed=5)
    once, twice = (train_model(connection, version="t", seed=3, pairs_for_u=100_000) for _ in range(2))

    assert model_text(once) == model_text(twice)
    for comparison in once.splink["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        assert all(0 < level["m_probability"] <= 1 and 0 < level["u_probability"] <= 1 for level in levels)


def test_after_a_training_the_pairs_are_those_of_before(connection: duckdb.DuckDBPyConnection) -> None:
    write_population(connection, 10_000, seed=5)
    write_supplier_pairs(connection)
    before = pair_table(connection)
    train_model(connection, version="t", seed=3, pairs_for_u=100_000)
    write_supplier_pairs(connection)

    assert pair_table(connection) == before


def test_few_records_train_no_model(connection: duckdb.DuckDBPyConnection) -> None:
    write_suppliers(connection, [{"ref": "a:1", "names": ["ROMASHKA"]}])

    with pytest.raises(TierlineError, match="too few"):
        train_model(connection, version="t", seed=1)


def test_agreement_weighs_more_the_closer_it_is_in_the_stored_model() -> None:
    comparisons = {one["output_column_name"]: one["comparison_levels"] for one in load_model().splink["comparisons"]}

    for feature in FEATURES:
        known = [level for level in comparisons[feature.name] if not level.get("is_null_level")]
        ratios = [level["m_probability"] / level["u_probability"] for level in known]
        assert ratios[0] > 100
        assert ratios[-1] < 1
        if feature.name in ("address", "coordinates"):
            assert ratios == sorted(ratios, reverse=True)


def test_almost_no_automatic_link_is_wrong_on_invented_suppliers(connection: duckdb.DuckDBPyConnection) -> None:
    write_population(connection, 10_000, seed=99)
    write_supplier_pairs(connection)
    row = connection.execute("""
        SELECT count(*), count(*) FILTER (WHERE one.company <> other.company)
        FROM matching.supplier_pair AS pairs
        INNER JOIN truth AS one ON pairs.left_ref = one.supplier_ref
        INNER JOIN truth AS other ON pairs.right_ref = other.supplier_ref
        WHERE pairs.is_automatic
    """).fetchone()

    assert row is not None
    assert row[0] > 2_500
    assert row[1] <= row[0] * 0.002
