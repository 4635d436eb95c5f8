"""Sums of ranked rows by site, indicator and kind, on arrays: the rows stay, their sizes change (METHOD §2)."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from scoring.keys import SITE_INDICATOR

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

GROUP = [*SITE_INDICATOR, "kind"]


class RankedGroups:
    """Groups of the chosen rows of a frame that is sorted by group, event and fact, with `site_number`."""

    def __init__(self, rows: pl.DataFrame, chosen: Flags) -> None:
        kept = rows.filter(chosen).select(
            *("site_number", "indicator_id", "kind", "indicator_kind"),
            pl.struct(GROUP).rle_id().cast(pl.Int64).alias("group"),
            pl.struct(*GROUP, "event").rle_id().cast(pl.Int64).alias("event"),
        )
        self._places = np.flatnonzero(chosen)
        self._starts = starts_of(kept["event"].to_numpy())
        self._group_of_event = kept["group"].to_numpy()[self._starts]
        self._groups = kept[starts_of(kept["group"].to_numpy())]
        shared = np.bincount(self._group_of_event, minlength=len(self._groups)) > 1
        self._shared_events = np.flatnonzero(
            shared[self._group_of_event] & ~self.is_kind("mitigation")[self._group_of_event]
        )

    def is_kind(self, kind: str) -> Flags:
        """Says which groups are of that kind."""
        return (self._groups["kind"] == kind).to_numpy()

    def is_indicator_kind(self, kind: str) -> Flags:
        """Says which groups are of an indicator of that kind."""
        return (self._groups["indicator_kind"] == kind).to_numpy()

    def leaders(self, sizes: Floats) -> Integers:
        """Gives the place, among all rows, of the largest row of each event; of equal ones the first."""
        own = sizes[self._places]
        of_event = np.repeat(np.arange(len(self._starts)), np.diff(self._starts, append=len(own)))
        largest = self._largest(sizes)
        first = np.where(own == largest[of_event], np.arange(len(own)), len(own))
        return self._places[np.minimum.reduceat(first, self._starts)] if len(own) else self._places

    def sums(self, sizes: Floats, decay: float) -> Floats:
        """Gives, a group, the sum of its events' largest rows, each further one by `decay` less."""
        if not len(self._starts):
            return np.zeros(0)
        largest = self._largest(sizes)
        groups, shared = self._group_of_event, self._shared_events
        order = shared[np.lexsort((-largest[shared], groups[shared]))]
        share = np.ones(len(largest))
        share[order] = decay ** places_within(groups[order])
        return summed(groups, largest * share, len(self._groups))

    def by_site(self, sums: Floats, chosen: Flags, sites: int) -> Floats:
        """Gives, a site, the total of the chosen groups."""
        return summed(self._groups["site_number"].to_numpy()[chosen], sums[chosen], sites)

    def credit(self, sums: Floats, own_points: Mapping[str, float], sites: int) -> Floats:
        """Gives, a site, the credit of its clean groups, none larger than the indicator's own points: 0 or less."""
        own = self._groups["indicator_id"].replace_strict(dict(own_points), return_dtype=pl.Float64).to_numpy()
        return -self.by_site(np.minimum(sums, own), self.is_kind("clean"), sites)

    def _largest(self, sizes: Floats) -> Floats:
        own = sizes[self._places]
        return np.maximum.reduceat(own, self._starts) if len(own) else np.zeros(0)


def summed(places: Integers, values: Floats, count: int) -> Floats:
    """Gives the sum of the values at each place, from 0 to count."""
    return np.asarray(np.bincount(places, values, count), dtype=np.float64)


def added_along(values: Floats) -> Floats:
    """Gives the sum of each row of an array, its columns added one after the other."""
    return np.asarray(np.ascontiguousarray(values.T).sum(axis=0), dtype=np.float64)


def added_in_order(values: Floats, starts: Integers) -> Floats:
    """Gives the sum of each run of values, one after the other and compensated (Kahan 1965): no bit hangs on the rest.

    `starts` are where the runs begin, ascending from 0; none is empty.
    """
    counts = np.diff(starts, append=len(values))
    longest_first = np.argsort(-counts, kind="stable")
    first, negative_counts = starts[longest_first], -counts[longest_first]
    total, lost = np.zeros(len(starts)), np.zeros(len(starts))
    for step in range(int(counts.max(initial=0))):
        still = slice(0, int(np.searchsorted(negative_counts, -step)))
        part = values[first[still] + step] - lost[still]
        grown = total[still] + part
        lost[still] = (grown - total[still]) - part
        total[still] = grown
    sums = np.empty(len(starts))
    sums[longest_first] = total
    return sums


def starts_of(runs: Integers) -> Integers:
    """Gives where each run of equal numbers begins."""
    return np.flatnonzero(np.diff(runs, prepend=-1)) if len(runs) else np.zeros(0, dtype=np.int64)


def places_within(groups: Integers) -> Integers:
    """Gives the place of each element within its run of equal numbers, from 0."""
    starts = starts_of(groups)
    return np.arange(len(groups)) - np.repeat(starts, np.diff(starts, append=len(groups)))
