"""The names in the free text of lists: every form in which a list writes several names into one cell."""

import re

import pytest

from matching.list_names import ALIAS, FORMER_NAME, MARKED, NAME, SUBSIDIARY, names_in
from matching.list_spellings import write_listed_names
from tierline.warehouse import connect


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Alder Works", [("Alder Works", NAME)]),
        ("Alder, a/k/a Birch Farm, a/k/a Cedar", [("Alder", NAME), ("Birch Farm", ALIAS), ("Cedar", ALIAS)]),
        ("Alder Prison; Birch Kogyo Co., Ltd.", [("Alder Prison", NAME), ("Birch Kogyo Co., Ltd.", ALIAS)]),
        (
            "Alder Co., Ltd. (including three aliases: Birch; Cedar (Group) Ltd.; and Doum)"
            " and its subordinate and affiliated entities",
            [
                ("Alder Co., Ltd.", NAME),
                ("Birch", ALIAS),
                ("Cedar (Group) Ltd.", ALIAS),
                ("Cedar Ltd.", ALIAS),
                ("Doum", ALIAS),
            ],
        ),
        ("Alder (including one alias: Birch and Dye Co.)", [("Alder", NAME), ("Birch and Dye Co.", ALIAS)]),
        ("Alder (including two aliases: AB and BA)", [("Alder", NAME), ("AB", ALIAS), ("BA", ALIAS)]),
        ("Alder (also known as Birch; C.D. Corps)", [("Alder", NAME), ("Birch", ALIAS), ("C.D. Corps", ALIAS)]),
        ("Alder & Fils, and Subsidiaries", [("Alder & Fils", NAME)]),
        (
            "Alder Metals and its eight Valley-based subsidiaries, which include Birch Ore Co., Ltd., Cedar, and Doum",
            [("Alder Metals", NAME), ("Birch Ore Co. Ltd.", SUBSIDIARY), ("Cedar", SUBSIDIARY), ("Doum", SUBSIDIARY)],
        ),
        ("Alder and its subsidiary Birch Cold and Dry", [("Alder", NAME), ("Birch Cold and Dry", SUBSIDIARY)]),
        ("Alder Corp, including Birch and Cedar", [("Alder Corp", NAME), ("Birch", SUBSIDIARY), ("Cedar", SUBSIDIARY)]),
        (
            "Alder (Private) Limited (formerly Birch Ltd)",
            [("Alder (Private) Limited", NAME), ("Alder Limited", NAME), ("Birch Ltd", FORMER_NAME)],
        ),
        ("Alder (f/k/a Birch) Co., Ltd.", [("Alder Co., Ltd.", NAME), ("Birch", FORMER_NAME)]),
        ("ALDER FARMS LLC DBA BIRCH ACRES", [("ALDER FARMS LLC", NAME), ("BIRCH ACRES", ALIAS)]),
        ("(also ALDER PAVING, BIRCH, LLC)", [("ALDER PAVING", ALIAS), ("BIRCH LLC", ALIAS)]),
        (
            "Alder Co., Ltd. and Birch Trade and Dye Co., Ltd.",
            [("Alder Co., Ltd.", NAME), ("Birch Trade and Dye Co., Ltd.", ALIAS)],
        ),
        (
            "Alder (or Aldar) (New Life) Plant",
            [
                ("Alder Plant", NAME),
                ("Aldar (New Life) Plant", NAME),
                ("Aldar Plant", NAME),
                ("Alder (New Life) Plant", NAME),
            ],
        ),
        (
            "Alder Tobacco Malawi (AT Malawi)",
            [("Alder Tobacco Malawi (AT Malawi)", NAME), ("Alder Tobacco Malawi", NAME), ("AT Malawi", ALIAS)],
        ),
        ("Alder Birch Corps (ABC)", [("Alder Birch Corps (ABC)", NAME), ("Alder Birch Corps", NAME), ("ABC", ALIAS)]),
        ("Alder S.A. (anciennement Birch S.A.)", [("Alder S.A.", NAME), ("Birch S.A.", FORMER_NAME)]),
        ("Alder Ltda, também conhecida como Birch", [("Alder Ltda", NAME), ("Birch", ALIAS)]),
        ("Fishing Vessel: Alder 9", [("Fishing Vessel: Alder 9", NAME), ("Alder 9", NAME)]),
    ],
)
def test_each_name_of_a_text_is_found_with_its_role(text, names):
    assert names_in(text) == names


@pytest.mark.parametrize(
    "name",
    [
        "Aka Tekstil Sanayi",
        "Dba Metals",
        "Hide & Garment Factory",
        "Alder Agriculture, Industry, and Trade Co., Ltd.",
        "State Penitentiary, Alder City, Birchland",
        "Iron and Steel Works",
        "Fka",
    ],
)
def test_one_name_stays_one_name(name):
    assert names_in(name) == [(name, NAME)]


def test_a_country_or_form_in_the_last_bracket_is_no_name():
    assert [name.spelling for name in names_in("Alder Mills (Thailand)")] == ["Alder Mills (Thailand)", "Alder Mills"]


def test_of_a_note_only_what_is_said_to_be_a_name_counts():
    assert names_in("Gloves; yarn (cotton), including thread", is_note=True) == []
    assert names_in("Convicted in 2021; also known as Birch", is_note=True) == [("Birch", ALIAS)]


@pytest.mark.parametrize("text", ["", " ; ", "(((", "a/k/a", "(also )", "and its subsidiaries", "x) y) z"])
def test_a_mangled_text_raises_nothing(text):
    assert all(name.spelling for name in names_in(text))


def test_every_text_with_more_than_itself_is_marked():
    for text in ("Alder, aka Birch", "Alder f.k.a. Birch", "Alder Ltd and Birch Ltd", "Alder subsidiaries: Birch"):
        assert len(names_in(text)) > 1
        assert re.search(MARKED, text)


def test_names_of_persons_and_goods_are_not_read():
    rows = [
        ("company", "Alder, a/k/a Birch", ["Cedar; Doum"], None),
        ("company", "Plain", ["Plain Co"], "formerly Elm"),
        ("person", "Somebody, a/k/a Somebody Else", ["A; B"], "also known as C"),
        ("good", "All cotton; and yarn", None, None),
    ]
    with connect() as connection:
        connection.execute("CREATE SCHEMA canonical")
        connection.execute(
            "CREATE TABLE canonical.list_entry (entry_kind VARCHAR, name VARCHAR, aliases VARCHAR[], note VARCHAR)"
        )
        connection.executemany("INSERT INTO canonical.list_entry VALUES (?, ?, ?, ?)", rows)

        assert write_listed_names(connection) == 5
        written = connection.execute("SELECT * FROM matching.listed_name ORDER BY ALL").fetchall()

    assert written == [
        ("Alder, a/k/a Birch", False, "Alder", NAME),
        ("Alder, a/k/a Birch", False, "Birch", ALIAS),
        ("Cedar; Doum", False, "Cedar", NAME),
        ("Cedar; Doum", False, "Doum", ALIAS),
        ("formerly Elm", True, "Elm", FORMER_NAME),
    ]
