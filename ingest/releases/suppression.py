"""Which cells of a wave and indicator may be told: first by their own counts, then by what all told ones give away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.releases.bounds import Matrix, Told, narrow_targets
from ingest.releases.rate_rule import LEAST_COUNT, NOISE_LIMIT, STEP_PERCENT


@dataclass(frozen=True)
class Block:
    """All cells of one wave and indicator.

    `sizes`: respondents of the finest groups (country and sector). `members`: a row a cell, which finest groups it has.
    `noisy`: adverse respondents of each cell with its noise. `may_be_told`: whether nothing else forbids to tell it.
    """

    sizes: Matrix
    members: Matrix
    noisy: Matrix
    may_be_told: NDArray[np.bool_]

    @property
    def respondents(self) -> Matrix:
        """Respondents of each cell."""
        counted: Matrix = self.members @ self.sizes
        return counted


def rates_percent(adverse: Matrix, respondents: Matrix) -> Matrix:
    """Gives rates to the nearest 5 %, half upwards, and never 0 or 100."""
    nearest = np.floor(adverse / np.maximum(respondents, 1) * 100 / STEP_PERCENT + 0.5) * STEP_PERCENT
    rates: Matrix = np.clip(nearest, STEP_PERCENT, 100 - STEP_PERCENT)
    return rates


def cells_told(block: Block) -> NDArray[np.bool_]:
    """Gives which cells may be told.

    A count must keep `LEAST_COUNT` on either side whatever its noise was. Then cells are taken back, the smallest that
    overlaps first, until no count of any cell or finest group, told or not, can be bounded to fewer than ten
    respondents (all of them, where it has fewer). Only noisy counts and sizes decide, so that what is suppressed
    tells no more of an answer than what is told.
    """
    least, size = LEAST_COUNT + NOISE_LIMIT, block.respondents
    told = block.may_be_told & (block.noisy >= least) & (size - block.noisy >= least)
    targets = np.vstack([block.members, np.eye(len(block.sizes))])
    targets = np.unique(targets[(targets @ block.sizes) > 0], axis=0)
    needed = np.minimum(targets @ block.sizes, LEAST_COUNT)
    while told.any():
        narrow = narrow_targets(what_is_told(block, told), targets, needed)
        if not narrow.any():
            break
        told[_next_to_suppress(block, told, targets[np.flatnonzero(narrow)[0]])] = False
    return told


def what_is_told(block: Block, told: NDArray[np.bool_]) -> Told:
    """Gives what a reader knows who knows all rules, all sizes and the told rates, but not the noise."""
    size = block.respondents[told]
    percent = rates_percent(block.noisy[told], size)
    half = STEP_PERCENT / 2
    lowest = np.where(percent <= STEP_PERCENT, 0, percent - half) / 100 * size
    highest = np.where(percent >= 100 - STEP_PERCENT, 100, percent + half) / 100 * size
    return Told(
        block.sizes,
        block.members[told],
        np.maximum(lowest - NOISE_LIMIT, LEAST_COUNT),
        np.minimum(highest + NOISE_LIMIT, size - LEAST_COUNT),
    )


def _next_to_suppress(block: Block, told: NDArray[np.bool_], target: Matrix) -> int:
    overlaps = told & ((block.members * target) @ block.sizes > 0)
    choice = np.flatnonzero(overlaps if overlaps.any() else told)
    return int(choice[np.argmin(block.respondents[choice])])
