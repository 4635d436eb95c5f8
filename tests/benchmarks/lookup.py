"""The lookup among invented suppliers: build, start, memory, time of an answer, and how often the right one is found.

Names of a demo world are misspelt in every way of tests/benchmarks/misspelling.py and sought among them and invented
ones. Beside it stands RapidFuzz WRatio over all names, which walks through every name for each question.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests

from tests.benchmarks.lookup_population import RUN_ID, DemoName, write_publication
from tests.benchmarks.misspelling import KINDS, misspelt
from tests.benchmarks.processes import apart, peak_gib

SIZES = (100_000, 1_000_000)
OUT = Path("build") / "bench"
SEED = 1
DEMO_SUPPLIERS = 2_000
QUERIES_A_KIND = 100
COMPARED = 40
RATE, LOAD_SECONDS = 50, 20
_TOP = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints Markdown tables and writes them to build/bench; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args([] if arguments is None else arguments)
    measured = [_measured(OUT / "lookup" / str(size), size) for size in options.sizes]
    told = "\n".join([_table(measured), "", _kinds_table(measured[-1]), ""])
    (OUT / "lookup.md").write_text(told, encoding="utf-8")
    print(told)
    return 0


def _measured(folder: Path, suppliers: int) -> dict[str, Any]:
    shutil.rmtree(folder, ignore_errors=True)
    home = folder / "home"
    named = apart(write_publication, home / "published", suppliers, DEMO_SUPPLIERS, SEED)
    built = apart(_build, home / "published" / RUN_ID)
    asked = _questions(named)
    within = apart(_within, home / "published" / RUN_ID, asked)
    return {"suppliers": suppliers, **built, **within, **_over_http(folder, [text for _, text, _ in asked])}


def _questions(named: list[DemoName]) -> list[tuple[str, str, str]]:
    """Gives kind, misspelt name and the id that is meant, in an order drawn from the seed."""
    chance = random.Random(SEED)
    asked = [
        (kind.__name__, misspelt(one.name, kind, chance), one.supplier_id)
        for kind in KINDS
        for one in chance.sample(named, min(QUERIES_A_KIND, len(named)))
    ]
    chance.shuffle(asked)
    return asked


def _build(publication: Path) -> dict[str, Any]:
    from serving.search import build_index

    begun = time.process_time()
    build_index(publication, publication / "search")
    size = sum(path.stat().st_size for path in (publication / "search").rglob("*") if path.is_file())
    return {"build_seconds": time.process_time() - begun, "build_gib": peak_gib(), "index_mb": size / 1e6}


def _within(publication: Path, asked: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Measures questions within the process: by the clock and by the processor."""
    from serving.search import open_index

    before = peak_gib()
    index = open_index(publication)
    for _, text, _ in asked[:50]:
        index.search(text)
    times, work, found = [], [], []
    for kind, text, wanted in asked:
        clock, processor = time.perf_counter(), time.process_time()
        hits = index.search(text, limit=_TOP)
        times.append(time.perf_counter() - clock)
        work.append(time.process_time() - processor)
        found.append((kind, wanted in [hit.supplier_id for hit in hits], hits[:1] and hits[0].supplier_id == wanted))
    kinds = {kind.__name__: [row for row in found if row[0] == kind.__name__] for kind in KINDS}
    grown = peak_gib() - before
    return {
        "median_ms": _at(times, 0.5), "p99_ms": _at(times, 0.99), "work_p99_ms": _at(work, 0.99),
        "search_gib": grown, "hit_10": _share([hit for _, hit, _ in found]),
        "hit_1": _share([bool(first) for _, _, first in found]),
        "kinds": {kind: _share([hit for _, hit, _ in rows]) for kind, rows in kinds.items()},
        **_walking(publication, asked[:COMPARED], sum(work) / len(work)),
    }  # fmt: skip


