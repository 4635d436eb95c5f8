"""Spellings in Latin letters: which texts get one, what it is, and whose names are left alone."""

import duckdb
import polars as pl
import pytest

from matching.transliteration import latin_spellings, write_latin_spellings
from tierline.warehouse import open_connection


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("ООО Ромашка", "OOO Romashka"),
        ("Ελληνική", "Elliniki"),
        ("Straße", "Strasse"),
        ("Łódź", "Lodz"),
        ("新疆中泰", "XinJiangZhongTai"),
        ("주식회사 삼성", "JuSigHoeSa SamSeong"),
        ("अरुलोक", "arulok"),
        ("№ 5", "No 5"),
        ("plain", "plain"),
    ],
)
def test_each_script_is_put_into_latin_letters(text: str, latin: str) -> None:
    assert latin_spellings(pl.Series([text])).to_list() == [latin]


def test_the_longest_legal_form_is_set_apart_where_words_have_no_blanks() -> None:
    spelled = latin_spellings(
        pl.Series(["天山股份有限公司", None]), unspaced_words=["股份有限", "股份有限公司", "有限公司"]
    )

    assert spelled.to_list() == ["TianShan GuFenYouXianGongSi", None]


def test_letters_with_apart_accents_are_those_with_accents_in_one() -> None:
    spelled = latin_spellings(pl.Series(["Мурманский", "Мурманский"]))

    assert spelled[0] == spelled[1]


def _warehouse() -> duckdb.DuckDBPyConnection:
    connection = open_connection()
    connection.execute("CREATE SCHEMA canonical")
    connection.execute("CREATE TABLE canonical.supplier (name VARCHAR, aliases VARCHAR[], is_natural_person BOOLEAN)")
    connection.execute("CREATE TABLE canonical.list_entry (name VARCHAR, aliases VARCHAR[], entry_kind VARCHAR)")
    connection.execute(
        "INSERT INTO canonical.supplier VALUES"
        " ('Ромашка', ['Фиалка', 'Daisy'], false), ('Café', [], NULL), ('Иван Петров', ['Ваня'], true)"
    )
    connection.execute(
        "INSERT INTO canonical.list_entry VALUES ('Заря', ['Заря-2'], NULL), ('Мария Иванова', ['Маша'], 'person')"
    )
    return connection


def _rows(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("SELECT spelling, latin FROM matching.latin_spelling").fetchall())


def test_only_spellings_beyond_ascii_get_a_row_and_no_natural_person_does() -> None:
    connection = _warehouse()

    write_latin_spellings(connection)

    rows = _rows(connection)
    assert {"Ромашка": "Romashka", "Фиалка": "Fialka", "Заря": "Zarya", "Заря-2": "Zarya-2"}.items() <= rows.items()
    assert not {"Daisy", "Café", "Иван Петров", "Ваня", "Мария Иванова", "Маша"} & set(rows)


def test_legal_forms_of_the_seed_are_spelled_too() -> None:
    connection = _warehouse()

    write_latin_spellings(connection)

    assert _rows(connection)["株式会社"] == "ZhuShiHuiShe"


def test_the_table_is_written_whole_and_the_same_again() -> None:
    connection = _warehouse()
    write_latin_spellings(connection)
    first = connection.execute("SELECT * FROM matching.latin_spelling").fetchall()

    count = write_latin_spellings(connection)

    assert connection.execute("SELECT * FROM matching.latin_spelling").fetchall() == first
    assert count == len(first)
    assert first == sorted(first)


def test_a_name_that_is_gone_loses_its_row() -> None:
    connection = _warehouse()
    write_latin_spellings(connection)
    connection.execute("DELETE FROM canonical.supplier")

    write_latin_spellings(connection)

    assert "Ромашка" not in _rows(connection)


def test_a_warehouse_without_canonical_tables_has_the_legal_forms_only() -> None:
    connection = open_connection()

    assert write_latin_spellings(connection) == len(_rows(connection))
    assert "ООО" in _rows(connection)
