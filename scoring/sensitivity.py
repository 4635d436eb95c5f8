"""How far the order of suppliers hangs on the priors: all drawn at once, and each moved alone (METHOD §2)."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from scoring.catalogue import Catalogue
from scoring.priors import INDICATOR_WEIGHT, Prior, priors, with_moved
from scoring.rescoring import Rescoring, Standing
from scoring.tables import BANDS, PRIOR_SENSITIVITY, SENSITIVITY_SUMMARY, conform

ACUTE = ("Critical", "High")
_DIRECTIONS = {"lower": -1.0, "higher": 1.0}
_LOW, _MEDIAN, _HIGH = 0.05, 0.5, 0.95
MEASURES: Mapping[str, str] = {
    "band_changed_share": "Share of suppliers whose band is another one",
    "more_urgent_share": "Share of suppliers whose band is a more urgent one",
    "less_urgent_share": "Share of suppliers whose band is a less urgent one",
    "acute_kept_share": "Share of the suppliers in Critical and High that stay there",
    "first_kept_share": "Share of the first suppliers of the list that stay among the first",
    "rank_correlation": "Rank correlation (Spearman) of the whole order with the order of the score",
}


@dataclass(frozen=True)
class Sensitivity:
    """`prior_sensitivity` and `sensitivity_summary`, as `scoring.tables` has them."""

    by_prior: pl.DataFrame
    summary: pl.DataFrame


def sensitivity(
    rescoring: Rescoring,
    catalogue: Catalogue,
    draws: int,
    seed: int,
    portfolio: int,
    told: Callable[[int, int], None] | None,
) -> Sensitivity:
    """Gives what moves when each prior is one spread off, both ways, and when all are drawn at once so many times.

    A draw takes every prior from its own spread, independent of the others. `portfolio` is how many suppliers there
    are, of which the rescoring may hold a sample. `told`, if any, hears how many of how many scorings are done.
    """
    known = priors(catalogue)
    total = len(known) * len(_DIRECTIONS) + draws
    standing = rescoring.standing(catalogue, {})
    compare = _Comparison(standing, catalogue.parameters["first_share"])
    alone = []
    for prior, direction, value in _moved_alone(known):
        measures = compare(_standing(rescoring, catalogue, {prior.prior_id: value}))
        alone.append({**_about(prior, direction, value), "supplier_count": len(standing.bands), **measures})
        if told:
            told(len(alone), total)
    drawn = []
    for values in _drawn(known, draws, seed):
        drawn.append(compare(_standing(rescoring, catalogue, values)))
        if told:
            told(len(alone) + len(drawn), total)
    version = pl.lit(catalogue.version).alias("rule_version")
    return Sensitivity(
        conform(pl.DataFrame(alone).with_columns(version), PRIOR_SENSITIVITY).sort("prior_id", "direction"),
        conform(_summary(drawn, compare, portfolio).with_columns(version), SENSITIVITY_SUMMARY),
    )


def no_sensitivity() -> Sensitivity:
    """Gives both tables empty, for a run that asks for no draws."""
    return Sensitivity(pl.DataFrame(schema=PRIOR_SENSITIVITY), pl.DataFrame(schema=SENSITIVITY_SUMMARY))


class _Comparison:
    """Compares a standing with that of the score."""

    def __init__(self, standing: Standing, first_share: float) -> None:
        self.suppliers, self.first = len(standing.bands), math.ceil(first_share * len(standing.bands))
        self._ranks, self._places = standing.ranks, _places(standing.bands)
        self._acute, self._leads = np.isin(standing.bands, ACUTE), standing.ranks <= self.first
        self.acute = int(self._acute.sum())

    def __call__(self, other: Standing) -> dict[str, float | None]:
        """Gives every measure; one of the acute is None where no supplier is."""
        places = _places(other.bands)
        acute = np.isin(other.bands, ACUTE)
        return {
            "band_changed_share": float((places != self._places).mean()),
            "more_urgent_share": float((places < self._places).mean()),
            "less_urgent_share": float((places > self._places).mean()),
            "acute_kept_share": float((acute & self._acute).sum() / self.acute) if self.acute else None,
            "first_kept_share": float((other.ranks[self._leads] <= self.first).mean()),
            "rank_correlation": self._spearman(other.ranks),
        }

    def _spearman(self, ranks: npt.NDArray[np.int64]) -> float | None:
        """Gives 1 − 6 Σ d² / (n(n² − 1)), as no two suppliers share a rank."""
        count = float(self.suppliers)
        if count < 2:
            return None
        apart = (ranks - self._ranks).astype(np.float64)
        return float(1 - 6 * (apart**2).sum() / (count * (count**2 - 1)))


def _places(bands: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    return (
        pl.Series(bands, dtype=pl.String)
        .replace_strict(list(BANDS), range(len(BANDS)), return_dtype=pl.Int64)
        .to_numpy()
    )


def _moved_alone(known: tuple[Prior, ...]) -> Iterator[tuple[Prior, str, float]]:
    for prior in known:
        for direction, deviations in _DIRECTIONS.items():
            # A limit on what is taken off is below zero: the higher limit is the one that lets more through.
            value = prior.moved(deviations)
            if value != prior.value:
                yield prior, direction, value


def _drawn(known: tuple[Prior, ...], draws: int, seed: int) -> Iterator[dict[str, float]]:
    generator = np.random.default_rng(seed)
    for _ in range(draws):
        deviations = generator.standard_normal(len(known))
        yield {prior.prior_id: prior.moved(float(z)) for prior, z in zip(known, deviations, strict=True)}


def _standing(rescoring: Rescoring, catalogue: Catalogue, values: Mapping[str, float]) -> Standing:
    prefix = f"{INDICATOR_WEIGHT}:"
    weights = {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
    others = {name: value for name, value in values.items() if not name.startswith(prefix)}
    return rescoring.standing(with_moved(catalogue, others), weights)


def _about(prior: Prior, direction: str, value: float) -> dict[str, object]:
    return {
        "prior_id": prior.prior_id,
        "prior_kind": prior.prior_kind,
        "prior_name": prior.name,
        "direction": direction,
        "value": prior.value,
        "moved_value": value,
    }


def _summary(drawn: list[dict[str, float | None]], compare: _Comparison, portfolio: int) -> pl.DataFrame:
    frame = pl.DataFrame(drawn, schema=dict.fromkeys(MEASURES, pl.Float64))
    levels = {"low": _LOW, "median": _MEDIAN, "high": _HIGH}
    rows = [
        {
            "measure": measure,
            "description": description,
            **{name: frame[measure].quantile(level, "nearest") for name, level in levels.items()},
            "draw_count": len(frame),
            "supplier_count": compare.suppliers,
            "portfolio_count": portfolio,
            "first_count": compare.first,
            "acute_count": compare.acute,
        }
        for measure, description in MEASURES.items()
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
