"""Random draws that give the same values on every machine: whole numbers, uniforms and comparisons only."""

import zlib

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_DAY = np.timedelta64(1, "D")


class Draws:
    """The draws of one topic in one part of the world; no topic's draws disturb another's.

    Nothing here calls exp, log or a normal generator: their last bit differs between processors.
    """

    def __init__(self, seed: int, part: int, topic: str) -> None:
        sequence = np.random.SeedSequence(entropy=seed, spawn_key=(part, zlib.crc32(topic.encode())))
        self._generator = np.random.Generator(np.random.PCG64(sequence))

    def chance(self, probability: Floats | float, shape: int | tuple[int, ...]) -> Bools:
        """Gives True with the probability (0–1; one number or one for each element of the shape)."""
        return np.asarray(self._generator.random(shape) < probability)

    def uniform(self, shape: int | tuple[int, ...]) -> Floats:
        """Gives numbers from 0 up to, not including, 1."""
        return np.asarray(self._generator.random(shape))

    def whole(self, low: Ints | int, high: Ints | int, count: int) -> Ints:
        """Gives whole numbers from low to high, both included."""
        return np.asarray(self._generator.integers(low, np.asarray(high) + 1, size=count, dtype=np.int64))

    def pick(self, weights: npt.ArrayLike, count: int) -> Ints:
        """Gives positions in the table of weights, each as often as its weight says."""
        return self.pick_from_rows(np.asarray(weights, dtype=np.float64)[None, :], np.zeros(count, dtype=np.int64))

    def pick_from_rows(self, weights: Floats, rows: Ints) -> Ints:
        """Gives for each element one column of its own row of the weights (rows × columns)."""
        bounds = np.cumsum(weights, axis=1)
        lots = self.uniform(len(rows)) * bounds[rows, -1]
        return np.asarray((lots[:, None] >= bounds[rows]).sum(axis=1), dtype=np.int64)

    def steps(self, ladder: list[int], count: int) -> Ints:
        """Gives whole numbers spread evenly over equally likely steps of a ladder of quantiles."""
        edges = np.asarray(ladder, dtype=np.int64)
        step = self.whole(0, len(edges) - 2, count)
        return self.whole(edges[step], edges[step + 1], count)

    def order(self, count: int) -> Ints:
        """Gives the positions 0 to count - 1 in random order."""
        return np.asarray(self._generator.permutation(count), dtype=np.int64)

    def hexadecimal(self, count: int) -> list[str]:
        """Gives strings of 32 hexadecimal digits."""
        digits = self._generator.bytes(16 * count).hex()
        return [digits[start : start + 32] for start in range(0, len(digits), 32)]


def caused(chances: list[tuple[Bools, float]], spontaneous: float) -> Floats:
    """Gives the probability of an effect that any of its present causes may bring about on its own (noisy-OR).

    Each cause is (present or not, for each element; power 0–1). Source of the form: Pearl, Probabilistic Reasoning in
    Intelligent Systems (1988), 4.3.2.
    """
    spared = np.full(len(chances[0][0]), 1.0 - spontaneous)
    for present, power in chances:
        spared = spared * np.where(present, 1.0 - power, 1.0)
    return np.asarray(1.0 - spared)


def days_after(day: npt.NDArray[np.datetime64], count: Ints) -> npt.NDArray[np.datetime64]:
    """Gives the days that lie so many days after the given ones."""
    return day + count * _DAY
