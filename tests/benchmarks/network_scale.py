"""What the network takes at 100,000 and 1,000,000 ties: its dbt models with their tests, and the commands' questions.

The world is made of hashes, so it is the same every time: groups of owners with circles, persons and owners that nobody
names, chains of suppliers, agents, shared addresses and one registered-office provider.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeVar

import duckdb

from serving.network.circles import find_circles
from serving.network.paths import find_paths
from serving.network.published import OWNING, open_network
from serving.network.surroundings import surroundings
from serving.network.tiers import upstream
from tierline.run import PROJECT
from tierline.warehouse import connect

OUTPUT = PROJECT / "build" / "bench" / "network_scale.json"
SIZES = (100_000, 1_000_000)
PUBLISHED = ("fct_network_edge", "dim_network_party", "fct_supplier_tier", "dim_supplier")
Seconds = tuple[float, float]
"""By the clock, and of all processors together: the second is the same on a busy machine."""
Result = TypeVar("Result")
_LINEAGE = "'bench' AS source_id, repeat('ab', 32) AS snapshot_sha256, i AS record_no, NULL::DATE AS known_on"
_SHARES = {"ownership": 0.3, "parent": 0.1, "agent": 0.15, "address": 0.25, "supply": 0.2}
_SUPPLIERS = 0.4
WORLD = {
    "intermediate.int_supplier_records": f"""
        SELECT 'r' || i AS row_id, {_LINEAGE}, 'erp:V' || i AS supplier_ref, 'Company ' || i AS supplier_name,
            'BD' AS country_code, true AS is_declared, false AS is_natural_person, NULL AS locality,
            CASE WHEN i < $parent THEN 'erp:V' || (i // 3) END AS parent_ref,
            CASE WHEN i < $agent THEN 'Agent ' || (hash(i) % ($agent // 20)) END AS agent_name,
            CASE WHEN i < 3000 THEN '1 Registered Office Street'
                WHEN i < $address THEN (i // 2) || ' Mill Road' END AS address
        FROM range($suppliers) AS t(i)
    """,
    "intermediate.int_entities_resolved": """
        SELECT 'erp:V' || i AS supplier_ref, 'S' || printf('%012d', i) AS supplier_id, i % 50 <> 7 AS is_supplier,
            false AS is_natural_person
        FROM range($suppliers) AS t(i)
    """,
    "intermediate.int_supplier_identifiers": "SELECT '' AS supplier_ref, '' AS method, '' AS link_key LIMIT 0",
    "staging.stg_ownership_edge": f"""
        SELECT 'o' || i AS row_id, {_LINEAGE}, 'erp:V' || (i % $suppliers) AS subject_ref,
            CASE WHEN i % 20 <> 3 THEN CASE WHEN i % 20 = 4 THEN 'reg:P' || (hash(i) % $suppliers)
                WHEN i % 500 = 1 THEN 'erp:V' || (3 * (i % $suppliers) % $suppliers)
                ELSE 'erp:V' || ((i % $suppliers) // 3) END END AS party_ref,
            NULL::VARCHAR AS party_name,
            CASE i % 20 WHEN 3 THEN 'anonymous' WHEN 4 THEN 'person' END AS party_kind,
            CASE WHEN i % 20 = 4 THEN 'boardMember' ELSE 'shareholding' END AS interest,
            25::DOUBLE AS share_minimum, 50::DOUBLE AS share_maximum, DATE '2020-01-01' AS started_on,
            NULL::DATE AS ended_on, 'o' || i AS statement_ref, DATE '2020-01-01' AS stated_on
        FROM range($ownership) AS t(i)
    """,
    "staging.stg_supply_link": f"""
        SELECT 's' || i AS row_id, {_LINEAGE}, 'erp:V' || (hash(i) % ($suppliers // 2)) AS customer_ref,
            'erp:V' || (hash(i + 1) % $suppliers) AS supplier_ref, 'supply' AS link_kind, i % 9 = 0 AS is_declared,
            'yarn' AS description, NULL::DATE AS started_on, NULL::DATE AS ended_on
        FROM range($supply) AS t(i)
    """,
    "staging.stg_legal_entity": """
        SELECT '' AS row_id, '' AS entity_ref, '' AS entity_name, '' AS country_code, '' AS lei, '' AS os_id,
            '' AS tax_number, '' AS company_number, '' AS other_identifier LIMIT 0
    """,
    "staging.stg_facility": f"""
        SELECT 'r' || i AS row_id, {_LINEAGE}, '' AS supplier_ref, '' AS address, '' AS locality, '' AS country_code
        FROM range(0) AS t(i)
    """,
    "marts.dim_supplier": """
        SELECT 'S' || printf('%012d', i) AS supplier_id, 'Company ' || i AS name, 'BD' AS country_code
        FROM range($suppliers) AS t(i) WHERE i % 50 <> 7
    """,
    "marts.fct_award": "SELECT '' AS supplier_id, true AS is_effective LIMIT 0",
    "marts.fct_purchase_order_line": """
        SELECT 'S' || printf('%012d', i) AS supplier_id FROM range($suppliers // 10) AS t(i) WHERE i % 50 <> 7
    """,
}


def main() -> int:
    """Measures each size in a process of its own and prints seconds and peak memory."""
    results = {}
    for size in SIZES:
        with get_context("spawn").Pool(1) as pool:
            results[size] = pool.apply(measure, (size,))
        print(json.dumps({size: results[size]}, indent=2))
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(results, indent=2), encoding="utf-8")
    return 0


def measure(size: int) -> dict[str, Any]:
    """Gives seconds and peak memory, in GiB, of the models and of each question over so many ties."""
    with tempfile.TemporaryDirectory(prefix="tierline-") as folder:
        warehouse = Path(folder) / "warehouse.duckdb"
        with connect(warehouse) as connection:
            _fill(connection, size)
        started = perf_counter()
        _build(warehouse, Path(folder))
        models = perf_counter() - started, _processor_seconds(resource.RUSAGE_CHILDREN)
        models_peak = _peak(resource.RUSAGE_CHILDREN)
        with connect(warehouse, read_only=True) as connection:
            ties = _publish(connection, Path(folder) / "parquet")
        return {
            "ties": ties,
            "models": _told(models),
            "models_peak_gib": models_peak,
            "questions": {name: _told(seconds) for name, seconds in _ask(Path(folder)).items()},
            "questions_peak_gib": _peak(resource.RUSAGE_SELF),
        }


def _fill(connection: duckdb.DuckDBPyConnection, size: int) -> None:
    counts = {name: int(size * share) for name, share in _SHARES.items()} | {"suppliers": int(size * _SUPPLIERS)}
    for schema in ("staging", "intermediate", "marts"):
        connection.execute(f"CREATE SCHEMA {schema}")
    for table, query in WORLD.items():
        connection.execute(
            f"CREATE TABLE {table} AS {query}", {name: counts[name] for name in counts if f"${name}" in query}
        )


def _build(warehouse: Path, folder: Path) -> None:
    project = str(PROJECT / "dbt_project")
    selection = (
        "path:models/intermediate/int_network_* path:seeds/network dim_network_party fct_network_edge fct_supplier_tier"
    )
    subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--quiet", "--no-send-anonymous-usage-stats", "build"),
            *("--project-dir", project, "--profiles-dir", project, "--select", *selection.split()),
            *("--vars", json.dumps({"as_of": "2026-11-01"}), "--exclude-resource-type", "unit_test"),
        ],
        env={
            **os.environ, "TIERLINE_WAREHOUSE": str(warehouse), "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
        },
        check=True,
    )  # fmt: skip


def _publish(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    folder.mkdir()
    for table in PUBLISHED:
        connection.sql(f"FROM marts.{table} ORDER BY 1").write_parquet(str(folder / f"{table}.parquet"))
    [(ties,)] = connection.execute("SELECT count(*) FROM marts.fct_network_edge").fetchall()
    return int(ties)


def _ask(publication: Path) -> dict[str, Seconds]:
    answers: dict[str, Seconds] = {}
    with ExitStack() as stack:
        network = _timed("open", answers, lambda: stack.enter_context(open_network(publication)))
        near, far = network.party("S000000000011"), network.party("S000000001002")
        questions: dict[str, Callable[[], object]] = {
            "shortest path of up to 6": lambda: find_paths(network, near, far, longest=6),
            "every path of up to 4": lambda: find_paths(network, near, far, longest=4, every=True),
            "every path of up to 6": lambda: find_paths(network, near, far, longest=6, every=True),
            "around": lambda: surroundings(network, near),
            "circles of owners": lambda: find_circles(network, OWNING),
            "upstream": lambda: upstream(network, near),
        }
        for name, question in questions.items():
            _timed(name, answers, question)
    return answers


def _timed(name: str, answers: dict[str, Seconds], work: Callable[[], Result]) -> Result:
    started, worked = perf_counter(), process_time()
    result = work()
    answers[name] = perf_counter() - started, process_time() - worked
    return result


def _told(seconds: Seconds) -> dict[str, float]:
    return {"seconds": round(seconds[0], 2), "processor_seconds": round(seconds[1], 2)}


def _processor_seconds(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _peak(who: int) -> float:
    return round(resource.getrusage(who).ru_maxrss / 2**20, 2)


if __name__ == "__main__":
    sys.exit(main())
