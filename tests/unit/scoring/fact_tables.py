"""Whole tables of facts drawn from one seed: every indicator, kind of row and source, at sites and companies."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from scoring.catalogue import Catalogue
from scoring.score import Features

SUPPLIERS = 60
SITES = ("a", "b")
_FACTS = 14
_OLDEST_DAYS = 3000


def drawn_features(portfolio: Any, seed: int, suppliers: int = SUPPLIERS) -> Features:
    """Gives features of suppliers of two sites each, with fourteen facts a supplier on average, all from the seed."""
    chance = np.random.default_rng(seed)
    sites = [
        portfolio.site(
            supplier_id=f"S{n:03}",
            site_id=f"S{n:03}{site}",
            country_level=_one(chance, [None, 1.0, 3.0, 6.0]),
            sector_level=_one(chance, [None, 1.0, 2.5, 4.0]),
        )
        for n in range(suppliers)
        for site in SITES
    ]
    facts = [_fact(portfolio, chance, suppliers) for _ in range(_FACTS * suppliers)]
    return portfolio.features(facts, sites=sites)


def more_facts(portfolio: Any, seed: int, kind: str, suppliers: int = SUPPLIERS) -> pl.DataFrame:
    """Gives one further fact of that kind for every supplier, whose id may stand before or after all others."""
    chance = np.random.default_rng([seed, 1])
    rows = [
        {
            **_fact(portfolio, chance, suppliers, kind),
            "supplier_id": f"S{n:03}",
            "fact_id": f"{_one(chance, ['a', 'z'])} more {n}",
        }
        for n in range(suppliers)
    ]
    placed = [{**row, "site_id": row["site_id"] and row["supplier_id"] + row["site_id"][-1]} for row in rows]
    return portfolio.features(placed, sites=[]).facts


def with_facts(features: Features, facts: pl.DataFrame) -> Features:
    """Gives the features with those facts in place of theirs."""
    return replace(features, facts=facts)


def _fact(portfolio: Any, chance: np.random.Generator, suppliers: int, kind: str | None = None) -> dict[str, Any]:
    catalogue: Catalogue = portfolio.catalogue
    kind = kind or _one(chance, ["adverse", "clean", "clean", "mitigation"])
    supplier = f"S{chance.integers(suppliers):03}"
    site = _one(chance, [*SITES, *SITES, None])
    known = catalogue.indicators.filter(~pl.col("kind").is_in(["inherent", "conflict", "quality", "mitigation"]))
    indicator = "M01" if kind == "mitigation" else _one(chance, known["indicator_id"].to_list())
    age = timedelta(days=int(_OLDEST_DAYS * chance.random() ** 3))
    coached = {"is_coached": _one(chance, [None, False, True])}
    return {
        **portfolio.adverse(indicator, kind=kind, supplier_id=supplier, site_id=site and supplier + site),
        "strength": _one(chance, ["S", "M", "W"]) if kind == "adverse" else None,
        "source_type": _one(chance, catalogue.sources["source_type"].to_list()),
        "event_date": portfolio.as_of - age,
        "in_force": bool(chance.random() < 0.2),
        "ended_on": _one(chance, [None, portfolio.as_of - age / 2]),
        "origin_event_id": _one(chance, [None, "e1", "e2", "e3"]),
        "confirmed_by": _one(chance, ["reported", "identifier", "verdict"]),
        "second_hand": bool(chance.random() < 0.2),
        "contested": bool(chance.random() < 0.1),
        "closure_verified_by_workers": bool(chance.random() < 0.1),
        "row_points": _row_points(chance, kind),
        "respondents_at_least": _one(chance, [None, 10, 25]),
        **coached,
    }


def _row_points(chance: np.random.Generator, kind: str) -> float | None:
    if kind == "mitigation":
        return float(-chance.integers(4, 11))
    return float(chance.random() * 20) if kind == "adverse" and chance.random() < 0.2 else None


def _one(chance: np.random.Generator, values: list[Any]) -> Any:
    return values[chance.integers(len(values))]
