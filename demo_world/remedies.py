"""What was done for workers, and what is only said to have been done: remedy, agreements, access for unions."""

from dataclasses import dataclass

import numpy as np

from demo_world.causes import Truth
from demo_world.companies import Companies, Sites
from demo_world.draws import Draws, Ints, days_after
from demo_world.world import World

KINDS = ("fee repayment", "enforceable worker-driven agreement", "union access")
BY_WORKERS = ("worker-driven monitor", "off-site worker survey", "trade union")
BY_OTHERS = ("auditor", "company", "nobody")
_AFTER_REMEDY, _OTHERWISE, _BOASTED = 0.6, 0.01, 0.02
_LONGEST_DAYS = 400


@dataclass(frozen=True)
class Remedies:
    """Records of mitigation, element by element; `ends_on` is NaT where it is open."""

    site: Ints
    kind: Ints
    by_workers: np.ndarray
    verifier: Ints
    begun_on: np.ndarray
    verified_on: np.ndarray
    ends_on: np.ndarray

    def __len__(self) -> int:
        return len(self.site)


def record(world: World, chunk: int, companies: Companies, sites: Sites, truth: Truth) -> Remedies:
    """Gives the records of the chunk's known sites: real ones mostly after a remedy, boasted ones anywhere."""
    draws = Draws(world.seed, chunk, "remedies")
    known, count = companies.sites_known[sites.company], len(sites)
    remedied = ~np.isnat(truth.remedied_on)
    real = np.flatnonzero(known & draws.chance(np.where(remedied, _AFTER_REMEDY, _OTHERWISE), count))
    boasted = np.flatnonzero(known & draws.chance(_BOASTED, count))
    site = np.concatenate([real, boasted])
    by_workers = np.concatenate([np.ones(len(real), dtype=np.bool_), np.zeros(len(boasted), dtype=np.bool_)])
    begun = days_after(np.full(len(site), world.today), -draws.whole(60, _LONGEST_DAYS, len(site)))
    verified = days_after(begun, draws.whole(5, 55, len(site)))
    ends = days_after(np.full(len(site), world.today), draws.whole(-30, 700, len(site)))
    return Remedies(
        site=site,
        kind=draws.whole(0, len(KINDS) - 1, len(site)),
        by_workers=by_workers,
        verifier=draws.whole(0, len(BY_WORKERS) - 1, len(site)),
        begun_on=begun,
        verified_on=verified,
        ends_on=np.where(draws.chance(0.5, len(site)), ends, np.datetime64("NaT", "D")),
    )
