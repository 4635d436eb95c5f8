"""Coverage and confidence under other priors, on arrays: what is observed at each site × indicator (METHOD §3)."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from scoring.catalogue import Catalogue
from scoring.keys import SITE, SITE_INDICATOR
from scoring.ranked_groups import Flags, Floats, Integers, places_within, starts_of, summed


class ObservedCells:
    """The cells, site × indicator, of which something is told, by facts or because the indicator cannot apply."""

    def __init__(
        self, rows: pl.DataFrame, not_applicable: pl.DataFrame, sites: pl.DataFrame, catalogue: Catalogue
    ) -> None:
        self._indicators = catalogue.indicators.select("indicator_id", "own_points").sort("indicator_id")
        numbers = self._indicators.select("indicator_id").with_row_index("indicator_number")
        site_numbers = sites.select(SITE).with_row_index("site_number")
        absent = not_applicable.select(SITE_INDICATOR).join(site_numbers, on=SITE)
        told, silent = (_cell_numbers(frame, numbers) for frame in (rows, absent))
        cells, place = np.unique(np.concatenate([told, silent]), return_inverse=True)
        self._site, self._indicator = np.divmod(cells, len(numbers))
        self._cell_of_row, self._sites, self._count = place[: len(told)], len(sites), len(cells)
        self._cannot_apply = np.bincount(place[len(told) :], minlength=self._count) > 0
        self._eligible = self._indicators["indicator_id"].is_in(catalogue.eligible["indicator_id"].to_list()).to_numpy()
        self._scored = self._indicators["own_points"].is_not_null().to_numpy()
        live = rows["live"].to_numpy()
        self._clean = (rows["kind"] == "clean").to_numpy() & live
        self._speaking = [_Events(rows, (rows["kind"] == kind).to_numpy() & live) for kind in ("adverse", "mitigation")]
        self._adverse_live = self._is_told((rows["kind"] == "adverse").to_numpy() & live)

    def coverage(
        self, catalogue: Catalogue, own: Mapping[str, float], weight: Floats, freshness: Floats, leaders: Integers
    ) -> tuple[Floats, Floats]:
        """Gives coverage and confidence a site; `leaders` are the places of the rows that count."""
        points = np.array([own[indicator] for indicator in self._indicators["indicator_id"]])[self._indicator]
        looked = self._clean & (freshness >= catalogue.parameters["observation_freshness_minimum"])
        observed = self._observed(self._is_told(looked), weight, catalogue.parameters["present_weight_minimum"])
        eligible = self._eligible[self._indicator]
        knowable = ~(self._cannot_apply & ~self._adverse_live & ~observed) & (eligible | observed)
        everywhere = sum(own[name] for name in self._indicators["indicator_id"].filter(self._eligible))
        could_be_known = everywhere + self._by_site(points * (knowable.astype(float) - eligible))
        known = self._by_site(points * (observed & knowable))
        coverage = np.where(could_be_known > 0, known / np.where(could_be_known > 0, could_be_known, 1.0), 0.0)
        asked = observed & self._scored[self._indicator]
        trust = self._trust(weight, leaders, catalogue.parameters["row_decay"])
        mean_trust = self._by_site(trust * asked) / np.maximum(self._by_site(asked.astype(float)), 1.0)
        return coverage, np.sqrt(coverage * mean_trust)

    def _observed(self, clean: Flags, weight: Floats, present_minimum: float) -> Flags:
        heaviest = np.maximum(*(events.weight(weight, self._cell_of_row, self._count) for events in self._speaking))
        contradicted = self._adverse_live & clean
        return np.asarray(contradicted | (heaviest >= present_minimum) | (clean & ~self._cannot_apply), dtype=np.bool_)

    def _trust(self, weight: Floats, leaders: Integers, decay: float) -> Floats:
        cells, weights = self._cell_of_row[leaders], weight[leaders]
        order = np.lexsort((-weights, cells))
        shares = weights[order] * decay ** places_within(cells[order])
        return np.minimum(np.bincount(cells[order], shares, self._count), 1.0)

    def _is_told(self, rows: Flags) -> Flags:
        return np.asarray(np.bincount(self._cell_of_row[rows], minlength=self._count) > 0, dtype=np.bool_)

    def _by_site(self, values: Floats) -> Floats:
        return summed(self._site, values, self._sites)


class _Events:
    """Σ of the weightiest row of each event, a cell."""

    def __init__(self, rows: pl.DataFrame, chosen: npt.NDArray[np.bool_]) -> None:
        runs = rows.filter(chosen).select(pl.struct(*SITE_INDICATOR, "kind", "event").rle_id().cast(pl.Int64))
        self._places, self._starts = np.flatnonzero(chosen), starts_of(runs.to_series().to_numpy())

    def weight(self, weight: Floats, cell_of_row: Integers, cells: int) -> Floats:
        if not len(self._places):
            return np.zeros(cells)
        heaviest = np.maximum.reduceat(weight[self._places], self._starts)
        return summed(cell_of_row[self._places[self._starts]], heaviest, cells)


def _cell_numbers(frame: pl.DataFrame, numbers: pl.DataFrame) -> Integers:
    joined = frame.select("site_number", "indicator_id").join(numbers, on="indicator_id", maintain_order="left")
    cells = joined["site_number"].cast(pl.Int64) * len(numbers) + joined["indicator_number"].cast(pl.Int64)
    return cells.to_numpy()
