"""Generated surveys in a store of answers, and the rates that are told of them."""

from collections.abc import Iterator
from datetime import date

import duckdb
import numpy as np
import polars as pl
import pytest

from ingest.releases.rate_ledger import told_rates
from ingest.releases.rates import decide_rates
from ingest.withdrawals import make_withdrawals

KEY = bytes(range(32))
AS_OF = date(2026, 11, 1)
COUNTRIES = ("BD", "IN", "TH", "VN")
SECTORS = ("fishing", "textiles")


def answers(
    seed: int, wave: str = "2026-Q2", source: str = "kobo", sites: int = 24, largest: int = 90, prefix: str = "p"
) -> pl.DataFrame:
    """Answers of a generated survey: two indicators, sites of every size, rates from rare to common."""
    random = np.random.default_rng(seed)
    site = np.repeat(np.arange(sites), random.integers(1, largest, sites))
    rate = random.choice([0.0, 0.05, 0.3, 0.6], sites)[site]
    frames = [
        pl.DataFrame(
            {
                "respondent_key": [f"{prefix}{number}" for number in range(len(site))],
                "facility_ref": [f"site{number}" for number in site],
                "indicator_id": indicator,
                "answer": np.where(random.random(len(site)) < rate, "adverse", "not_adverse"),
            }
        )
        for indicator in ("F01", "F07")
    ]
    return pl.concat(frames).with_columns(
        source_id=pl.lit(source), wave_id=pl.lit(wave), closes_on=pl.lit(closed_on(wave)),
        known_on=pl.lit(None, dtype=pl.Date), supplier_ref=pl.lit("s"),
    )  # fmt: skip


def closed_on(wave: str) -> date:
    """The day on which a quarter's wave is closed."""
    year, quarter = wave.split("-Q")
    return date(int(year), 3 * int(quarter), 28)


def places(sites: int = 24) -> pl.DataFrame:
    """Where the generated sites are."""
    return pl.DataFrame(
        {
            "facility_ref": [f"site{number}" for number in range(sites)],
            "country_code": [COUNTRIES[number % len(COUNTRIES)] for number in range(sites)],
            "sector_key": [SECTORS[number % 3 % len(SECTORS)] for number in range(sites)],
        }
    )


@pytest.fixture
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    """A store with the tables that deciding needs, and no answers."""
    with duckdb.connect() as connection:
        make_withdrawals(connection)
        connection.execute("CREATE TABLE terms (source_name VARCHAR, retention_days BIGINT)")
        connection.execute("INSERT INTO terms VALUES ('kobo', 3650), ('other', 3650)")
        yield connection


def tell(store: duckdb.DuckDBPyConnection, frame: pl.DataFrame, as_of: date = AS_OF, key: bytes = KEY) -> pl.DataFrame:
    """Decides the rates of the answers as they stand, and gives all that were told."""
    store.register("answers", frame)
    store.execute("CREATE OR REPLACE TEMP TABLE last_version AS FROM answers")
    store.unregister("answers")
    decide_rates(store, places(), key, as_of, "run")
    return told_rates(store, ["kobo", "other"], as_of)
