"""A publication of any size for the search: suppliers of a demo world, and invented ones up to the number."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl

from serving.search.spelling import LegalForm, Spelling
from tests.benchmarks.matching_population import write_companies
from tierline.run import PROJECT
from tierline.warehouse import connect

RUN_ID: Final = "invented"
_AS_OF: Final = date(2026, 11, 1)
_SEEDS: Final = PROJECT / "dbt_project" / "seeds" / "crosswalks"
_FORMS: Final = "['Ltd', 'Co., Ltd.', 'Limited', 'Pvt. Ltd.', 'S.A.', 'GmbH', 'LLC', 'Sdn. Bhd.', 'Inc.', 'S.A.R.L.']"
_INVENTED = f"""
SELECT 'S' || lpad(hex(company + $first), 12, '0') AS supplier_id,
    concat_ws(' ', first_word, second_word, trade_word, other_trade_word, unit) AS name_key,
    name_key || ' ' || list_extract({_FORMS}, CAST(1 + company % 10 AS INTEGER)) AS name,
    country_code
FROM companies
"""
_TABLES = {
    "dim_supplier": "SELECT supplier_id, name, country_code, 'Garments' AS sector_label, false AS is_natural_person"
    " FROM everybody ORDER BY supplier_id",
    "dim_supplier_name": "SELECT supplier_id, name, 'name' AS kind, name_key FROM everybody ORDER BY supplier_id",
    "dim_supplier_record": "SELECT supplier_id, 'erp:V' || CAST(row_number() OVER (ORDER BY supplier_id) AS VARCHAR)"
    " AS supplier_ref, name, supplier_id AS row_id FROM everybody ORDER BY supplier_id",
    "dim_supplier_identifier": "SELECT supplier_id, 'tax_number' AS method, 'tax_number ' || country_code || ' '"
    " || CAST(hash(supplier_id) % 10000000000 AS VARCHAR) AS link_key FROM everybody ORDER BY supplier_id",
    "entity_change": "SELECT supplier_id, 'new' AS kind, '' AS reason FROM everybody LIMIT 0",
    "legal_form": f"SELECT form, kind, may_lead, source FROM read_csv('{_SEEDS}/legal_form.csv')",
    "legal_form_key": "FROM forms",
    "name_abbreviation": f"SELECT abbreviation, word, source FROM read_csv('{_SEEDS}/name_abbreviation.csv')",
    "name_word_share": f"SELECT word, share, source FROM read_csv('{_SEEDS}/name_word_share.csv')",
}


@dataclass(frozen=True)
class DemoName:
    """A supplier of the demo world under its name."""

    supplier_id: str
    name: str
    country_code: str | None


def write_publication(published: Path, suppliers: int, demo: int, seed: int) -> list[DemoName]:
    """Writes the publication `invented`, makes it `current`, and gives its suppliers of the demo world."""
    spelling = _spelling()
    named = _demo_names(demo, seed)
    folder = published / RUN_ID
    (folder / "parquet").mkdir(parents=True)
    with connect(folder / "warehouse.duckdb", memory_limit="1500MB") as connection:
        write_companies(connection, suppliers - len(named), seed=seed)
        known = pl.DataFrame({
            "supplier_id": [one.supplier_id for one in named], "name_key": [spelling.key(one.name) for one in named],
            "name": [one.name for one in named], "country_code": [one.country_code for one in named],
        })  # fmt: skip
        forms = pl.DataFrame(
            [{"form_key": key, "may_lead": form.may_lead, "has_words": form.has_words}
             for key, form in spelling.forms.items()]
        )  # fmt: skip
        connection.register("known", known)
        connection.register("forms", forms)
        connection.execute(
            f"CREATE TEMP TABLE everybody AS FROM ({_INVENTED}) UNION ALL BY NAME FROM known", {"first": len(named)}
        )
        for table, query in _TABLES.items():
            connection.sql(query).write_parquet(str(folder / "parquet" / f"{table}.parquet"), compression="zstd")
    manifest = {
        "run_id": RUN_ID, "as_of": str(_AS_OF), "fictional": True, "tables": {}, "inputs": [], "sources_degraded": {},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (published / "current").symlink_to(RUN_ID)
    return named


def _demo_names(suppliers: int, seed: int) -> list[DemoName]:
    """Gives the vendors of a demo world, one a name."""
    from demo_world import write

    with TemporaryDirectory() as folder:
        write(Path(folder) / "demo", suppliers=suppliers, seed=seed, as_of=_AS_OF)
        vendors = pl.read_csv(Path(folder) / "demo" / "sources" / "erp" / "vendor_master.csv", infer_schema=False)
    names = vendors["vendor_name"].drop_nulls().unique(maintain_order=True).to_list()
    return [DemoName(f"S{place:012x}", name, None) for place, name in enumerate(names)]


def _spelling() -> Spelling:
    """Gives how names are spelled by the seeds alone, with keys of legal forms as the run makes them."""
    bare = Spelling()
    with (_SEEDS / "legal_form.csv").open(encoding="utf-8", newline="") as file:
        forms = [row for row in csv.DictReader(file) if row["kind"] != "part of the name"]
    with (_SEEDS / "name_abbreviation.csv").open(encoding="utf-8", newline="") as file:
        abbreviations = {row["abbreviation"]: row["word"] for row in csv.DictReader(file)}
    keyed: dict[str, LegalForm] = {}
    for row in forms:
        words = bare.words(row["form"])
        before = keyed.get("".join(words), LegalForm(False, False))
        may_lead = row["may_lead"] == "true"
        keyed["".join(words)] = LegalForm(before.may_lead or may_lead, before.has_words or len(words) > 1)
    return Spelling(keyed, abbreviations)
