"""Small portfolios in memory, and the catalogue as the seeds of the project give it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scoring.catalogue import Catalogue, build_catalogue, read_seed_files
from scoring.inherent import portfolio_medians
from scoring.score import Features, Scores, scored
from scoring.tables import NETWORK_FACT

AS_OF = date(2026, 11, 21)
SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds" / "catalogue"

SITE_SCHEMA = {
    "supplier_id": pl.String,
    "site_id": pl.String,
    "is_unknown_site": pl.Boolean,
    "site_name": pl.String,
    "country_code": pl.String,
    "sector_key": pl.String,
    "good": pl.String,
    "country_level": pl.Float64,
    "sector_level": pl.Float64,
    "good_level": pl.Float64,
    "migrant_share": pl.Float64,
    "agency_share": pl.Float64,
}
FACT_SCHEMA = {
    **NETWORK_FACT,
    "release_id": pl.String,
    "set_aside_reason": pl.String,
    "is_coached": pl.Boolean,
    "respondents_at_least": pl.Int64,
    "interviewed_workers": pl.Int64,
}
UNDETERMINED_SCHEMA = dict.fromkeys(("supplier_id", "site_id", "indicator_id"), pl.String)
NOT_ASSESSABLE_SCHEMA = dict.fromkeys(("supplier_id", "site_id", "indicator_id", "missing"), pl.String)
NOT_APPLICABLE_SCHEMA = dict.fromkeys(("supplier_id", "site_id", "indicator_id", "reason"), pl.String)

_SITE = {
    "supplier_id": "S1",
    "site_id": "F1",
    "is_unknown_site": False,
    "site_name": "One",
    "country_code": "XA",
    "sector_key": "textiles",
    "good": "garments",
    "country_level": 3.0,
    "sector_level": 2.0,
    "good_level": 0.0,
}
_FACT = {
    "supplier_id": "S1",
    "site_id": "F1",
    "kind": "adverse",
    "strength": "S",
    "source_type": "unannounced_audit",
    "event_date": AS_OF,
    "in_force": False,
    "confirmed_by": "reported",
    "second_hand": False,
    "contested": False,
    "closure_verified_by_workers": False,
}

Row = dict[str, Any]


class Portfolio:
    """Builds features from a few words and scores them."""

    as_of = AS_OF

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def site(self, **values: Any) -> Row:
        return {**_SITE, **values}

    def adverse(self, indicator: str, **values: Any) -> Row:
        return {**_FACT, "indicator_id": indicator, **values}

    def clean(self, indicator: str, **values: Any) -> Row:
        return {**_FACT, "indicator_id": indicator, "kind": "clean", "strength": None, **values}

    def undetermined(self, *indicators: str) -> pl.DataFrame:
        keys = [{"supplier_id": "S1", "site_id": "F1", "indicator_id": name} for name in indicators]
        return pl.DataFrame(keys, schema=UNDETERMINED_SCHEMA)

    def not_assessable(self, *rows: Row) -> pl.DataFrame:
        return pl.DataFrame([{"supplier_id": "S1", **row} for row in rows], schema=NOT_ASSESSABLE_SCHEMA)

    def features(
        self, facts: list[Row], sites: list[Row] | None = None, not_applicable: list[Row] | None = None
    ) -> Features:
        numbered = [{"fact_id": f"fact{number}", **fact} for number, fact in enumerate(facts)]
        return Features(
            sites=pl.DataFrame([self.site()] if sites is None else sites, schema=SITE_SCHEMA),
            facts=pl.DataFrame(numbered, schema=FACT_SCHEMA),
            not_applicable=pl.DataFrame(not_applicable or [], schema=NOT_APPLICABLE_SCHEMA),
            undetermined=self.undetermined(),
            not_assessable=self.not_assessable(),
        )

    def score(
        self, facts: list[Row], sites: list[Row] | None = None, not_applicable: list[Row] | None = None
    ) -> Scores:
        return self.score_features(self.features(facts, sites, not_applicable))

    def score_features(self, features: Features, as_of: date = AS_OF) -> Scores:
        medians = portfolio_medians(features.sites, self.catalogue.inherent)
        return scored(features, medians, self.catalogue, as_of)

    def raw(self, facts: list[Row]) -> float:
        return float(self.score(facts).suppliers["raw_score"][0])

    def base(self) -> float:
        return self.raw([])


@pytest.fixture(scope="session")
def seeds() -> dict[str, pl.DataFrame]:
    return read_seed_files(SEEDS)


@pytest.fixture(scope="session")
def catalogue(seeds: dict[str, pl.DataFrame]) -> Catalogue:
    return build_catalogue(seeds)


@pytest.fixture(scope="session")
def portfolio(catalogue: Catalogue) -> Portfolio:
    return Portfolio(catalogue)


@pytest.fixture(scope="session")
def state_of() -> Callable[[Scores, str], Row]:
    def find(scores: Scores, indicator: str, site: str = "F1") -> Row:
        rows = scores.indicators.filter((pl.col("indicator_id") == indicator) & (pl.col("site_id") == site))
        return rows.to_dicts()[0]

    return find
