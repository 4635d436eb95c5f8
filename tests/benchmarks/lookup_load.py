"""Asks a lookup so many times a second, whatever it takes to answer, and tells how long answers took.

A process of its own: `python -m tests.benchmarks.lookup_load URL SECONDS RATE FILE`; FILE has one query a line. The
time of an answer counts from when the question was due, so that a service that falls behind cannot hide it.
"""

import http.client
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from urllib.parse import quote, urlsplit

_AT_ONCE = 16


def main(url: str, seconds: float, rate: float, queries: list[str]) -> dict[str, float]:
    """Gives the number of answers, failures, and milliseconds at the median, the 99th percentile and the most."""
    at = urlsplit(url)
    kept = local()
    begin = time.perf_counter() + 0.5

    def ask(number: int) -> tuple[float, bool]:
        due = begin + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        if not hasattr(kept, "connection"):
            kept.connection = http.client.HTTPConnection(str(at.hostname), at.port, timeout=30)
        kept.connection.request("GET", f"/api/search?q={quote(queries[number % len(queries)])}")
        answer = kept.connection.getresponse()
        answer.read()
        return time.perf_counter() - due, answer.status == 200

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        told = list(threads.map(ask, range(int(seconds * rate))))
    times = sorted(seconds for seconds, _ in told)
    return {
        "answers": len(told),
        "failures": sum(not fine for _, fine in told),
        "median_ms": times[len(times) // 2] * 1000,
        "p99_ms": times[int(len(times) * 0.99)] * 1000,
        "most_ms": times[-1] * 1000,
    }


if __name__ == "__main__":
    asked = Path(sys.argv[4]).read_text(encoding="utf-8").splitlines()
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), asked)))
