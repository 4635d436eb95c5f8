"""Noise in counts before anything is decided by them: drawn from a secret key, so that a cell has one draw for ever."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.releases.rate_rule import NOISE_LIMIT, noise_decay

_DOMAIN = b"survey rates|"
_DIGEST_BITS = 64


def noise_law() -> NDArray[np.float64]:
    """Gives the chances of noise from -`NOISE_LIMIT` to +`NOISE_LIMIT` respondents."""
    weights = noise_decay() ** np.abs(np.arange(-NOISE_LIMIT, NOISE_LIMIT + 1, dtype=float))
    law: NDArray[np.float64] = weights / weights.sum()
    return law


def noise_of(key: bytes, cell_ids: Sequence[str]) -> NDArray[Any]:
    """Gives the noise of each cell, in respondents: the same for the same key, unknown to who lacks the key."""
    drawn = [_uniform(key, cell_id) for cell_id in cell_ids]
    return np.searchsorted(np.cumsum(noise_law())[:-1], drawn, side="right") - NOISE_LIMIT


def _uniform(key: bytes, cell_id: str) -> float:
    digest = hmac.new(key, _DOMAIN + cell_id.encode(), hashlib.sha256).digest()
    return float(int.from_bytes(digest[: _DIGEST_BITS // 8], "big") / 2**_DIGEST_BITS)
