"""Raw records → canonical rows by the mappings of a declaration, and what breaks a contract → `faulty`."""

from dataclasses import dataclass
from typing import Any

import duckdb

from ingest.mapping import Context, compile_mapping
from ingest.quarantine import Fault
from ingest.spec import Mapping, SourceSpec
from ingest.stores import raw_columns_of, text_of_row
from tierline.warehouse import quote_identifier

_SHORT_HASH = 12
_MOST_FAULTS = 100_000


@dataclass(frozen=True)
class _MappedRows:
    """The rows that one mapping gives: a relation in SQL, what is bound to it, and the faults its `problem` names."""

    mapping: Mapping
    relation: str
    parameters: dict[str, Any]
    faults: tuple[Fault, ...]


class CanonicalLoader:
    """Fills the canonical tables of one source from its raw table."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, source_name: str, spec: SourceSpec, *, table: str
    ) -> None:
        self._connection = connection
        self._source_name = source_name
        self._spec = spec
        self._table = table
        self._mapped: list[_MappedRows] = []

    def map_records(self, context: Context) -> None:
        """Prepares the rows of every mapping.

        Cells are cheap to read twice, once for their faults and once for their values; the paths of JSON are not, so
        what is found at them is kept in between.
        """
        for number, mapping in enumerate(self._spec.mapping):
            compiled = compile_mapping(mapping, context)
            if self._spec.is_tabular:
                rows = _MappedRows(mapping, f"({compiled.sql})", compiled.parameters, compiled.faults)
            else:
                self._connection.execute(
                    f"CREATE OR REPLACE TEMP TABLE mapped_{number} AS {compiled.sql}", compiled.parameters
                )
                rows = _MappedRows(mapping, f"mapped_{number}", {}, compiled.faults)
            self._mapped.append(rows)

    def quarantine_faults(self) -> None:
        """Adds each record that breaks a contract to `faulty`, with the first of its faults."""
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE hit (_snapshot_sha256 VARCHAR, _record_no BIGINT, fault_no BIGINT)"
        )
        for number, rows in enumerate(self._mapped):
            if rows.faults:
                self._connection.execute(
                    f"INSERT INTO hit SELECT _snapshot_sha256, _record_no, {number * _MOST_FAULTS} + problem "
                    f"FROM {rows.relation} WHERE problem > 0",
                    rows.parameters,
                )
        if self._connection.execute("SELECT 1 FROM hit LIMIT 1").fetchone() is None:
            return
        self._tell_faults()
        columns = raw_columns_of(self._connection, self._table)
        self._connection.execute(
            f"""
            INSERT INTO faulty
            WITH first_hit AS (
                SELECT _snapshot_sha256, _record_no, min(fault_no) AS fault_no FROM hit GROUP BY ALL
            )
            SELECT loaded._snapshot_sha256, loaded._record_no, fault.reason_code, fault.reason, fault.remedy,
                {text_of_row(self._spec, columns)}
            FROM first_hit
            JOIN fault ON fault.fault_no = first_hit.fault_no
            JOIN {self._table} AS loaded
                ON loaded._snapshot_sha256 = first_hit._snapshot_sha256 AND loaded._record_no = first_hit._record_no
            """
        )

    def _tell_faults(self) -> None:
        faults = [
            (number * _MOST_FAULTS + problem, fault)
            for number, rows in enumerate(self._mapped)
            for problem, fault in enumerate(rows.faults, start=1)
        ]
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE fault AS SELECT unnest(CAST($numbers AS BIGINT[])) AS fault_no, "
            "unnest($codes) AS reason_code, unnest($reasons) AS reason, unnest($remedies) AS remedy",
            {
                "numbers": [number for number, _ in faults],
                "codes": [fault.code for _, fault in faults],
                "reasons": [fault.reason for _, fault in faults],
                "remedies": [fault.remedy for _, fault in faults],
            },
        )

    def keep_sound_records(self) -> None:
        """Removes what is faulty from the raw table."""
        if self._connection.execute("SELECT 1 FROM faulty LIMIT 1").fetchone() is None:
            return
        self._connection.execute(
            f"DELETE FROM {self._table} AS loaded USING faulty "
            "WHERE faulty.snapshot_sha256 = loaded._snapshot_sha256 AND faulty.record_no = loaded._record_no"
        )

    def fill(self) -> None:
        """Writes the rows of sound records to the canonical tables."""
        filled: dict[str, int] = {}
        for rows in self._mapped:
            table = rows.mapping.table
            filled[table] = filled.get(table, 0) + 1
            self._fill_from(rows, suffix=f":m{filled[table]}" if filled[table] > 1 else "")
            if not self._spec.is_tabular:
                self._connection.execute(f"DROP TABLE {rows.relation}")

    def _fill_from(self, rows: _MappedRows, *, suffix: str) -> None:
        names = ", ".join(quote_identifier(name) for name in rows.mapping.contract.field_names)
        is_answered = "WHERE answer IS NOT NULL" if rows.mapping.questions else ""
        self._connection.execute(
            f"""
            INSERT INTO {rows.mapping.contract.qualified_name}
                (row_id, source_id, snapshot_sha256, record_no, item_no, known_on, {names})
            SELECT concat($source, ':', left(_snapshot_sha256, {_SHORT_HASH}), ':', _record_no,
                    coalesce(':' || item_no, ''), $suffix),
                $source, _snapshot_sha256, _record_no, item_no, known_on, {names}
            FROM {rows.relation} AS mapped
            {self._without_faulty()}
            {is_answered}
            """,
            {"source": self._source_name, "suffix": suffix, **rows.parameters},
        )

    def _without_faulty(self) -> str:
        if self._spec.is_tabular:
            return ""  # they read the raw table, which holds sound records alone by now
        return "ANTI JOIN faulty ON faulty.snapshot_sha256 = _snapshot_sha256 AND faulty.record_no = _record_no"
