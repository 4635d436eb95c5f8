"""Numbers, days, ages and names of countries as each language writes them, and messages with named values."""

from datetime import date

import pytest
from babel.messages.catalog import Catalog

from serving.language import LANGUAGES, language
from serving.language.spoken import speaking_by
from tierline.errors import ConfigError

AS_OF = date(2026, 11, 21)


def swedish() -> Catalog:
    catalogue = Catalog(locale="sv")
    catalogue.add("Look at {name} first", "Titta först på {name}")
    catalogue.add(("{count} supplier", "{count} suppliers"), ("{count} leverantör", "{count} leverantörer"))
    catalogue.add("Maybe", "Kanske", flags=["fuzzy"])
    catalogue.add("Unknown", "")
    return catalogue


def test_english_spanish_french_and_portuguese_can_be_chosen() -> None:
    assert LANGUAGES == ("en", "es", "fr", "pt")
    assert [language(code).own_name for code in LANGUAGES] == ["English", "Español", "Français", "Português"]
    assert {language(code).direction for code in LANGUAGES} == {"ltr"}


def test_a_language_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no language 'xx'[\s\S]*en, es, fr, pt"):
        language("xx")


def test_a_language_is_read_once() -> None:
    assert language("es") is language("es")


@pytest.mark.parametrize(
    ("code", "told"),
    [("en", "4 Sep 2026"), ("es", "4 sept 2026"), ("fr", "4 sept. 2026"), ("pt", "4 de set. de 2026")],
)
def test_a_day_has_its_month_in_letters(code: str, told: str) -> None:
    assert language(code).day(date(2026, 9, 4)) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [("en", "−12,345.7"), ("es", "−12.345,7"), ("fr", "−12\u202f345,7"), ("pt", "−12.345,7")],
)
def test_a_number_has_the_marks_of_the_language(code: str, told: str) -> None:
    assert language(code).number(-12345.678, 1) == told


@pytest.mark.parametrize(
    ("code", "told"), [("en", "40\u00a0%"), ("es", "40\u00a0%"), ("fr", "40\u00a0%"), ("pt", "40%")]
)
def test_a_share_is_told_in_percent(code: str, told: str) -> None:
    assert language(code).percent(0.4) == told
    assert language(code).percent(0.004) == f"<\u00a0{told.replace('40', '1')}"
    assert language(code).percent(0.9999) == f">\u00a0{told.replace('40', '99')}"


def test_points_have_their_sign_and_zero_has_none() -> None:
    assert [language("es").signed(points) for points in (3, -2.04, -0.01)] == ["+3,0", "−2,0", "0,0"]


def test_an_amount_has_the_sign_of_its_currency_where_the_language_puts_it() -> None:
    assert language("en").currency(1234.5, "EUR") == "€1,234.50"
    assert language("fr").currency(1234.5, "EUR") == "1\u202f234,50\u00a0€"
    assert language("en").currency(None, "EUR") == "not known"


def test_a_country_has_its_name_in_the_language_and_a_code_without_one_stays() -> None:
    assert [language(code).country("de") for code in LANGUAGES] == ["Germany", "Alemania", "Allemagne", "Alemanha"]
    assert language("es").country("ZX") == "ZX"


def test_ages_in_english() -> None:
    speech = language("en")

    ages = [speech.age(day, AS_OF) for day in (date(2026, 11, 20), date(2026, 5, 21), date(2024, 5, 21), None)]

    assert ages == ["1 day", "6 months", "2.5 years", "not known"]


def test_values_are_put_in_by_name_after_the_message_was_translated() -> None:
    assert speaking_by(swedish()).text("Look at {name} first", name="{name} AB") == "Titta först på {name} AB"


def test_a_value_that_is_not_given_is_an_error_and_not_a_hole() -> None:
    with pytest.raises(KeyError, match="name"):
        speaking_by(swedish()).text("Look at {name} first")


def test_the_form_goes_with_the_count() -> None:
    speech = speaking_by(swedish())

    told = [speech.plural("{count} supplier", "{count} suppliers", count=count) for count in (0, 1, 2000)]

    assert told == ["0 leverantörer", "1 leverantör", "2\u00a0000 leverantörer"]


def test_a_message_that_is_missing_doubtful_or_empty_is_said_in_english() -> None:
    speech = speaking_by(swedish())

    assert [speech.text(message) for message in ("Missing", "Maybe", "Unknown")] == ["Missing", "Maybe", "Unknown"]
    assert not any(speech.knows(message) for message in ("Missing", "Maybe", "Unknown"))
    assert speech.knows("{count} supplier")


def test_a_term_of_a_table_is_translated_and_nothing_is_put_in() -> None:
    speech = speaking_by(swedish())

    assert speech.term("Look at {name} first") == "Titta först på {name}"
    assert speech.term("{braces} stay") == "{braces} stay"
    assert speech.term(None) == ""
