"""Spellings of one name meet under one key: scripts, legal forms of many languages, order of forms, initials, signs."""

import duckdb
import pytest

from tests.unit.matching_names.conftest import KeyNames, seed_rows


def keys(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("SELECT spelling, name_key FROM int_name_keys").fetchall())


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("ROMASHKA", ["ООО Ромашка", "OOO Romashka", "Romashka LLC",
                      "Общество с ограниченной ответственностью «Ромашка»",
                      "ROMASHKA, OOO", "Ромашка ООО"]),
        ("MULLER SOHNE", ["Müller Söhne GmbH", "MULLER SOHNE G.m.b.H.", "Müller Söhne GmbH & Co. KG",
                          "Müller Söhne Gesellschaft mit beschränkter Haftung"]),
        ("ACME TRADING", ["Acme Trading Sp. z o.o.", "ACME TRADING SP ZOO",
                          "Acme Trading spółka z o. o.",
                          "Acme Trading Spółka z ograniczoną odpowiedzialnością"]),
        ("LUNA ROJA", ["Luna Roja S.A. de C.V.", "LUNA ROJA SA DE CV", "Luna Roja, S. A. de C. V.",
                       "Luna Roja S. de R.L."]),
        ("HONG FA", ["Hong Fa Co., Ltd.", "HONG FA CO LTD", "Hong Fa (Pvt) Ltd", "The Hong Fa Company Limited",
                     "PT Hong Fa", "Hong Fa Sdn. Bhd."]),
        ("ABC GARMENTS", ["A.B.C. Garments", "A B C Garments Ltd", "ABC Garments"]),
        ("XINJIANGZHONGTAI", ["新疆中泰股份有限公司", "新疆中泰有限责任公司", "XinJiangZhongTai Co., Ltd."]),
        ("DENIZ TEKSTIL", ["Deniz Tekstil San. ve Tic. Ltd. Şti.", "DENİZ TEKSTİL SANAYİ VE TİCARET ANONİM ŞİRKETİ",
                           "Deniz Tekstil A.Ş."]),
        ("STAR INTERNATIONAL MANUFACTURING", ["Star Intl. Mfg. Inc", "Star Int'l Manufacturing Corporation"]),
        ("ALFA AND BETA", ["Alfa & Beta Ltda", "Alfa and Beta S.r.l.", "ALFA und BETA AG"]),
    ],
)  # fmt: skip
def test_spellings_of_one_name_have_one_key(key: str, spellings: list[str], key_names: KeyNames) -> None:
    assert keys(key_names(spellings)) == dict.fromkeys(spellings, key)


def test_what_stands_for_the_company_stays(key_names: KeyNames) -> None:
    names = {
        "Company": "COMPANY",  # a name is never taken off whole
        "Fund I LP": "FUND I",  # not the form ILP of a code list
        "Trust Capital": "TRUST CAPITAL",
        "Unity Trust": "UNITY TRUST",
        "Sal Verde": "SAL VERDE",
        "AG Optik": "AG OPTIK",  # in front, this form is a word
        "Nor As Papir": "NOR AS PAPIR",  # a form inside a name is a word
    }
    listed = [{"name": "International limited partnership", "short": ["ILP"]}, {"name": "Trust", "short": ["TRUST"]}]

    assert keys(key_names(list(names), listed)) == names


def test_a_configured_list_of_legal_forms_is_used(key_names: KeyNames) -> None:
    form = {"name": "Quellen Gesellschaft mit Zukunft", "short": ["QGZ", "Q.G.M.Z."]}
    names = ["Ostwerk QGZ", "Ostwerk Quellen Gesellschaft mit Zukunft", "Ostwerk Q.G.m.Z."]

    assert set(keys(key_names(names)).values()) == {
        "OSTWERK QGZ", "OSTWERK QUELLEN GESELLSCHAFT MIT ZUKUNFT", "OSTWERK QGMZ",
    }  # fmt: skip
    assert set(keys(key_names(names, [form])).values()) == {"OSTWERK"}


def test_a_word_that_is_on_the_list_and_part_of_names_is_not_taken_off(key_names: KeyNames) -> None:
    kept = [row["form"] for row in seed_rows("legal_form") if row["kind"] == "part of the name"]
    names = [f"Nordlicht {word}" for word in kept]

    found = keys(key_names(names, [{"name": word, "short": [word]} for word in kept]))

    written_out = {row["abbreviation"]: row["word"] for row in seed_rows("name_abbreviation")}
    assert found == {name: f"NORDLICHT {written_out.get(word, word)}" for name, word in zip(names, kept, strict=True)}


def test_the_kind_of_form_is_kept(key_names: KeyNames) -> None:
    names = {"Ost AG": "stock", "Ost GmbH": "limited", "Ost Ltd": "any", "Ost": None, "Ost Pvt. Ltd.": "limited",
             "АНО Ост": "non-profit", "株式会社オスト": "stock"}  # fmt: skip
    connection = key_names(list(names))

    found = connection.execute("SELECT spelling, legal_form_kind, name_feature.kind FROM int_name_keys").fetchall()

    assert {spelling: kind for spelling, kind, _ in found} == names
    assert {compared for _, kind, compared in found if kind in (None, "any")} == {None}


def test_words_that_many_names_have_weigh_less(key_names: KeyNames) -> None:
    connection = key_names(["Zyxomma International Trading and Holding"])

    ((words, weights),) = connection.execute(
        "SELECT name_feature.words, name_feature.weights FROM int_name_keys"
    ).fetchall()

    weight = dict(zip(words, weights, strict=True))
    assert words == ["ZYXOMMA", "INTERNATIONAL", "TRADING", "AND", "HOLDING"]
    assert weight["ZYXOMMA"] == 1
    assert 0 < weight["AND"] < weight["INTERNATIONAL"] < weight["TRADING"] < 1
