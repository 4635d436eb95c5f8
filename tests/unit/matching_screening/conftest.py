"""A warehouse as `prepare` leaves it: suppliers, entries of lists and their names, without dbt."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import duckdb
import polars as pl
import pytest

from matching.screening import write_list_candidates
from matching.tables import create_missing_tables
from tierline.run import PROJECT
from tierline.warehouse import connect

_WEIGHTS = PROJECT / "dbt_project" / "seeds" / "screening" / "screening_weight.csv"
_NAME_FEATURE = "STRUCT(words VARCHAR[], weights DOUBLE[], kind VARCHAR)"
_COMMON = {"TRADING": 0.4, "TEXTILES": 0.5, "STAR": 0.5, "AND": 0.2}


@dataclass
class Screening:
    """Suppliers and entries to screen; names are taken as they stand, in capitals, common words with less weight."""

    connection: duckdb.DuckDBPyConnection
    spellings: set[str] = field(default_factory=set)

    def supplier(self, ref: str, *names: str, is_natural_person: bool = False, **values: Any) -> None:
        """Adds a supplier record: its name and its aliases, `country`, `town`, `address`, `identifiers`."""
        self.connection.execute(
            "INSERT INTO intermediate.int_supplier_records VALUES (?, ?, ?, ?, ?, ?, ?)",
            [ref, names[0], list(names[1:]), is_natural_person, *self._place(values)],
        )
        self._identifiers("int_supplier_identifiers", ref, values)
        self.spellings.update(names)

    def entry(self, row_id: str, name: str, *others: tuple[str, str], **values: Any) -> None:
        """Adds an entry of a list: its name, other names with their roles, and the same as a supplier has."""
        self.connection.execute(
            "INSERT INTO staging.stg_list_entry VALUES (?, ?, ?, ?)", [row_id, *self._place(values)]
        )
        for spelling, role in [(name, "name"), *others]:
            self.connection.execute(
                "INSERT INTO intermediate.int_list_entry_names VALUES (?, ?, ?)", [row_id, spelling, role]
            )
            self.spellings.add(spelling)
        self._identifiers("int_list_entry_identifiers", row_id, values)

    def candidates(self) -> list[dict[str, Any]]:
        """Screens and gives the candidates, the explanation as feature → (level, weight)."""
        rows = [(spelling, _feature(spelling)) for spelling in sorted(self.spellings)]
        self.connection.execute("DELETE FROM intermediate.int_name_keys")
        self.connection.executemany(
            "INSERT INTO intermediate.int_name_keys VALUES (?, ?, ?)",
            [(spelling, " ".join(feature["words"]), feature) for spelling, feature in rows],
        )
        write_list_candidates(self.connection)
        found = self.connection.execute("SELECT * FROM matching.list_candidate").pl()
        return [_told(row) for row in found.iter_rows(named=True)]

    @staticmethod
    def _place(values: dict[str, Any]) -> list[Any]:
        return [values.get("country"), values.get("town"), values.get("address")]

    def _identifiers(self, table: str, owner: str, values: dict[str, Any]) -> None:
        for link_key in values.get("identifiers", ()):
            self.connection.execute(
                f"INSERT INTO intermediate.{table} VALUES (?, ?, ?)", [owner, link_key.split()[0], link_key]
            )


def _feature(spelling: str) -> dict[str, Any]:
    words = spelling.upper().split()
    return {"words": words, "weights": [_COMMON.get(word, 1.0) for word in words], "kind": None}


def _told(row: dict[str, Any]) -> dict[str, Any]:
    explanation = {part["feature"]: (part["level"], part["weight"]) for part in row["explanation"]}
    return {**row, "explanation": explanation}


def _tables(columns: Iterable[str]) -> str:
    return ";".join(f"CREATE TABLE {table}" for table in columns)


@pytest.fixture
def screening() -> Iterator[Screening]:
    with connect() as connection:
        for schema in ("intermediate", "staging", "seeds"):
            connection.execute(f"CREATE SCHEMA {schema}")
        place = "country_code VARCHAR, locality VARCHAR, address VARCHAR"
        connection.execute(
            _tables(
                [
                    "intermediate.int_supplier_records (supplier_ref VARCHAR, supplier_name VARCHAR, aliases VARCHAR[],"
                    f" is_natural_person BOOLEAN, {place})",
                    f"staging.stg_list_entry (row_id VARCHAR, {place})",
                    "intermediate.int_list_entry_names (row_id VARCHAR, spelling VARCHAR, name_role VARCHAR)",
                    "intermediate.int_supplier_identifiers (supplier_ref VARCHAR, method VARCHAR, link_key VARCHAR)",
                    "intermediate.int_list_entry_identifiers (row_id VARCHAR, method VARCHAR, link_key VARCHAR)",
                    f"intermediate.int_name_keys (spelling VARCHAR, name_key VARCHAR, name_feature {_NAME_FEATURE})",
                ]
            )
        )
        weights = pl.read_csv(_WEIGHTS, schema_overrides={"least_value": pl.Float64, "weight": pl.Float64})
        connection.register("weights", weights.to_arrow())
        connection.execute("CREATE TABLE seeds.screening_weight AS SELECT * FROM weights")
        create_missing_tables(connection)
        yield Screening(connection)
