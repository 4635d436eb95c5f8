"""The fence of others, made of ranks alone, is that of quartiles taken over all values but one's own."""

import duckdb
import numpy as np
import polars as pl
import pytest
from jinja2 import Environment

from tierline.run import PROJECT

MACROS = PROJECT / "dbt_project" / "macros" / "procurement.sql"
QUERY = """
WITH rules AS (SELECT 20 AS minimum_peers, 1.5 AS fence_factor),
peer_values AS (SELECT * FROM told),
{fences}
SELECT * FROM peer_fences ORDER BY peer_group, member_id
"""


def fences(values: pl.DataFrame) -> list[tuple[str, str, int, float | None]]:
    """Runs the macro as dbt would, over rows of (peer_group, member_id, value_id, value)."""
    macros = MACROS.read_text(encoding="utf-8")
    call = "{{ fences_of_others('peer_values', 'rules') }}"
    sql = QUERY.format(fences=Environment().from_string(macros + call).render())  # noqa: S701 - SQL, not HTML
    with duckdb.connect() as connection:
        connection.register("told", values.to_arrow())
        return connection.execute(sql).fetchall()


def by_hand(values: pl.DataFrame) -> list[tuple[str, str, int, float | None]]:
    rows = []
    for group, member in sorted(set(values.select("peer_group", "member_id").iter_rows())):
        others = values.filter((pl.col("peer_group") == group) & (pl.col("member_id") != member))["value"].to_numpy()
        fence = None
        if len(others) >= 20:
            first, third = np.quantile(others, [0.25, 0.75])
            fence = third + 1.5 * (third - first)
        rows.append((group, member, len(others), fence))
    return rows


@pytest.mark.parametrize("seed", range(8))
def test_fences_are_those_of_quartiles_over_the_values_of_others(seed: int) -> None:
    draws = np.random.default_rng(seed)
    count = int(draws.integers(30, 400))
    values = pl.DataFrame(
        {
            "peer_group": [f"g{place}" for place in draws.integers(0, 3, count)],
            "member_id": [f"m{place}" for place in draws.integers(0, 1 + count // int(draws.integers(1, 30)), count)],
            "value_id": [f"v{place}" for place in range(count)],
            # rounded, so that many are tied
            "value": np.round(draws.exponential(size=count), 1),
        }
    )
    found, expected = fences(values), by_hand(values)
    assert [row[:3] for row in found] == [row[:3] for row in expected]
    for one, other in zip(found, expected, strict=True):
        assert one[3] == pytest.approx(other[3], abs=1e-8) if other[3] is not None else one[3] is None


def test_one_who_holds_most_values_cannot_move_its_own_fence() -> None:
    others = [("g", f"o{place}", f"o{place}", 0.05) for place in range(20)]
    own = [("g", "m", f"m{place}", 9.0) for place in range(100)]
    values = pl.DataFrame([*others, *own], schema=["peer_group", "member_id", "value_id", "value"], orient="row")
    (mine,) = [row for row in fences(values) if row[1] == "m"]
    assert mine[2] == 20
    assert mine[3] == pytest.approx(0.05)
