"""Noise in counts before anything is decided by them: drawn from a secret key, so that a cell has one draw for ever."""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count, takewhile
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ingest.releases.rate_rule import NOISE_LIMIT, noise_decay

_RATES: Final = b"survey rates|"
_CLASSES: Final = b"survey classes|"
_DIGEST_BITS = 64
_BYTE_VALUES = 256


def noise_law() -> NDArray[np.float64]:
    """Gives the chances of noise from -`NOISE_LIMIT` to +`NOISE_LIMIT` respondents."""
    weights = noise_decay() ** np.abs(np.arange(-NOISE_LIMIT, NOISE_LIMIT + 1, dtype=float))
    law: NDArray[np.float64] = weights / weights.sum()
    return law


def noise_of(key: bytes, cell_ids: Sequence[str]) -> NDArray[Any]:
    """Gives the noise of each cell of rates, in respondents: the same for the same key, unknown to who lacks it."""
    drawn = [_uniform(key, cell_id) for cell_id in cell_ids]
    return np.searchsorted(np.cumsum(noise_law())[:-1], drawn, side="right") - NOISE_LIMIT


def class_noise_of(key: bytes, cell_ids: Sequence[str], decay: Fraction) -> NDArray[np.int64]:
    """Gives the noise of each cell of classes, in respondents, without any limit; drawn as `noise_of` draws.

    Its law is two-sided geometric, (1 - a) / (1 + a) · a^|noise| for the decay a: the difference of two runs of
    successes, each of which goes on with the chance a. No chance is rounded, so no bound on odds fails at its ends.
    """
    return np.array([_difference_of_runs(key, cell_id, decay) for cell_id in cell_ids], dtype=np.int64)


def _difference_of_runs(key: bytes, cell_id: str, decay: Fraction) -> int:
    digits = _digits(key, cell_id, decay.denominator)
    first, second = (sum(1 for _ in takewhile(lambda digit: digit < decay.numerator, digits)) for _ in range(2))
    return first - second


def _digits(key: bytes, cell_id: str, base: int) -> Iterator[int]:
    """Yields digits of a base up to 256, each as likely as any other: bytes that would favour low ones are left out."""
    whole = _BYTE_VALUES - _BYTE_VALUES % base
    for block in count():
        yield from (byte % base for byte in _digest(key, _CLASSES, f"{block}|{cell_id}") if byte < whole)


def _uniform(key: bytes, cell_id: str) -> float:
    return float(int.from_bytes(_digest(key, _RATES, cell_id)[: _DIGEST_BITS // 8], "big") / 2**_DIGEST_BITS)


def _digest(key: bytes, domain: bytes, text: str) -> bytes:
    return hmac.new(key, domain + text.encode(), hashlib.sha256).digest()
