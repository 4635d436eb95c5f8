"""How much of what could be known is known, and how far to trust it (METHOD §3)."""

import numpy as np
import polars as pl

from scoring.catalogue import Catalogue
from scoring.keys import CELL, NOT_APPLICABLE, OBSERVED
from scoring.ranked_groups import Flags, Floats, added_along, added_in_order, places_within, starts_of
from scoring.states import States


def site_coverage(states: States, ranked: pl.DataFrame, catalogue: Catalogue) -> tuple[Floats, Floats]:
    """Gives coverage and confidence (0–1) of the sites, in the order of their numbers.

    Coverage = Σ points of observed indicators / Σ points of applicable ones. An indicator that no kind of source could
    ever clear enters only once it is observed; one worth no points enters neither figure.
    Confidence = √(coverage × mean over observed indicators of Σ r·f·decay^(j−1), at most 1): the further a row stands
    behind others of its indicator, the less independent it is taken to be.
    """
    indicators = catalogue.indicators
    points = indicators["own_points"].fill_null(0.0).to_numpy()
    is_scored = indicators["own_points"].is_not_null().to_numpy()
    is_eligible = indicators["indicator_id"].is_in(catalogue.eligible["indicator_id"].to_list()).to_numpy()
    observed = states.are(*OBSERVED)
    knowable = ~states.are(NOT_APPLICABLE) & (is_eligible | observed)
    known, could_be_known = added_along(points * (observed & knowable)), added_along(points * knowable)
    coverage = np.where(could_be_known > 0, known / np.where(could_be_known > 0, could_be_known, 1.0), 0.0)
    trust = _trust(ranked, catalogue.parameters["row_decay"], observed.size).reshape(observed.shape)
    return coverage, np.sqrt(coverage * _mean_of(trust, observed & is_scored))


def _mean_of(values: Floats, chosen: Flags) -> Floats:
    """Gives the mean of the chosen values of each row, 0 where none is."""
    rows = np.flatnonzero(chosen.any(axis=1))
    counts = chosen.sum(axis=1)[rows]
    means = np.zeros(len(values))
    means[rows] = added_in_order(values[chosen], np.cumsum(counts) - counts) / counts
    return means


def _trust(ranked: pl.DataFrame, row_decay: float, cells: int) -> Floats:
    rows = (
        ranked.select(CELL, "weight", "counted")
        .filter("counted")
        .sort(CELL, "weight", descending=[False, True], maintain_order=True)
    )
    cell = rows[CELL].to_numpy()
    starts = starts_of(cell)
    shares = rows["weight"].to_numpy() * row_decay ** places_within(cell).astype(np.float64)
    trust = np.zeros(cells)
    trust[cell[starts]] = np.minimum(added_in_order(shares, starts), 1.0)
    return trust
