"""Time that passes, as an argument: tests wait for nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """A clock that only ever counts seconds onwards, and how to wait for a number of them."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
