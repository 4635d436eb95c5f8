"""Dates, ages, numbers and codes read the same for everybody."""

from datetime import date

import pytest

from serving.reports import words

AS_OF = date(2026, 11, 21)


def test_a_date_cannot_be_mistaken() -> None:
    assert words.day(date(2026, 3, 4)) == "4 Mar 2026"
    assert words.day(None) == "not known"


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
    assert words.age(then, AS_OF) == told


def test_numbers() -> None:
    assert words.number(1234567) == "1,234,567"
    assert words.number(-0.4) == "0"
    assert words.signed(-2.04) == "−2.0"
    assert words.signed(3) == "+3.0"
    assert words.signed(-0.01) == "0.0"
    assert words.percent(0.004) == "<\u00a01\u00a0%"
    assert words.percent(0.9999) == ">\u00a099\u00a0%"
    assert words.percent(1) == "100\u00a0%"
    assert words.percent(0) == "0\u00a0%"


def test_an_identifier_breaks_at_its_joints_and_stays_text() -> None:
    assert str(words.breakable("a_b.c")) == "a_<wbr>b.<wbr>c"
    assert str(words.breakable("<b>_")) == "&lt;b&gt;_<wbr>"


def test_a_country_has_its_name_and_an_unknown_code_stays() -> None:
    assert words.country("VN") == "Vietnam"
    assert words.country("ZX") == "ZX"
    assert words.country(None) == "not known"
