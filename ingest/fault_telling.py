"""All faults of the records that have one: a second look at those alone, so that sound records cost nothing."""

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from ingest.mapping import compile_mapping
from ingest.mapping_spec import Mapping
from ingest.mapping_statement import Context
from ingest.quarantine import ALSO, MOST_TOLD, Fault
from ingest.spec import SourceSpec

_MOST_FAULTS = 100_000
_RECORDS = "hit_record"


def tell_faults(connection: duckdb.DuckDBPyConnection, spec: SourceSpec, context: Context) -> None:
    """Makes the temporary table `told_fault` (_snapshot_sha256, _record_no, reason_code, reason, remedy).

    It has one row for each record in `hit`: code and remedy are those of its first fault, by mapping and field, and the
    reason tells the first few, each with the numbers of the items that have it where a mapping has `each`.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_RECORDS} AS SELECT * FROM {context.raw_table} "
        "SEMI JOIN hit USING (_snapshot_sha256, _record_no)"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE found_fault "
        "(_snapshot_sha256 VARCHAR, _record_no BIGINT, item_no BIGINT, fault_no BIGINT)"
    )
    faults: list[tuple[int, Fault]] = []
    for number, mapping in enumerate(spec.mapping):
        found = _find(connection, mapping, replace(context, raw_table=_RECORDS), first_no=number * _MOST_FAULTS)
        faults.extend((number * _MOST_FAULTS + problem, fault) for problem, fault in enumerate(found, start=1))
    _keep_words(connection, faults)
    _tell(connection)


def _find(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, context: Context, *, first_no: int
) -> Sequence[Fault]:
    compiled = compile_mapping(mapping, context, tells_all=True)
    item_no = "item_no" if mapping.each else "CAST(NULL AS BIGINT)"
    connection.execute(
        f"INSERT INTO found_fault SELECT DISTINCT _snapshot_sha256, _record_no, {item_no}, "
        f"{first_no} + unnest(problems) FROM ({compiled.sql}) WHERE problem > 0",
        compiled.parameters,
    )
    return compiled.faults


def _keep_words(connection: duckdb.DuckDBPyConnection, faults: Sequence[tuple[int, Fault]]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE fault AS SELECT unnest(CAST($numbers AS BIGINT[])) AS fault_no, "
        "unnest($codes) AS reason_code, unnest($reasons) AS reason, unnest($remedies) AS remedy",
        {
            "numbers": [number for number, _ in faults],
            "codes": [fault.code for _, fault in faults],
            "reasons": [fault.reason for _, fault in faults],
            "remedies": [fault.remedy for _, fault in faults],
        },
    )


def _tell(connection: duckdb.DuckDBPyConnection) -> None:
    """Items of one fault are told together, a fault that several mappings find is told once."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE told_fault AS
        WITH alike AS (
            SELECT _snapshot_sha256, _record_no, reason, min(fault_no) AS fault_no,
                list_sort(list(DISTINCT item_no) FILTER (item_no IS NOT NULL)) AS items
            FROM found_fault JOIN fault USING (fault_no)
            GROUP BY ALL
        ),
        worded AS (
            SELECT *, row_number() OVER (PARTITION BY _snapshot_sha256, _record_no ORDER BY fault_no) AS place,
                CASE WHEN len(items) > 0 THEN concat(' (item', CASE WHEN len(items) > 1 THEN 's' END, ' ',
                    array_to_string(items[:$most], ', '), CASE WHEN len(items) > $most THEN ' and more' END, ')')
                ELSE '' END AS in_items
            FROM alike
        )
        SELECT _snapshot_sha256, _record_no, first(fault.reason_code ORDER BY place) AS reason_code,
            string_agg(worded.reason || in_items, $also ORDER BY place) FILTER (place <= $most)
                || CASE WHEN count(*) > $most THEN '; and more' ELSE '' END AS reason,
            first(fault.remedy ORDER BY place) AS remedy
        FROM worded JOIN fault USING (fault_no)
        GROUP BY ALL
        """,
        {"most": MOST_TOLD, "also": ALSO},
    )
