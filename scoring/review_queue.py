"""Whom to review with a given capacity: most by severity and what a look would tell, some by a stratified draw."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from scoring.tables import REVIEW_QUEUE, conform

PRIORITY, RANDOM = "priority", "random"
_DRAWN_IN_TURN = "Drawn at random within its stratum, so that the queue also shows what the order would never look at"
_STREAM = 0x5245_5649
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class DrawRule:
    """How much of the queue is drawn at random, and how the draw is spread over strata.

    A stratum of N suppliers gets a share of the draw that grows with N^power: 1 is proportional, 0 the same for each.
    """

    random_share: float
    power: float


def draw_rule(parameters: Mapping[str, float]) -> DrawRule:
    """Gives the rule of the draw from the seed `score_parameter` as name → value."""
    return DrawRule(parameters["review_random_share"], parameters["review_allocation_power"])


def review_queue(candidates: pl.DataFrame, capacity: int, rule: DrawRule, seed: int) -> pl.DataFrame:
    """Gives the queue of so many suppliers (fewer where there are fewer), with the columns of REVIEW_QUEUE.

    `candidates` has a row a supplier: priority_rank from 1, stratum, reason, severity, information, leverage. The first
    by rank are in the queue for certain; the rest of the places is drawn among all others. `propensity` is the chance
    of being in the queue, so that 1/propensity weighs a row up to the suppliers that it stands for. The same arguments
    give the same queue. Drawn rows stand evenly between the others, so that a queue cut short keeps its share of them.
    """
    places = min(capacity, candidates.height)
    drawn_places = _random_places(places, candidates.height, rule.random_share)
    ordered = candidates.sort("priority_rank")
    first = ordered.head(places - drawn_places).with_columns(
        pl.lit(PRIORITY).alias("chosen_by"), pl.lit(1.0).alias("propensity")
    )
    drawn = _drawn(ordered.slice(places - drawn_places), drawn_places, rule.power, seed).with_columns(
        pl.lit(RANDOM).alias("chosen_by"), pl.lit(_DRAWN_IN_TURN).alias("reason")
    )
    queue = pl.concat([_spread(first), _spread(drawn)], how="diagonal").sort("place", "chosen_by")
    return conform(queue.with_columns(pl.int_range(1, pl.len() + 1).alias("queue_rank")), REVIEW_QUEUE)


def inclusion_probabilities(sizes: Floats, places: int, power: float) -> Floats:
    """Gives, for strata of these sizes, the chance of each of their suppliers when so many are drawn.

    Places are shared among strata by size^power, after Bankier's power allocation (The American Statistician 42, 1988);
    a stratum never gets more places than it has suppliers, and what it cannot take goes to the others.
    """
    shares = sizes**power
    taken = np.zeros_like(sizes)
    full = np.zeros(sizes.shape, dtype=bool)
    while not full.all():
        left = places - sizes[full].sum()
        taken = np.where(full, sizes, left * shares / shares[~full].sum())
        over = ~full & (taken >= sizes)
        if not over.any():
            break
        full |= over
        taken = np.where(full, sizes, taken)
    return np.asarray(np.minimum(taken / sizes, 1.0), dtype=np.float64)


def _random_places(places: int, candidates: int, share: float) -> int:
    """Gives the nearest whole number to the share; none where all suppliers have a place anyway."""
    return 0 if places >= candidates else int(np.floor(places * share + 0.5))


def _drawn(others: pl.DataFrame, places: int, power: float, seed: int) -> pl.DataFrame:
    """Draws systematically along the strata, each in a random order (Madow, 1949): chances are exact, the sum fixed."""
    if places == 0:
        return others.clear().with_columns(pl.lit(None, pl.Float64).alias("propensity"))
    chance = np.random.default_rng(np.random.SeedSequence([seed, _STREAM]))
    strata = others.group_by("stratum").len().sort("stratum")
    probabilities = inclusion_probabilities(strata["len"].cast(pl.Float64).to_numpy(), places, power)
    strata = strata.with_columns(
        pl.Series("propensity", probabilities), pl.Series("stratum_order", chance.permutation(strata.height))
    )
    shuffled = (
        others.sort("supplier_id")
        .with_columns(pl.Series("unit_order", chance.permutation(others.height)))
        .join(strata.drop("len"), on="stratum")
        .sort("stratum_order", "unit_order")
    )
    ends = np.cumsum(shuffled["propensity"].to_numpy())
    points_before = np.ceil(ends * (places / ends[-1]) - chance.random())
    drawn = shuffled.filter(pl.Series(np.diff(points_before, prepend=0.0) > 0)).drop("unit_order", "stratum_order")
    return drawn[chance.permutation(drawn.height)]


def _spread(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(((pl.int_range(pl.len()) + 0.5) / pl.len()).alias("place"))
