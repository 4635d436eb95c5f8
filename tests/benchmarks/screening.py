"""A list of bidders among invented suppliers and entries of lists: processor time and memory of each part.

A third of the bidders are suppliers under their name or misspelt, some with a number, some are on lists, the others are
nobody. The list is checked twice: with a country for each bidder, and without that column.
"""

import argparse
import csv
import io
import random
import shutil
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from tests.benchmarks.lookup_population import RUN_ID, write_publication
from tests.benchmarks.matching_population import write_companies
from tests.benchmarks.misspelling import KINDS, misspelt
from tests.benchmarks.processes import apart, peak_gib

SIZES: Final = (1_000_000,)
BIDDERS: Final = 10_000
ENTRIES: Final = 100_000
SEED: Final = 1
OUT: Final = Path("build") / "bench"
DAY: Final = date(2026, 11, 20)
_LISTED = """
SELECT 'list:' || company AS row_id, concat_ws(' ', first_word, second_word, trade_word, other_trade_word, unit)
    AS name_key, name_key || ' Ltd' AS name, country_code
FROM companies
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints a Markdown table and writes it to build/bench; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--bidders", type=int, default=BIDDERS)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    options = parser.parse_args([] if arguments is None else arguments)
    measured = [told for size in options.sizes for told in _measured(OUT / "screening" / str(size), size, options)]
    told = _table(measured)
    (OUT / "screening.md").write_text(told, encoding="utf-8")
    print(told)
    return 0


def _measured(folder: Path, suppliers: int, options: argparse.Namespace) -> list[dict[str, Any]]:
    shutil.rmtree(folder, ignore_errors=True)
    publication = folder / RUN_ID
    apart(_write, folder, suppliers, options.entries)
    about = {"suppliers": suppliers, "entries": options.entries, "bidders": options.bidders}
    told = []
    for countries in (True, False):
        listing = folder / f"bidders{'' if countries else '_without_countries'}.csv"
        listing.write_bytes(_bidders(publication, options.bidders, countries=countries))
        told.append({**about, "countries": "yes" if countries else "no", **apart(_screened, publication, listing)})
    return told


def _write(folder: Path, suppliers: int, entries: int) -> None:
    """Writes the publication: the suppliers of the lookup's measure, entries of a list, and the other tables empty."""
    import json

    from serving.descriptions import described_tables
    from serving.search import build_index
    from serving.tables import COPIED
    from tierline.run import PROJECT
    from tierline.warehouse import connect

    write_publication(folder, suppliers, 300, SEED)
    publication = folder / RUN_ID
    (publication / "warehouse.duckdb").unlink()
    described = described_tables(PROJECT)
    with connect(publication / "warehouse.duckdb") as connection:
        for table in COPIED:
            texts = described[table.origin].columns
            columns = ", ".join(
                f'"{name}" {(texts[name].data_type if name in texts else None) or "varchar"}' for name in table.columns
            )
            connection.execute(f"CREATE TABLE {table.name} ({columns})")
            path = publication / "parquet" / f"{table.name}.parquet"
            if path.is_file():
                connection.execute(_copied(table.name, str(path)))
        write_companies(connection, entries, seed=SEED + 1)
        connection.execute(f"CREATE TEMP TABLE listed AS {_LISTED}")
        connection.execute(
            "INSERT INTO dim_list_entry BY NAME SELECT row_id, row_id AS entry_id, row_id AS entry_ref, 'invented' AS"
            " list_name, 'invented' AS source_id, 'company' AS entry_kind, name, country_code, 'in_force' AS status,"
            " false AS second_hand FROM listed"
        )
        connection.execute(
            "INSERT INTO dim_list_entry_name BY NAME SELECT row_id, name, 'name' AS name_role, name_key FROM listed"
        )
        connection.execute(
            "INSERT INTO supplier_score BY NAME SELECT supplier_id, 'Moderate' AS band, '' AS band_reason, '' AS action"
            " FROM dim_supplier"
        )
        _add_numbers_of_the_method(connection)
    manifest = json.loads((publication / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"tables": {table.name: {} for table in COPIED}, "title": "invented", "method_version": "0"}
    (publication / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    build_index(publication, publication / "search")


def _copied(name: str, path: str) -> str:
    """Gives the statement that copies those columns of a table that the lookup's measure writes."""
    known = {
        "dim_supplier": "supplier_id, name, country_code, sector_label, is_natural_person",
        "dim_supplier_identifier": "supplier_id, method, link_key",
    }
    return f"INSERT INTO {name} BY NAME SELECT {known[name]} FROM read_parquet('{path}')" if name in known else ""


def _add_numbers_of_the_method(connection: Any) -> None:
    from tierline.run import PROJECT

    seeds = PROJECT / "dbt_project" / "seeds" / "catalogue"
    for name in ("inherent_prior", "band_rule"):
        rows = pl.read_csv(seeds / f"{name}.csv")
        columns = [column for column, *_ in connection.execute(f"DESCRIBE {name}").fetchall()]
        connection.register("rows", rows.select(column for column in columns if column in rows.columns).to_arrow())
        connection.execute(f"INSERT INTO {name} BY NAME FROM rows")
        connection.unregister("rows")


def _bidders(publication: Path, count: int, *, countries: bool) -> bytes:
    """Gives a list: a third suppliers, half of them misspelt; a fiftieth entries of the list; the others nobody."""
    from tierline.warehouse import connect

    chance = random.Random(SEED)
    with connect(publication / "warehouse.duckdb", read_only=True) as connection:
        known = connection.execute(
            "SELECT name, country_code FROM dim_supplier ORDER BY hash(supplier_id) LIMIT ?", [count // 3]
        ).fetchall()
        listed = connection.execute(
            "SELECT name, country_code FROM dim_list_entry ORDER BY hash(row_id) LIMIT ?", [count // 50]
        ).fetchall()
    with connect() as connection:
        write_companies(connection, count - len(known) - len(listed), seed=SEED + 2)
        nobody = connection.execute(f"SELECT name, country_code FROM ({_LISTED})").fetchall()
    rows = [
        (misspelt(name, chance.choice(KINDS), chance) if place % 2 else name, country)
        for place, (name, country) in enumerate(known)
    ]
    rows += [*listed, *nobody]
    chance.shuffle(rows)
    text = io.StringIO()
    csv.writer(text).writerows(row if countries else row[:1] for row in [("Bidder", "Country"), *rows])
    return text.getvalue().encode()


def _screened(publication: Path, listing: Path) -> dict[str, Any]:
    """Measures one check: reading, answers, and what is written of it."""
    from serving.language import language
    from serving.screening.check import Asked, checked
    from serving.screening.columns import recognised
    from serving.screening.document import record_pdf
    from serving.screening.outputs import workbook_bytes
    from serving.screening.reading import opened
    from serving.screening.table import Limits
    from serving.screening.upload import read_table

    speech, content, seconds = language("en"), listing.read_bytes(), _Seconds()
    table = read_table(content, Limits(), speech)
    asked = Asked(listing.name, content, table, recognised(table), DAY)
    seconds.note("read")
    with opened(publication) as read:
        record = checked(asked, read, Limits())
    seconds.note("check")
    memory = peak_gib()
    workbook_bytes(record, speech)
    seconds.note("workbook")
    record_pdf(record, speech)
    seconds.note("record")
    counts = record["counts"]
    return {**seconds.told, "gib": memory, "states": counts["states"], "hits": counts["with_list_hits"]}


class _Seconds:
    """Notes the seconds since the last note: by the processor, and by the clock."""

    def __init__(self) -> None:
        self.told: dict[str, float] = {}
        self._begun = (time.process_time(), time.perf_counter())

    def note(self, name: str) -> None:
        now = (time.process_time(), time.perf_counter())
        self.told |= {f"{name}_work": now[0] - self._begun[0], f"{name}_clock": now[1] - self._begun[1]}
        self._begun = now


def _table(measured: Sequence[dict[str, Any]]) -> str:
    parts = {
        "read": "reading the list",
        "check": "checking it",
        "workbook": "writing the workbook",
        "record": "the PDF",
    }
    rows: list[tuple[str, str, str]] = [
        ("bidders", "bidders", ",d"), ("with their countries", "countries", ""), ("entries on lists", "entries", ",d")
    ]  # fmt: skip
    for part, name in parts.items():
        rows += [(f"{name}, seconds of processor time", f"{part}_work", ".1f"),
                 (f"{name}, seconds by the clock", f"{part}_clock", ".1f")]  # fmt: skip
    rows += [("most memory of reading and checking, GiB", "gib", ".2f"), ("rows with entries of lists", "hits", ",d")]
    lines = ["| suppliers | " + " | ".join(f"{one['suppliers']:,}" for one in measured) + " |"]
    lines.append("|---|" + "---|" * len(measured))
    lines += [
        f"| {name} | " + " | ".join(format(one[key], form) for one in measured) + " |" for name, key, form in rows
    ]
    lines += [f"| rows by state | {' | '.join(str(one['states']) for one in measured)} |"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
