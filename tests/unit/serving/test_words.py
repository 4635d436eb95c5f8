"""Dates, ages, numbers and codes read the same for everybody."""

from datetime import date

import pytest

from serving.language import language
from serving.reports import words

AS_OF = date(2026, 11, 21)
ENGLISH = language("en")


def test_a_date_cannot_be_mistaken() -> None:
    assert ENGLISH.day(date(2026, 3, 4)) == "4 Mar 2026"
    assert ENGLISH.day(None) == "not known"


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (date(2026, 11, 20), "1 day"),
        (date(2026, 10, 1), "51 days"),
        (date(2026, 5, 21), "6 months"),
        (date(2024, 5, 21), "2.5 years"),
        (None, "not known"),
    ],
)
def test_ages(then: date | None, told: str) -> None:
    assert ENGLISH.age(then, AS_OF) == told


def test_numbers() -> None:
    assert ENGLISH.number(1234567) == "1,234,567"
    assert ENGLISH.number(-0.4) == "0"
    assert ENGLISH.signed(-2.04) == "−2.0"
    assert ENGLISH.signed(3) == "+3.0"
    assert ENGLISH.signed(-0.01) == "0.0"
    assert ENGLISH.percent(0.004) == "<\u00a01\u00a0%"
    assert ENGLISH.percent(0.9999) == ">\u00a099\u00a0%"
    assert ENGLISH.percent(1) == "100\u00a0%"
    assert ENGLISH.percent(0) == "0\u00a0%"


def test_an_identifier_breaks_at_its_joints_and_stays_text() -> None:
    assert str(words.breakable("a_b.c")) == "a_<wbr>b.<wbr>c"
    assert str(words.breakable("<b>_")) == "&lt;b&gt;_<wbr>"


def test_a_country_has_its_name_and_an_unknown_code_stays() -> None:
    assert ENGLISH.country("VN") == "Vietnam"
    assert ENGLISH.country("ZX") == "ZX"
    assert ENGLISH.country(None) == "not known"
