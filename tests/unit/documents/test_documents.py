"""Documents say what is on record, what it rests on and what is missing, and claim nothing."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from serving.documents.kinds import KINDS, Choice, documents
from serving.documents.model import Document, Field, Reference
from serving.documents.register import Register, key_of
from serving.documents.rendering import as_html, as_json
from serving.documents.writing import write_documents
from serving.language import language
from serving.trace import trace_in
from tests.unit.documents.conftest import FIRST, HOSTILE, SECOND, SHA
from tierline.errors import ConfigError
from tierline.warehouse import quote_identifier

ONE = Choice(suppliers=(FIRST,))
ALL_OF_EACH = [(kind, ONE if kind in {"ppn-02-23", "uflpa-evidence-index"} else Choice()) for kind in KINDS]


def only(register: Register, kind: str, choice: Choice) -> Document:
    (document,) = documents(register, kind, choice)
    return document


def field(document: Document, field_id: str) -> Field:
    return next(field for field in document.fields() if field.field_id == field_id)


def leads_to_a_row(register: Register, reference: Reference) -> bool:
    if reference.kind == "evidence":
        return trace_in(register.connection, reference.key).evidence["evidence_id"] == reference.key
    if reference.kind == "table":
        return str(register.manifest["tables"][reference.table]["sha256"]) == reference.key
    table, column = quote_identifier(reference.table), quote_identifier(key_of(reference.table))
    return len(register.rows(f"SELECT 1 FROM {table} WHERE {column} = $key", key=reference.key)) == 1


@pytest.mark.parametrize(("kind", "choice"), ALL_OF_EACH)
def test_every_value_leads_to_what_it_rests_on_and_every_gap_says_who_fills_it(
    register: Register, kind: str, choice: Choice
) -> None:
    document = only(register, kind, choice)

    assert len(list(document.fields())) >= 15
    for one in document.fields():
        if one.value is None:
            assert one.gap
            assert not one.rests_on
        else:
            assert one.gap is None
            assert one.rests_on, one.field_id
            assert all(leads_to_a_row(register, reference) for reference in one.rests_on), one.field_id


@pytest.mark.parametrize(("kind", "choice"), ALL_OF_EACH)
def test_ids_of_fields_are_unique_and_the_law_and_the_audience_are_named(
    register: Register, kind: str, choice: Choice
) -> None:
    document = only(register, kind, choice)
    ids = [one.field_id for one in document.fields()]

    assert len(ids) == len(set(ids))
    assert document.audience
    assert document.law
    assert all(section.source for section in document.sections)


@pytest.mark.parametrize(("kind", "choice"), ALL_OF_EACH)
def test_no_document_claims_that_a_law_is_met(register: Register, kind: str, choice: Choice) -> None:
    text = as_html(only(register, kind, choice), language("en")).decode().lower()

    assert not re.search(r"complian|complies|conforms|certif|drop the supplier", text)
    assert "does not say that any law is met" in text


@pytest.mark.parametrize(("kind", "choice"), ALL_OF_EACH)
def test_hostile_names_are_inert(register: Register, kind: str, choice: Choice) -> None:
    html = as_html(only(register, kind, choice), language("en")).decode()

    assert "<script" not in html
    assert "default-src 'none'" in html
    assert (HOSTILE.split()[0] in html) is False
    assert "49 Ltd" not in html


@pytest.mark.parametrize("kind", ["ppn-02-23", "uflpa-evidence-index", "modern-slavery-report"])
def test_what_workers_said_and_ties_to_cases_stay_out_of_what_others_may_see(register: Register, kind: str) -> None:
    choice = dict(ALL_OF_EACH)[kind]

    assert b"SENTINEL" not in as_json(only(register, kind, choice), language("en"))


def test_the_internal_order_tells_classes_of_sites_from_workers(register: Register) -> None:
    document = only(register, "eu-2024-3015", Choice())

    assert "SENTINEL-FROM-WORKERS" in as_json(document, language("en")).decode()
    assert document.audience.startswith("Internal")


def test_state_imposed_forced_labour_comes_first(register: Register) -> None:
    order = next(part for part in only(register, "eu-2024-3015", Choice()).sections if part.section_id == "order")

    assert order.groups[0].rank == 1
    assert order.groups[0].fields[0].field_id == f"order.{FIRST}.signs"
    assert [group.rank for group in order.groups] == list(range(1, len(order.groups) + 1))


def test_a_supplier_without_a_sign_is_unknown_and_not_left_out(register: Register) -> None:
    document = only(register, "eu-2024-3015", Choice())
    suppliers = {row["supplier_id"] for row in register.rows("SELECT supplier_id FROM dim_supplier")}
    told = {one.field_id.split(".")[1] for one in document.fields() if one.field_id.split(".")[0] != "criteria"}

    assert told == suppliers


def test_the_share_in_the_final_product_is_always_a_gap(register: Register) -> None:
    document = only(register, "eu-2024-3015", Choice())

    assert all(one.value is None for one in document.fields() if one.field_id.endswith(".share"))


def test_the_chain_is_told_tier_by_tier(register: Register) -> None:
    tracing = only(register, "uflpa-evidence-index", ONE).sections[0]

    assert [group.title.rpartition("(")[2] for group in tracing.groups] == ["tier 1)", "tier 2)", "tier 3)"]
    role = next(one for one in tracing.fields() if one.field_id == f"tracing.1.{SECOND}.role")
    assert role.value is not None
    assert "not declared" in role.value


def test_a_gap_is_shown_where_data_are_taken_away(register: Register) -> None:
    told = field(only(register, "ppn-02-23", ONE), "commodity.good")
    register.connection.execute("CREATE TEMP TABLE dim_supplier AS SELECT * REPLACE (NULL AS good) FROM dim_supplier")
    without = field(only(register, "ppn-02-23", ONE), "commodity.good")

    assert told.value == "Garments"
    assert told.rests_on
    assert without.value is None
    assert without.gap == "not recorded; to be filled in by the contracting authority, from the subject of the contract"


def test_the_six_characteristics_of_ppn_02_23_stand_in_their_order(register: Register) -> None:
    document = only(register, "ppn-02-23", ONE)

    assert [section.section_id for section in document.sections] == [
        "industry", "workforce", "location", "context", "commodity", "model",
    ]  # fmt: skip
    assert any("PPN 009" in line for line in document.law)


def test_the_seven_areas_of_the_template_stand_in_their_order_and_name_no_supplier(register: Register) -> None:
    document = only(register, "modern-slavery-report", Choice())
    text = as_json(document, language("en")).decode()
    names = [row["name"] for row in register.rows("SELECT name FROM dim_supplier")]

    assert [section.title[:2] for section in document.sections] == [f"{number}." for number in range(1, 8)]
    assert not any(name in text or json.dumps(name)[1:-1] in text for name in names)


def test_buying_practices_are_said_to_be_the_buyer_s_own(register: Register) -> None:
    document = only(register, "ppn-02-23", ONE)

    assert field(document, "model.buyer").label == "The buyer's own practices"
    assert "lead time 40" in str(field(document, "model.buyer").value)
    assert "lead time 40" not in str(field(document, "model.pressure").value)


def test_an_unconfirmed_match_is_said_to_bear_on_nothing(register: Register) -> None:
    (found,) = {
        row["supplier_id"]
        for row in register.rows("SELECT supplier_id FROM fct_list_match WHERE match_status = 'possible'")
    }
    told = field(only(register, "ppn-02-23", Choice(suppliers=(found,))), "context.lists")

    assert told.value == "CBP WRO: possible match, unconfirmed: it bears on nothing"


@pytest.mark.parametrize(
    ("kind", "choice"),
    [
        ("a-certificate", Choice()),
        ("ppn-02-23", Choice()),
        ("ppn-02-23", Choice(suppliers=(FIRST,), countries=("BD",))),
        ("ppn-02-23", Choice(suppliers=("S-none",))),
        ("eu-2024-3015", Choice(countries=("XX",))),
        ("modern-slavery-report", Choice(goods=("Garments",))),
    ],
)
def test_what_cannot_be_filled_is_refused_with_what_to_do(register: Register, kind: str, choice: Choice) -> None:
    with pytest.raises(ConfigError) as caught:
        documents(register, kind, choice)
    assert caught.value.remedy


def test_a_choice_narrows_what_is_counted(register: Register) -> None:
    all_of_them = field(only(register, "modern-slavery-report", Choice()), "structure.size")
    narrowed = field(only(register, "modern-slavery-report", Choice(suppliers=(FIRST, SECOND))), "structure.size")

    assert str(all_of_them.value).startswith("12 suppliers")
    assert str(narrowed.value).startswith("2 suppliers")


def test_the_same_publication_gives_the_same_bytes_in_every_format(folder: Path, tmp_path: Path) -> None:
    written = [
        {
            path.name: path.read_bytes()
            for path in write_documents(folder, "ppn-02-23", ONE, tmp_path / name, language=language("en"))
        }
        for name in ("one", "two")
    ]

    assert written[0] == written[1]
    assert set(written[0]) == {f"ppn-02-23-{FIRST}.{ending}" for ending in ("html", "json", "pdf")}
    assert written[0][f"ppn-02-23-{FIRST}.pdf"].startswith(b"%PDF")


def test_the_json_has_a_shape_that_stays(register: Register) -> None:
    told = json.loads(as_json(only(register, "ppn-02-23", ONE), language("en")))

    assert set(told) == {
        *("kind", "file_name", "title", "audience", "is_not", "law", "about", "sections"),
        *("shape_version", "language", "gap_count"),
    }
    first = told["sections"][0]["groups"][0]["fields"][0]
    assert set(first) == {"field_id", "label", "value", "gap", "rests_on"}
    assert set(first["rests_on"][0]) == {
        "kind", "table", "key", "says", "source_id", "snapshot_sha256", "record_no",
    }  # fmt: skip


def test_a_document_speaks_another_language_and_keeps_its_ids(folder: Path, tmp_path: Path) -> None:
    english, spanish = (
        json.loads(
            write_documents(folder, "ppn-02-23", ONE, tmp_path, language=language(code), formats=["json"])[
                0
            ].read_text()
        )
        for code in ("en", "es")
    )

    assert spanish["language"] == "es"
    assert [one["section_id"] for one in spanish["sections"]] == [one["section_id"] for one in english["sections"]]


def test_lineage_is_told_with_the_reference(register: Register) -> None:
    award = field(only(register, "ppn-02-23", ONE), "commodity.codes").rests_on[0]

    assert replace(award, says="") == Reference("row", "fct_award", "ocds:1", "", "ocds_bulk_jsonl", SHA, 1)


def test_the_command_writes_files_and_names_them(command_line, folder: Path, tmp_path: Path) -> None:
    code, out = command_line(
        "document", "uflpa-evidence-index", "--supplier", "Twin Mills", "--out", str(tmp_path / "out"),
        "--format", "json", "--published", str(folder.parent), "--run", "first",
    )  # fmt: skip

    assert code == 0
    assert out.split() == [str(tmp_path / "out" / f"uflpa-evidence-index-{SECOND}.json")]
    assert json.loads(Path(out.strip()).read_text())["kind"] == "uflpa-evidence-index"
