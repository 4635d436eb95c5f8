"""A bare warehouse whose only suppliers are given names, prepared as every run prepares them.

What is measured on it is what a run does: the same transliteration, the same dbt models, the same legal forms.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
LEGAL_FORMS = SHARED / "ownership" / "iso20275-legal-forms" / "elf-codes-1.4.1.csv"
AS_OF = date(2026, 11, 1)
_SOURCE = "names_to_measure"


@contextmanager
def prepared_names(names: pl.DataFrame, home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens a warehouse made anew in `home`, where each row is a supplier record and `prepare` has run.

    `names` has `supplier_ref`, `name` and any further columns of canonical.supplier. The list of legal forms is that of
    ISO 20275, with the seed. Raises what loading and preparing raise.
    """
    from ingest.steps import fetch_source, load
    from matching.steps import prepare
    from tierline.run import open_run
    from tierline.warehouse import connect

    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    config = home / "tierline.yml"
    config.write_text(
        f"home: home\nsources:\n  - {{id: legal_forms_iso20275, path: {LEGAL_FORMS}}}\n", encoding="utf-8"
    )
    run = open_run(config, run_id="names", today=AS_OF)
    fetch_source(run, "legal_forms_iso20275")
    load(run)
    with connect(run.home.warehouse) as connection:
        _insert(connection, names)
    prepare(run)
    with connect(run.home.warehouse) as connection:
        yield connection


def _insert(connection: duckdb.DuckDBPyConnection, names: pl.DataFrame) -> None:
    rows = names.with_columns(
        row_id=pl.concat_str(pl.lit(f"{_SOURCE}:"), "supplier_ref"),
        source_id=pl.lit(_SOURCE),
        snapshot_sha256=pl.lit("0" * 64),
        record_no=pl.int_range(1, pl.len() + 1),
    )
    connection.register("names_to_measure", rows.to_arrow())
    connection.execute("INSERT INTO canonical.supplier BY NAME SELECT * FROM names_to_measure")
    connection.unregister("names_to_measure")