def _walking(publication: Path, asked: list[tuple[str, str, str]], work: float) -> dict[str, Any]:
    """Measures the same questions put to RapidFuzz WRatio over all names."""
    import polars as pl
    from rapidfuzz import fuzz, process
    from rapidfuzz.utils import default_process

    suppliers = pl.read_parquet(publication / "parquet" / "dim_supplier.parquet", columns=["supplier_id", "name"])
    ids, names = suppliers["supplier_id"].to_list(), [default_process(name) for name in suppliers["name"].to_list()]
    begun, hits = time.process_time(), 0
    for _, text, wanted in asked:
        best = process.extract(default_process(text), names, scorer=fuzz.WRatio, limit=_TOP)
        hits += wanted in [ids[place] for _, _, place in best]
    seconds = (time.process_time() - begun) / len(asked)
    return {"walk_hit_10": hits / len(asked), "walk_seconds": seconds, "faster": seconds / work}


def _over_http(folder: Path, texts: list[str]) -> dict[str, Any]:
    """Measures `tierline serve`: its start, its memory, and its answers at so many questions a second."""
    config = folder / "tierline.yml"
    config.write_text(
        "home: home\nsources: [{id: erp_vendor_master, path: none.csv}]\nlookup: {requests_a_minute: 1000000}\n",
        encoding="utf-8",
    )
    questions = folder / "questions.txt"
    questions.write_text("\n".join(text.replace("\n", " ") for text in texts), encoding="utf-8")
    begun = time.perf_counter()
    command = [sys.executable, "-m", "tierline.cli", "serve", "--port", "0", "--config", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as service:
        assert service.stdout is not None
        url = service.stdout.readline().split()[2]
        assert requests.get(f"{url}/health", timeout=60).status_code == 200
        start = time.perf_counter() - begun
        loading = [sys.executable, "-m", "tests.benchmarks.lookup_load", url, str(LOAD_SECONDS), str(RATE)]
        told = subprocess.run([*loading, str(questions)], capture_output=True, text=True, check=True)
        status = Path(f"/proc/{service.pid}/status").read_text(encoding="utf-8")
        service.terminate()
    memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 2**20
    return {
        "start_seconds": start, "serve_gib": memory,
        **{f"http_{name}": value for name, value in json.loads(told.stdout).items()},
    }  # fmt: skip


def _at(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


def _share(values: list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def _table(measured: list[dict[str, Any]]) -> str:
    rows = (
        ("building the index, seconds of processor time", "build_seconds", ".1f"),
        ("building the index, peak memory, GiB", "build_gib", ".2f"),
        ("index, MB", "index_mb", ".0f"),
        ("start of `tierline serve` to its first answer, seconds", "start_seconds", ".1f"),
        ("most memory of `tierline serve`, GiB", "serve_gib", ".2f"),
        ("one misspelt name within the process, median, ms", "median_ms", ".1f"),
        ("the same at the 99th percentile, ms", "p99_ms", ".1f"),
        ("the same, processor time, ms", "work_p99_ms", ".1f"),
        (f"over HTTP at {RATE} questions a second, median, ms", "http_median_ms", ".1f"),
        ("the same at the 99th percentile, ms", "http_p99_ms", ".1f"),
        ("questions over HTTP that failed", "http_failures", ".0f"),
        ("right supplier among the first 10", "hit_10", ".3f"),
        ("right supplier first", "hit_1", ".3f"),
        ("RapidFuzz WRatio over all names: among the first 10", "walk_hit_10", ".3f"),
        ("RapidFuzz WRatio over all names: seconds a name", "walk_seconds", ".2f"),
        ("times as fast as that, by processor time", "faster", ".0f"),
    )
    lines = ["| suppliers | " + " | ".join(f"{one['suppliers']:,}" for one in measured) + " |"]
    lines.append("|---|" + "---|" * len(measured))
    lines += [
        f"| {name} | " + " | ".join(format(one[key], form) for one in measured) + " |" for name, key, form in rows
    ]
    return "\n".join(lines)


def _kinds_table(one: dict[str, Any]) -> str:
    lines = [f"| among {one['suppliers']:,}: what was misspelt | right supplier among the first 10 |", "|---|---|"]
    return "\n".join(lines + [f"| {kind.replace('_', ' ')} | {share:.3f} |" for kind, share in one["kinds"].items()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
