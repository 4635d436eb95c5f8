"""What NGOs and the media publish about suppliers: some of it true, some copied, some about the wrong one."""

from dataclasses import dataclass

import numpy as np

from demo_world.causes import Truth
from demo_world.companies import Sites
from demo_world.draws import Draws, Ints, days_after
from demo_world.world import World

PUBLISHERS = (
    ("Demo Labour Watch", "ngo"),
    ("Demo Migrants' Rights Centre", "ngo"),
    ("Demo Garment Workers' Union", "trade union"),
    ("The Demo Courier", "media"),
    ("Demo Business Daily", "media"),
)
_TOLD_OF_GUILTY, _TOLD_OF_OTHERS = 0.35, 0.004
_NAMES_THE_VENDOR, _NAMES_THE_SITE, _NAMES_ITS_ORIGIN = 0.75, 0.5, 0.85
_OLDEST_DAYS = 900


@dataclass(frozen=True)
class Reports:
    """Reports, element by element; `origin` numbers who told it first, -1 where the report does not say."""

    company: Ints
    site: Ints
    publisher: Ints
    origin: Ints
    published_on: np.ndarray
    second_hand: np.ndarray
    names_vendor: np.ndarray
    names_site: np.ndarray

    def __len__(self) -> int:
        return len(self.company)


def publish(world: World, chunk: int, sites: Sites, truth: Truth) -> Reports:
    """Gives the reports about the chunk's sites: one to three origins a story, each copied up to twice."""
    draws = Draws(world.seed, chunk, "reports")
    guilty = truth.was_forced_labour
    site = np.flatnonzero(draws.chance(np.where(guilty, _TOLD_OF_GUILTY, _TOLD_OF_OTHERS), len(sites)))
    origins = draws.whole(1, 3, len(site))
    story = np.repeat(np.arange(len(site)), origins)
    first_told = days_after(np.full(len(story), world.today), -draws.whole(5, _OLDEST_DAYS, len(story)))
    copies = draws.whole(0, 2, len(story))
    origin = np.repeat(np.arange(len(story)), copies + 1)
    count = len(origin)
    copy = np.arange(count) - np.repeat(np.cumsum(copies + 1) - (copies + 1), copies + 1)
    later = days_after(first_told[origin], copy * draws.whole(1, 9, count))
    return Reports(
        company=sites.company[site[story[origin]]],
        site=site[story[origin]],
        publisher=np.where(copy == 0, draws.whole(0, 2, count), draws.whole(3, 4, count)),
        origin=np.where(draws.chance(_NAMES_ITS_ORIGIN, count), origin, -1),
        published_on=np.minimum(later, world.today),
        second_hand=copy > 0,
        names_vendor=draws.chance(_NAMES_THE_VENDOR, count),
        names_site=draws.chance(_NAMES_THE_SITE, count),
    )
