"""How long to wait before a request: the pace of its host, back-off with jitter, and what the server asks for."""

import random
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.connectors.clock import Clock
from tierline.errors import FetchError

_FIRST_BACKOFF_SECONDS = 1.0
_LONGEST_BACKOFF_SECONDS = 60.0
LONGEST_RETRY_AFTER_SECONDS = 600.0


class HostPacer:
    """When each host may be asked next; one for all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}

    def reserve(self, host: str, interval: float, clock: Clock) -> float:
        """Takes the next place in the host's queue; gives the seconds to wait for it."""
        with self._lock:
            now = clock.monotonic()
            start = max(now, self._free_at.get(host, now))
            self._free_at[host] = start + interval
        return start - now

    def hold(self, host: str, seconds: float, clock: Clock) -> None:
        """Keeps every thread from asking the host before so many seconds have passed."""
        with self._lock:
            earliest = clock.monotonic() + seconds
            self._free_at[host] = max(earliest, self._free_at.get(host, earliest))


SHARED_PACER = HostPacer()


class Interrupted(Exception):
    """A request that failed in a way that may pass; `wait` is what the server asks for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


class Deadline:
    """The moment at which one file or page must be there, with all its retries."""

    def __init__(self, seconds: float, clock: Clock, name: str) -> None:
        self._clock, self._seconds, self._name = clock, seconds, name
        self._end = clock.monotonic() + seconds

    def left(self) -> float:
        """Gives the seconds that are left; raises FetchError where none are."""
        left = self._end - self._clock.monotonic()
        if left <= 0:
            raise FetchError(
                f"{self._name} did not come within {self._seconds:,.0f} seconds",
                remedy="Try again when the server is faster, or raise total_timeout_seconds of the connection.",
            )
        return left

    def sleep(self, seconds: float) -> None:
        """Waits; raises FetchError at once where that would be too long."""
        if seconds <= 0:
            return
        if seconds >= self.left():
            raise FetchError(
                f"{self._name} may be asked for again only in {seconds:,.0f} seconds, which is too late",
                remedy="Try again then, or raise total_timeout_seconds of the connection.",
            )
        self._clock.sleep(seconds)


def backoff_seconds(failures: int, chance: random.Random) -> float:
    """Gives a wait after so many failures in a row: doubled each time up to a minute, half of it by chance."""
    longest = min(_LONGEST_BACKOFF_SECONDS, _FIRST_BACKOFF_SECONDS * 2.0 ** (failures - 1))
    return longest / 2 + chance.uniform(0, longest / 2)


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Gives the wait that `Retry-After` asks for, at most ten minutes; None where it asks for none or is unclear.

    A date counts from the response's own `Date`, as the clocks of two machines differ (RFC 9110, 10.2.3).
    """
    asked = headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return min(float(asked), LONGEST_RETRY_AFTER_SECONDS)
    until, answered = http_date(asked), http_date(headers.get("Date", ""))
    if until is None or answered is None:
        return None
    return min(max((until - answered).total_seconds(), 0.0), LONGEST_RETRY_AFTER_SECONDS)


def http_date(text: str) -> datetime | None:
    """Gives the time that an HTTP date names; None where it is no date."""
    try:
        named = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    return named if named.tzinfo else named.replace(tzinfo=UTC)
