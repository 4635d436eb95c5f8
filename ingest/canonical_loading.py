"""Raw records → canonical rows by the mappings of a declaration, and what breaks a contract → `faulty`."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from ingest.fault_telling import tell_faults
from ingest.landing import LandedFile
from ingest.mapping import compile_mapping
from ingest.mapping_spec import Mapping
from ingest.mapping_statement import Context
from ingest.ocds.merged_records import keep_states, parts_of
from ingest.spec import SourceSpec
from ingest.stores import raw_columns_of, text_of_row
from tierline.warehouse import quote_identifier

_SHORT_HASH = 12


@dataclass(frozen=True)
class _MappedRows:
    """The rows that one mapping gives: a relation in SQL, what is bound to it, and whether a row can be faulty."""

    mapping: Mapping
    relation: str
    parameters: dict[str, Any]
    has_faults: bool


class CanonicalLoader:
    """Fills the canonical tables of one source from its raw table."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        source_name: str,
        spec: SourceSpec,
        *,
        table: str,
        files: Sequence[LandedFile],
    ) -> None:
        self._connection = connection
        self._source_name = source_name
        self._spec = spec
        self._table = table
        self._files = files
        self._context: Context | None = None
        self._mapped: list[_MappedRows] = []

    @property
    def gives_a_row_a_record(self) -> bool:
        """Whether each sound record gives just one canonical row, so that the faulty ones are those without a row."""
        mapping = self._spec.mapping[0]
        is_split = mapping.when or mapping.each or mapping.each_of or mapping.questions
        return self._spec.is_tabular and len(self._spec.mapping) == 1 and not is_split

    def map_records(self, context: Context) -> None:
        """Prepares the rows of every mapping.

        Cells are cheap to read twice, once for their faults and once for their values; the paths of JSON are not, so
        what is found at them is kept in between.
        """
        self._context = context
        if self._spec.is_tabular:
            for mapping in self._spec.mapping:
                compiled = compile_mapping(mapping, context)
                self._mapped.append(
                    _MappedRows(mapping, f"({compiled.sql})", compiled.parameters, bool(compiled.faults))
                )
        else:
            self._keep_rows(context)

    def _keep_rows(self, context: Context) -> None:
        """Maps part by part, so that of merged records few are held at a time."""
        with closing(parts_of(self._connection, context.raw_table, self._spec, self._files)) as parts:
            for part in parts:
                self._keep_rows_of(part, context)

    def _keep_rows_of(self, part: str, context: Context) -> None:
        is_first = not self._mapped
        self._mapped = [
            self._kept_rows(mapping, replace(context, raw_table=part), f"mapped_{number}", is_first=is_first)
            for number, mapping in enumerate(self._spec.mapping)
        ]
        hits = [f"SELECT _snapshot_sha256, _record_no FROM {rows.relation} WHERE problem > 0" for rows in self._mapped]
        keep_states(self._connection, part, " UNION ALL ".join(hits))

    def _kept_rows(self, mapping: Mapping, context: Context, table: str, *, is_first: bool) -> _MappedRows:
        compiled = compile_mapping(mapping, context)
        verb = f"CREATE OR REPLACE TEMP TABLE {table} AS" if is_first else f"INSERT INTO {table} BY NAME"
        self._connection.execute(f"{verb} {compiled.sql}", compiled.parameters)
        return _MappedRows(mapping, table, {}, bool(compiled.faults))

    def quarantine_faults(self) -> None:
        """Adds each record that breaks a contract to `faulty`, with its first faults: the code is that of the first."""
        self._connection.execute("CREATE OR REPLACE TEMP TABLE hit (_snapshot_sha256 VARCHAR, _record_no BIGINT)")
        for rows in self._mapped:
            if rows.has_faults:
                self._connection.execute(
                    f"INSERT INTO hit SELECT _snapshot_sha256, _record_no FROM {rows.relation} WHERE problem > 0",
                    rows.parameters,
                )
        if self._context is None or self._connection.execute("SELECT 1 FROM hit LIMIT 1").fetchone() is None:
            return
        tell_faults(self._connection, self._spec, self._context)
        columns = raw_columns_of(self._connection, self._table)
        self._connection.execute(
            f"""
            INSERT INTO faulty
            SELECT loaded._snapshot_sha256, loaded._record_no, told.reason_code, told.reason, told.remedy,
                {text_of_row(self._spec, columns)}
            FROM told_fault AS told
            JOIN {self._table} AS loaded
                ON loaded._snapshot_sha256 = told._snapshot_sha256 AND loaded._record_no = told._record_no
            """
        )

    def keep_sound_records(self) -> None:
        """Removes what is faulty from the raw table."""
        if self._connection.execute("SELECT 1 FROM faulty LIMIT 1").fetchone() is None:
            return
        self._connection.execute(
            f"DELETE FROM {self._table} AS loaded USING faulty "
            "WHERE faulty.snapshot_sha256 = loaded._snapshot_sha256 AND faulty.record_no = loaded._record_no"
        )

    def fill(self) -> int:
        """Writes the rows of sound records to the canonical tables; gives how many."""
        written, filled = 0, dict[str, int]()
        for rows in self._mapped:
            table = rows.mapping.table
            filled[table] = filled.get(table, 0) + 1
            written += self._fill_from(rows, suffix=f":m{filled[table]}" if filled[table] > 1 else "")
            if not self._spec.is_tabular:
                self._connection.execute(f"DROP TABLE {rows.relation}")
        return written

    def _fill_from(self, rows: _MappedRows, *, suffix: str) -> int:
        names = ", ".join(quote_identifier(name) for name in rows.mapping.contract.field_names)
        conditions = ["problem = 0"] if self._spec.is_tabular and rows.has_faults else []
        conditions += ["answer IS NOT NULL"] if rows.mapping.questions else []
        written = self._connection.execute(
            f"""
            INSERT INTO {rows.mapping.contract.qualified_name}
                (row_id, source_id, snapshot_sha256, record_no, item_no, known_on, {names})
            SELECT concat($source, ':', left(_snapshot_sha256, {_SHORT_HASH}), ':', _record_no,
                    coalesce(':' || item_no, ''), $suffix),
                $source, _snapshot_sha256, _record_no, item_no, known_on, {names}
            FROM {rows.relation} AS mapped
            {self._without_faulty()}
            {"WHERE " + " AND ".join(conditions) if conditions else ""}
            """,
            {"source": self._source_name, "suffix": suffix, **rows.parameters},
        ).fetchone()
        return int(written[0]) if written else 0

    def _without_faulty(self) -> str:
        if self._spec.is_tabular:
            return ""  # they read the raw table, which holds sound records alone by now
        return "ANTI JOIN faulty ON faulty.snapshot_sha256 = _snapshot_sha256 AND faulty.record_no = _record_no"
