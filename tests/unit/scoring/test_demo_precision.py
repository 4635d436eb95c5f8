"""The arithmetic of the precision benchmark, on figures small enough to check by hand."""

import importlib.util
from pathlib import Path

import polars as pl
import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "demo_precision.py"


@pytest.fixture(scope="module")
def benchmark():
    import sys

    spec = importlib.util.spec_from_file_location("demo_precision", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules["demo_precision"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["demo_precision"]


def test_precision_averages_over_ties(benchmark):
    ranking = pl.DataFrame({"affected": [True, True, False, False, False], "figure": [9, 5, 5, 5, 1]})
    assert benchmark.expected_precision(ranking, "figure", 1) == 1
    assert benchmark.expected_precision(ranking, "figure", 2) == pytest.approx((1 + 1 / 3) / 2)
    assert benchmark.expected_precision(ranking, "figure", 5) == pytest.approx(2 / 5)


def test_an_order_of_nothing_but_ties_gives_the_base_rate(benchmark):
    ranking = pl.DataFrame({"affected": [True, False, False, False], "figure": [0, 0, 0, 0]})
    assert benchmark.expected_precision(ranking, "figure", 2) == 0.25


def test_the_interval_is_that_of_student(benchmark):
    found = benchmark.estimate([0.2, 0.4, 0.6])
    assert found.mean == pytest.approx(0.4)
    assert found.high - found.mean == pytest.approx(4.30265273 * 0.2 / 3**0.5)


def test_the_table_says_synthetic_and_names_the_orders_beside_it(benchmark):
    same = {**dict.fromkeys(benchmark.MEASURES, 0.9), "flag_count": 0.4, "inherent": 0.1, "random": 0.05}
    results = [
        {**same, "Tierline": 0.5, "affected": 9, "reviewed": 10},
        {**same, "Tierline": 0.6, "affected": 11, "reviewed": 10},
    ]
    text = benchmark.markdown(results, 100, range(1, 3))
    assert text.count("ynthetic") >= 3
    assert "random" in text
    assert "| number of adverse facts | 0.400 (0.400 to 0.400) | 0.150" in text
    assert "could reach here: 0.950" in text
    assert "| B-cubed F1 | 0.900 (0.900 to 0.900) |" in text
