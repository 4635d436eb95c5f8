"""A lognormal shifted to a given mean, deviation and skewness: the shape that sums of points are taken to have."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_SMALLEST_SKEW = 1e-3
"""Below it the shape is that of a normal to a thousandth of a deviation, and reckons on the same way."""
_TINY = np.finfo(np.float64).tiny
_SMALLEST_DEVIATION = 1e-9


def quantile(level: float, mean: Floats, deviation: Floats, skew: Floats) -> Floats:
    """Gives the value below which a share `level` lies."""
    return quantile_at(np.float64(NormalDist().inv_cdf(level)), mean, deviation, skew)


def quantile_at(normal: Floats | np.float64, mean: Floats, deviation: Floats, skew: Floats) -> Floats:
    """Gives the value that stands where `normal` stands in a standard normal; the arguments broadcast."""
    side = np.where(skew < 0, -1.0, 1.0)
    growth, shape, scale = shape_of(deviation, skew)
    return np.asarray(mean + side * scale * (np.exp(shape * side * normal) - np.sqrt(growth)), dtype=np.float64)


def probability_below(limit: Floats | float, mean: Floats, deviation: Floats, skew: Floats) -> Floats:
    """Gives the probability of a value below the limit."""
    from scipy.special import ndtr

    side = np.where(skew < 0, -1.0, 1.0)
    growth, shape, scale = shape_of(deviation, skew)
    # In place from here on: at every point of every site, a copy a step costs as much as the step.
    distance = np.asarray(limit * (side / scale), dtype=np.float64)
    distance += np.sqrt(growth) - mean * (side / scale)
    np.maximum(distance, _TINY, out=distance)
    np.log(distance, out=distance)
    distance *= side / shape
    return np.asarray(ndtr(distance, out=distance), dtype=np.float64)


def shape_of(deviation: Floats, skew: Floats) -> tuple[Floats, Floats, Floats]:
    """Gives w = exp(s²), s and exp(μ) of the lognormal with that skewness and deviation: (w + 2)²(w − 1) = skew²."""
    size = np.maximum(np.abs(skew), _SMALLEST_SKEW)
    half, root = 1 + size**2 / 2, size * np.sqrt(1 + size**2 / 4)
    root_sum = np.cbrt(half + root)
    growth = root_sum + 1 / root_sum - 1
    return growth, np.sqrt(np.log(growth)), deviation / np.sqrt(growth * (growth - 1))


def capped_moments(mean: Floats, variance: Floats, limit: Floats) -> tuple[Floats, Floats, Floats]:
    """Gives mean, variance and third central moment of min(X, limit) for lognormal X of that mean and variance.

    From the partial moments of the lognormal: E[Xᵏ; X < c] = exp(kμ + k²s²/2) · Φ((ln c − μ)/s − ks).
    """
    from scipy.special import ndtr

    shape = np.sqrt(np.log1p(variance / mean**2))
    middle = np.log(mean) - shape**2 / 2
    at_limit = (np.log(limit) - middle) / shape
    first, second, third = (
        np.exp(k * middle + (k * shape) ** 2 / 2) * ndtr(at_limit - k * shape) + limit**k * ndtr(-at_limit)
        for k in (1.0, 2.0, 3.0)
    )
    return first, second - first**2, third - 3 * first * second + 2 * first**3


def skewness(variance: Floats, third_moment: Floats) -> Floats:
    """Gives the third central moment over the cube of the deviation; 0 where nothing varies."""
    deviation = np.sqrt(variance)
    safe = np.where(deviation > _SMALLEST_DEVIATION, deviation, 1.0)
    return np.where(deviation > _SMALLEST_DEVIATION, third_moment / safe**3, 0.0)
