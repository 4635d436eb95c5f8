"""Columns are known by headings in several languages, or by what stands in them; the user has the last word."""

import pytest

from serving.language import language
from serving.screening.columns import recognised, require_something, told_columns, with_told
from serving.screening.table import Limits, Table
from serving.screening.upload import read_table
from serving.screening.values import country_of, is_sound, link_key
from tierline.errors import ConfigError

ENGLISH = language("en")


def table(*lines: str) -> Table:
    return read_table("\n".join(lines).encode(), Limits(), ENGLISH)


def used(read: Table) -> dict[str, str]:
    return {role: column.heading for role, column in recognised(read).items()}


@pytest.mark.parametrize(
    "headings",
    [
        "Bidder name;Country;VAT number;Town;Sector;Product",
        "Razón social;País;NIF;Ciudad;Sector;Producto",
        "Raison sociale;Pays;Numéro de TVA;Ville;Secteur;Produit",
        "Razão social;País;NIPC;Cidade;Setor;Produto",
        "BIETER;Land;USt-ID;Ort;Branche;Erzeugnis",
    ],
)
def test_headings_of_several_languages_are_known(headings: str) -> None:
    found = used(table(headings, "Amber;DE;x;Berlin;garments;cotton"))

    assert list(found) == ["name", "country", "tax_number", "town", "sector", "good"]


def test_without_headings_the_content_tells() -> None:
    read = table("5493001KJTIIGC8Y1R12;Deutschland;Amber Textiles Ltd", "213800WAVVOPS85N2205;France;Blue River SA")

    assert {role: column.place for role, column in recognised(read).items()} == {"country": 1, "lei": 0, "name": 2}


def test_a_tax_number_is_seen_by_its_check_digits_in_its_country() -> None:
    read = table("Firma;Land;Nr.;Kennzeichen", "Amber;DE;1;DE136695976", "Blue;FR;2;FR40303265045")

    assert used(read)["tax_number"] == "Kennzeichen"


def test_how_many_cells_fit_is_told() -> None:
    column = recognised(table("Name;Country", "A;DE", "B;Atlantis", "C;France"))["country"]

    assert (column.fitting, column.sampled) == (2, 3)


def test_the_user_has_the_last_word() -> None:
    read = table("Supplier;Bidder;Land", "x;Amber;DE")
    told = with_told(read, recognised(read), told_columns("name=Bidder, country=3, sector="))

    assert {role: column.heading for role, column in told.items()} == {"name": "Bidder", "country": "Land"}


@pytest.mark.parametrize("text", ["name", "colour=Name", "name=Nobody", "country=9"])
def test_what_cannot_be_taken_is_refused_with_what_can(text: str) -> None:
    read = table("Name;Country", "Amber;DE")

    with pytest.raises(ConfigError) as refused:
        with_told(read, recognised(read), told_columns(text))

    assert refused.value.remedy


def test_a_list_that_says_of_nobody_who_it_is_is_refused() -> None:
    with pytest.raises(ConfigError, match="names or identifiers"):
        require_something({}, ENGLISH)


@pytest.mark.parametrize(
    ("text", "code"),
    [("DE", "DE"), ("de", "DE"), ("DEU", "DE"), ("Alemania", "DE"), ("Côte d’Ivoire", "CI"), ("costa do marfim", "CI"),
     ("Viet Nam", "VN"), ("UK", "GB"), ("Atlantis", None), ("", None), ("EU", None), ("12", None)],
)  # fmt: skip
def test_countries_by_code_and_name(text: str, code: str | None) -> None:
    assert country_of(text) == code


def test_identifiers_have_the_keys_that_a_run_gives_them() -> None:
    assert link_key("tax_number", "12-34 56", "BD") == "tax_number BD 123456"
    assert link_key("lei", "5493 001k JTIIGC8Y1R12", None) == "lei 5493001KJTIIGC8Y1R12"
    assert link_key("tax_number", "123456", None) is None
    assert link_key("company_number", "0000000", "GB") is None


@pytest.mark.parametrize(
    ("role", "text", "country", "sound"),
    [("lei", "5493001KJTIIGC8Y1R12", None, True), ("lei", "5493001KJTIIGC8Y1R13", None, False),
     ("tax_number", "DE136695976", "DE", True), ("tax_number", "DE136695978", "DE", False),
     ("tax_number", "27AAPFU0939F1ZV", "IN", True),
     ("tax_number", "whatever", "DE", None), ("tax_number", "1234567", "BD", None)],
)  # fmt: skip
def test_only_check_digits_count_against_a_number(
    role: str, text: str, country: str | None, sound: bool | None
) -> None:
    assert is_sound(role, text, country) is sound
