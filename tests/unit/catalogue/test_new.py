"""`tierline sources new`: what it sees in a sample, what it only tells, and that its draft works at once."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from ingest.catalogue.comparison import try_source
from ingest.catalogue.headings import heading_key
from ingest.catalogue.profile import has_lei_check_digits
from ingest.catalogue.scaffold import Scaffold, new_source
from ingest.catalogue.trial import fixtures_of
from ingest.contracts import CONTRACTS
from ingest.reference import HEADING_SYNONYMS
from ingest.spec import SOURCES, SourceSpec, load_spec
from tierline.cli import app
from tierline.errors import ConfigError

CLI = CliRunner()
LEIS = ["5493001KJTIIGC8Y1R12", "HWUPKR0MPOU8FGXBT394"]
SPANISH = (
    "Código Proveedor;Razón Social;País;Provincia;Trabajadores;Alta;Activo\n"
    + "".join(
        f"P-{number};Fábrica {number};{('España', 'Perú', 'Brasil')[number % 3]};Norte;1.{number:03d};"
        f"{number % 27 + 1:02d}/03/2024;{('sí', 'no')[number % 2]}\n"
        for number in range(40)
    )
)  # fmt: skip


def draft(tmp_path: Path, text: str | bytes, name: str = "sample.csv", **options: Any) -> tuple[Scaffold, SourceSpec]:
    sample = tmp_path / name
    sample.write_bytes(text.encode() if isinstance(text, str) else text)
    sources = options.pop("sources", tmp_path / "sources")
    made = new_source("drafted", sample, sources=sources, **options)
    return made, load_spec("drafted", sources)


def fields(spec: SourceSpec) -> dict[str, str | None]:
    return {name: field.column or field.path for name, field in spec.mapping[0].fields.items()}


def table(rows: list[list[str]], delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return written.getvalue()


def test_headings_of_another_language_delimiter_and_encoding_are_seen(tmp_path: Path) -> None:
    made, spec = draft(tmp_path, SPANISH.encode("cp1252"))

    assert (spec.format.kind, spec.format.encoding, spec.format.delimiter) == ("csv", "latin-1", ";")
    assert fields(spec) == {
        "supplier_ref": "Código Proveedor",
        "name": "Razón Social",
        "country_text": "País",
        "region": "Provincia",
        "workers": "Trabajadores",
    }
    assert spec.key == ("Código Proveedor",)
    assert spec.mapping[0].fields["workers"].thousands_separator == "."
    assert any("not UTF-8" in line for line in made.draft.to_decide)


@pytest.mark.parametrize("source", sorted(path.parent.name for path in SOURCES.glob("*/source.yml")))
def test_a_draft_from_any_declared_fixture_passes_its_test_at_once(source: str, tmp_path: Path) -> None:
    for number, item in enumerate(fixtures_of(source)):
        sources = tmp_path / str(number)
        new_source("drafted", item.path, sources=sources, with_fixture=True)
        written = try_source("drafted", tmp_path / f"home{number}", sources, write=True)

        assert written.is_as_expected, written.told()
        assert all(outcome.read for outcome in written.found.values())


def test_day_and_month_that_cannot_be_told_apart_are_told_and_not_guessed(tmp_path: Path) -> None:
    rows = [["order id", "line", "vendor id", "order date", "delivery date"]]
    rows += [[f"o{n}", "1", "v", f"0{n % 9 + 1}/0{n % 7 + 1}/2024", f"{n % 14 + 13}/02/2024"] for n in range(30)]
    made, spec = draft(tmp_path, table(rows), table="purchase_order_line")

    assert spec.mapping[0].fields["delivered_on"].formats == ("%d/%m/%Y",)
    assert spec.mapping[0].fields["ordered_on"].formats == ()
    assert any("%d/%m/%Y or %m/%d/%Y; day and month cannot be told apart" in line for line in made.draft.to_decide)
    assert "to decide: formats: one of %d/%m/%Y or %m/%d/%Y" in (made.folder / "source.yml").read_text()


def test_a_sign_that_may_part_thousands_or_decimals_is_told_and_left_out(tmp_path: Path) -> None:
    rows = [["order id", "line", "vendor id", "order date", "unit price", "amount"]]
    rows += [[f"o{n}", "1", "v", "2024-03-01", f"1,{n:03d}", f"1.{n:03d},50"] for n in range(30)]
    made, spec = draft(tmp_path, table(rows), table="purchase_order_line")

    assert "unit_price" not in spec.mapping[0].fields
    assert any("unit_price ← unit price" in line for line in made.draft.to_decide)
    amount = spec.mapping[0].fields["amount"]
    assert (amount.thousands_separator, amount.decimal_mark) == (".", ",")


def test_values_of_a_code_list_are_taken_where_they_are_known_and_told_where_not(tmp_path: Path) -> None:
    rows = [["finding id", "standard", "audit date", "severity", "status", "outcome", "audit type"]]
    grades = ("Critical", "Major", "Grave")
    rows += [[f"f{n}", "OWN", "2024-03-01", grades[n % 3], "Open", "Adverse", "surprise"] for n in range(30)]
    made, spec = draft(tmp_path, table(rows), table="audit_finding")
    text = (made.folder / "source.yml").read_text()

    assert spec.enumerations["grade_values"] == {"Critical": "critical", "Major": "major"}
    assert "# to decide: Grave:" in text
    assert spec.enumerations["source_type_values"] == {}
    assert any("source_type ← audit type" in line for line in made.draft.to_decide)


def test_a_required_field_that_nothing_fills_sends_records_to_quarantine(tmp_path: Path) -> None:
    made, _ = draft(
        tmp_path, "finding id,scheme,audit date\n1,OWN,2024-01-01\n", table="audit_finding", with_fixture=True
    )
    tried = try_source("drafted", tmp_path / "home", made.folder.parent, write=True)

    assert tried.found["first_records.csv"].quarantined == {"missing value": 1}
    assert any(line.startswith("outcome: no column was found and it is required") for line in made.draft.to_decide)


def test_without_asking_no_record_of_the_sample_is_written(tmp_path: Path) -> None:
    rows = [["vendor id", "name", "remark"], *([f"v{n}", f"SECRET-{n}", f"CANARY {n}"] for n in range(30))]
    made, _ = draft(tmp_path, table(rows))
    written = [path for path in made.folder.rglob("*") if path.is_file()]

    assert [path.name for path in written] == ["source.yml"]
    assert "SECRET" not in written[0].read_text()
    assert "CANARY" not in written[0].read_text()


def test_null_spellings_countries_leis_and_coordinates_are_seen_in_the_values(tmp_path: Path) -> None:
    where = ("Peru", "BD", "Viêt Nam")
    rows = [["key number", "company", "where", "x1", "a", "b"]]
    rows += [
        [f"k{n}", f"Firm {n}" if n else "N/A", where[n % 3], LEIS[n % 2], f"{n}.1234", f"{n + 95}.4321"]
        for n in range(30)
    ]  # fmt: skip
    _, site = draft(tmp_path, table(rows), table="facility")
    _, firm = draft(tmp_path, table(rows), table="supplier", sources=tmp_path / "others")

    assert site.null_values == ("", "N/A")
    found = fields(site)
    assert (found["country_text"], found["latitude"], found["longitude"]) == ("where", "a", "b")
    assert fields(firm)["lei"] == "x1"


def test_check_digits_decide_what_is_a_lei() -> None:
    assert all(has_lei_check_digits(text) for text in LEIS)
    assert not has_lei_check_digits("5493001KJTIIGC8Y1R13")
    assert not has_lei_check_digits("5493001KJTIIGC8Y1R1")


def test_records_inside_a_json_document_are_found_with_their_arrays(tmp_path: Path) -> None:
    document = {
        "meta": {"count": 2},
        "data": {"my rows": [{"id": f"s{n}", "name": f"N{n}", "tags": ["a"]} for n in (1, 2)]},
    }
    made, spec = draft(tmp_path, json.dumps(document), "sample.json", with_fixture=True)

    assert spec.format.records == '$.data."my rows"[*]'
    assert fields(spec) == {"supplier_ref": "$.id", "name": "$.name"}
    assert any("$.tags[*]" in line for line in made.draft.to_decide)
    assert (
        try_source("drafted", tmp_path / "home", made.folder.parent, write=True).found["first_records.json"].loaded == 2
    )


def test_lines_of_json_gzip_and_workbooks_are_recognised_by_their_bytes(tmp_path: Path) -> None:
    lines = gzip.compress(b'{"vendor id": "1", "name": "A"}\n{"vendor id": "2", "name": "B"}\n')
    made, spec = draft(tmp_path, lines, "no-suffix")
    assert spec.format.kind == "jsonl"
    assert "packed with gzip" in (made.folder / "source.yml").read_text()

    workbook = Workbook()
    for row in (["vendor id", "name", "workers"], ["1", "A", 12], ["2", "B", 7]):
        workbook.active.append(row)
    saved = io.BytesIO()
    workbook.save(saved)
    (tmp_path / "x").mkdir()
    made, spec = draft(tmp_path / "x", saved.getvalue(), "no-suffix", with_fixture=True)
    assert (spec.format.kind, fields(spec)["workers"]) == ("xlsx", "workers")
    assert (
        try_source("drafted", tmp_path / "home", made.folder.parent, write=True).found["first_records.xlsx"].loaded == 2
    )


def test_headings_that_stand_twice_are_told_and_not_declared(tmp_path: Path) -> None:
    made, spec = draft(tmp_path, "vendor id,name,note,note,\n1,A,x,y,z\n2,B,x,y,z\n")

    assert not {"note", "note_2", ""} & {*spec.columns, *spec.optional_columns}
    assert any("note" in line for line in made.draft.to_decide)


def test_of_a_large_sample_a_bounded_part_is_looked_at(tmp_path: Path) -> None:
    made, _ = draft(tmp_path, "vendor id,name\n" + "".join(f"v{n},Name {n}\n" for n in range(20_000)))

    assert made.draft.sample.columns.height == 5_000
    assert "the first 5,000 records" in made.told()


def test_what_exists_is_not_overwritten_and_a_wrong_table_is_answered(tmp_path: Path) -> None:
    draft(tmp_path, "vendor id,name\n1,A\n")
    with pytest.raises(ConfigError, match="there already"):
        draft(tmp_path, "vendor id,name\n1,A\n")
    with pytest.raises(ConfigError, match="no canonical table"):
        new_source("other", tmp_path / "sample.csv", table="suppliers", sources=tmp_path / "sources")
    with pytest.raises(ConfigError, match="cannot be scaffolded"):
        new_source("other", tmp_path / "sample.csv", table="survey_answer", sources=tmp_path / "sources")
    with pytest.raises(ConfigError, match="is no id"):
        new_source("../evil", tmp_path / "sample.csv", sources=tmp_path / "sources")


def test_the_command_writes_a_fixture_only_when_asked_and_tests_it(tmp_path: Path) -> None:
    sample = tmp_path / "s.csv"
    sample.write_text("vendor id,name,country\n1,A,Peru\n2,B,Chad\n")
    made = CLI.invoke(app, ["sources", "new", "mine", str(sample), "--to", str(tmp_path / "decl"), "--with-fixture"])

    assert made.exit_code == 0, made.output
    assert "mine: wrote expected.json: 2 of 2 records are loaded\n" in made.stdout
    assert "To decide:" in made.stdout
    assert (tmp_path / "decl" / "mine" / "fixtures" / "expected.json").is_file()


def test_synonyms_are_written_as_headings_are_compared_and_name_known_fields() -> None:
    with HEADING_SYNONYMS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {field for contract in CONTRACTS.values() for field in contract.field_names}

    assert len({row["language"] for row in rows}) >= 5
    for row in rows:
        assert heading_key(row["heading"]) == row["heading"]
        assert row["field"] in (names if row["table"] == "*" else CONTRACTS[row["table"]].field_names)
