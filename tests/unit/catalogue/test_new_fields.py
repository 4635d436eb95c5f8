"""`tierline sources new`: which column or path fills which field, and what is left to a person rather than guessed."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.catalogue.comparison import try_source
from ingest.catalogue.headings import heading_form
from ingest.catalogue.scaffold import Scaffold, new_source
from ingest.spec import FieldMapping, SourceSpec, load_spec

AUDITS = {
    "a": [
        {"id": "1", "site": {"code": "C", "supplier": "S-1"}, "visit": {"date": "2026-01-02", "firm": "Seen Ltd"},
         "f": [{"code": "K1", "result": "Adverse"}, {"code": "K2", "result": "Clean"}]},
        {"id": "2", "site": {"code": "D", "supplier": "S-2"}, "visit": {"date": "2026-01-03", "firm": "Seen Ltd"},
         "f": [{"code": "K1", "result": "Adverse"}]},
    ]
}  # fmt: skip
SITES = (
    "Código proveedor;Razón social;Centro;Nombre del centro;Nº trabajadores;% migrantes;Alojamiento;Facturación;Alta\n"
    + "".join(
        f"P-{number};Fábrica {number} SA;C-{number};Planta norte {number};{number + 100};{number % 60},5;"
        f"{('Sí', 'No', 'n/d')[number % 3]};{number + 1}.{number + 100:03d},50;{number % 15 + 13}/02/2024\n"
        for number in range(40)
    )
)  # fmt: skip


def draft(tmp_path: Path, text: str, name: str, **options: Any) -> tuple[Scaffold, SourceSpec]:
    sample = tmp_path / name
    sample.write_text(text, encoding="utf-8")
    made = new_source("drafted", sample, sources=tmp_path / "sources", **options)
    return made, load_spec("drafted", tmp_path / "sources")


def fields(spec: SourceSpec) -> dict[str, FieldMapping]:
    return dict(spec.mapping[0].fields)


def columns(spec: SourceSpec) -> dict[str, str | None]:
    return {name: field.column for name, field in fields(spec).items()}


# parts of a hundred


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Migrant share %", ("0,5", "12,5", "25")),
        ("Migrant share %", ("0.1", "0.2", "0.5")),
        ("migrant share", ("0.5", "12.5", "25")),
    ],
)
def test_percentages_for_a_fraction_are_told_with_the_way_out_and_not_taken(
    heading: str, values: tuple[str, ...], tmp_path: Path
) -> None:
    rows = "".join(f"s{number};v;Site {number};{value}\n" for number, value in enumerate(values))
    made, spec = draft(tmp_path, f"site id;vendor id;name;{heading}\n{rows}", "s.csv", table="facility")
    (told,) = (line for line in made.draft.to_decide if line.startswith("migrant_share"))

    assert "migrant_share" not in fields(spec)
    assert f'migrant_share: {{column: "{heading}"' in told
    assert "scale: 0.01}" in told
    assert ('decimal_mark: ","' in told) == ("," in values[0])


def test_a_fraction_is_taken_without_a_word(tmp_path: Path) -> None:
    text = "site id;vendor id;name;migrant share\ns1;v;A;0.5\ns2;v;B;0\n"
    made, spec = draft(tmp_path, text, "s.csv", table="facility")

    assert fields(spec)["migrant_share"].column == "migrant share"
    assert not any("migrant_share" in line for line in made.draft.to_decide)


def test_values_beyond_what_the_contract_takes_are_told(tmp_path: Path) -> None:
    text = "subject id;owner;share\ns1;A;50\ns2;B;120\n"
    made, _ = draft(tmp_path, text, "s.csv", table="ownership_edge")

    assert any("share_minimum ← share: values beyond 100 percent" in line for line in made.draft.to_decide)


# JSON


def test_the_array_that_holds_the_rows_becomes_each(tmp_path: Path) -> None:
    made, spec = draft(tmp_path, json.dumps(AUDITS), "a.json", table="audit_finding", with_fixture=True)
    found = fields(spec)

    assert spec.mapping[0].each == ("$.f[*]",)
    assert {name: field.path for name, field in found.items() if field.path} == {
        "issue_code": "$.code",
        "outcome": "$.result",
    }
    assert {name: field.parent_path for name, field in found.items() if field.parent_path} == {
        "audit_ref": "$.id",
        "facility_ref": "$.site.code",
        "supplier_ref": "$.site.supplier",
        "found_on": "$.visit.date",
        "auditor": "$.visit.firm",
    }
    assert spec.key == ("$.id",)
    assert any(line.startswith("each: $.f[*]: a row of audit_finding") for line in made.draft.to_decide)
    assert any(line.startswith("finding_ref: no path of the items") for line in made.draft.to_decide)


def test_references_of_items_are_made_of_the_record_and_the_number_of_the_item(tmp_path: Path) -> None:
    made, _ = draft(tmp_path, json.dumps(AUDITS), "a.json", table="audit_finding", with_fixture=True)
    declaration = made.folder / "source.yml"
    text = declaration.read_text()
    declaration.write_text(text.replace('source_type: {sql: "null"}', "source_type: {value: announced_audit}"))
    tried = try_source("drafted", tmp_path / "home", made.folder.parent, write=True)

    assert tried.found["first_records.json"].canonical == {"audit_finding": 3}


def test_a_path_serves_one_field(tmp_path: Path) -> None:
    records = [{"id": str(number), "site": {"code": f"C{number}"}, "date": "2026-01-02"} for number in range(3)]
    _, spec = draft(tmp_path, json.dumps({"a": records}), "a.json", table="audit_finding")
    paths = [field.path for field in fields(spec).values() if field.path]

    assert spec.mapping[0].each == ()
    assert len(set(paths)) == len(paths)
    assert "issue_code" not in fields(spec)


def test_an_array_named_like_the_table_is_its_rows_and_another_is_not(tmp_path: Path) -> None:
    firms = [
        {"company id": str(number), "name": f"Firm {number}", "people": [{"name": "P"}],
         "sites": [{"id": f"{number}-1", "name": f"Site {number}"}]}
        for number in range(3)
    ]  # fmt: skip
    _, site = draft(tmp_path, json.dumps(firms), "a.json", table="facility")
    (tmp_path / "other").mkdir()
    _, firm = draft(tmp_path / "other", json.dumps(firms), "a.json", table="supplier")

    assert site.mapping[0].each == ("$.sites[*]",)
    assert (fields(site)["facility_ref"].path, fields(site)["name"].path) == ("$.id", "$.name")
    assert fields(site)["supplier_ref"].parent_path == '$."company id"'
    assert firm.mapping[0].each == ()
    assert fields(firm)["name"].path == "$.name"


# headings


def test_a_spanish_list_of_sites_is_recognised(tmp_path: Path) -> None:
    made, spec = draft(tmp_path, SITES, "s.csv", table="facility")

    assert columns(spec) == {
        "facility_ref": "Centro",
        "supplier_ref": "Código proveedor",
        "name": "Nombre del centro",
        "workers": "Nº trabajadores",
        "has_dormitory": "Alojamiento",
    }
    assert any(line.startswith("migrant_share ← % migrantes") for line in made.draft.to_decide)
    assert spec.null_values == ("", "n/d")


def test_a_code_is_no_name_where_a_text_is_one(tmp_path: Path) -> None:
    text = "Código proveedor;Razón social;Código fábrica\n" + "".join(f"P{n};Firma {n} SA;F{n}\n" for n in range(9))
    made, spec = draft(tmp_path, text, "s.csv", table="facility")

    assert columns(spec)["name"] == "Razón social"
    assert any(line.startswith("name ← Razón social") for line in made.draft.to_decide)


def test_comments_on_what_is_not_mapped_tell_forms_of_numbers_and_dates(tmp_path: Path) -> None:
    made, _ = draft(tmp_path, SITES, "s.csv", table="facility")
    text = (made.folder / "source.yml").read_text()

    assert '#   Facturación: numbers with "." between thousands and with "," before decimals' in text
    assert "#   Alta: dates, %d/%m/%Y" in text


def test_nothing_known_is_seen_in_columns_that_fill_nothing(tmp_path: Path) -> None:
    text = "vendor id;name;Zona;Pedidos\n" + "".join(
        f"v{n};Firm {n};{('Norte', 'S/D')[n % 2]};{n if n else 'sin pedidos'}\n" for n in range(20)
    )
    made, spec = draft(tmp_path, text, "s.csv", table="supplier")

    assert spec.null_values == ("", "S/D")
    assert any(line.startswith("Pedidos, not mapped: 'sin pedidos'") for line in made.draft.to_decide)


def test_na_among_codes_of_countries_is_namibia(tmp_path: Path) -> None:
    text = "vendor id;name;country\n" + "".join(f"v{n};Firm {n};{('NA', 'ZA', 'BW')[n % 3]}\n" for n in range(9))
    _, spec = draft(tmp_path, text, "s.csv", table="supplier")

    assert spec.null_values == ("",)


@pytest.mark.parametrize(
    "headings",
    [
        ("Nº de trabajadores", "N° trabajadores", "No. Trabajadores", "número trabajadores", "TRABAJADORES #"),
        ("% migrantes", "porcentaje de migrantes", "Migrantes (%)"),
        ("Código do fornecedor", "FORNECEDOR_CODIGO", "codigo fornecedor"),
        ("Raison sociale", "RAISON  SOCIALE", "raison-sociale"),
    ],
)
def test_headings_that_say_the_same_have_one_form(headings: tuple[str, ...]) -> None:
    assert len({heading_form(heading) for heading in headings}) == 1


@pytest.mark.parametrize(
    ("text", "table", "expected"),
    [
        (
            "N° fournisseur;Dénomination sociale;Pays;Nbre de salariés\nF1;Les Tissages SARL;Maroc;12\n",
            "supplier",
            {"supplier_ref": "N° fournisseur", "name": "Dénomination sociale", "workers": "Nbre de salariés"},
        ),
        (
            "Cód. fornecedor;Razão social;Nº de funcionários;UF\nF1;Fábrica do Sul Ltda;12;SP\n",
            "supplier",
            {"supplier_ref": "Cód. fornecedor", "name": "Razão social", "workers": "Nº de funcionários"},
        ),
        (
            "Plant code;Supplier no.;Plant;Total employees;Dormitory (Y/N)\n"
            "P1;S1;North plant;12;Y\nP2;S1;South plant;9;N\n",
            "facility",
            {
                "facility_ref": "Plant code",
                "supplier_ref": "Supplier no.",
                "name": "Plant",
                "workers": "Total employees",
                "has_dormitory": "Dormitory (Y/N)",
            },
        ),
        (
            "N° de commande;Ligne;N° fournisseur;Date de commande;Qté\nC1;1;F1;2024-02-01;12\n",
            "purchase_order_line",
            {
                "order_ref": "N° de commande",
                "supplier_ref": "N° fournisseur",
                "ordered_on": "Date de commande",
                "quantity": "Qté",
            },
        ),
    ],
)
def test_headings_of_four_languages_are_recognised(
    text: str, table: str, expected: dict[str, str], tmp_path: Path
) -> None:
    _, spec = draft(tmp_path, text, "s.csv", table=table)

    assert columns(spec).items() >= expected.items()


# sales


def test_sales_are_guessed_with_their_currency_and_year_and_the_currency_of_orders_is_not_theirs(
    tmp_path: Path,
) -> None:
    vendors = "Lieferantennummer;Name;Land;Währung;Jahresumsatz;Umsatzwährung;Geschäftsjahr\n" + "".join(
        f"L{number};Werk {number} GmbH;DE;USD;{number}00000;EUR;2025\n" for number in range(1, 30)
    )
    _, spec = draft(tmp_path, vendors, "vendors.csv")
    found = columns(spec)

    assert spec.mapping[0].table == "supplier"
    assert [found.get(name) for name in ("annual_sales", "sales_currency", "sales_year")] == [
        "Jahresumsatz", "Umsatzwährung", "Geschäftsjahr",
    ]  # fmt: skip
    assert "Währung" not in found.values()
