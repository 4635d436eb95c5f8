"""How often one address may ask: a bucket of requests for each, which fills again with time."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

_MOST_ADDRESSES: Final = 10_000
_BURST_SHARE: Final = 0.2


class Rate:
    """Counts requests of addresses; the addresses that were silent longest are forgotten first."""

    def __init__(self, requests_a_minute: int, clock: Callable[[], float]) -> None:
        """`clock` gives seconds that never go back, such as time.monotonic."""
        self._a_second = requests_a_minute / 60
        self._burst = max(1.0, requests_a_minute * _BURST_SHARE)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, address: str) -> float:
        """Counts one request and gives 0 where it may pass, else the seconds until one may."""
        now = self._clock()
        with self._lock:
            left, since = self._buckets.pop(address, (self._burst, now))
            left = min(self._burst, left + (now - since) * self._a_second)
            passes = left >= 1
            self._buckets[address] = (left - 1 if passes else left, now)
            if len(self._buckets) > _MOST_ADDRESSES:
                self._buckets.popitem(last=False)
        return 0.0 if passes else (1 - left) / self._a_second
