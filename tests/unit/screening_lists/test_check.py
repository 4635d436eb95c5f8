"""What a row is answered: who is known, who may be, what lists say, what is usual there; and what never happens."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from serving.screening.inherent import inherent_band, levels_of
from serving.screening.reading import OpenPublication, Row
from tests.unit.screening_lists.conftest import LEI, WRONG_LEI, supplier_id

Screen = Callable[..., Row]
NAMED = ("Name", "Country")


def only(record: Row) -> Row:
    (answer,) = record["answers"]
    return dict(answer)


def test_an_identifier_says_who_a_bidder_is_and_its_band_is_shown(screened: Screen) -> None:
    answer = only(screened(("Bidder", "Country", "LEI"), ("Blue River Garments", "Viet Nam", LEI)))

    assert answer["state"] == "identified"
    assert answer["match"]["supplier_id"] == supplier_id(1)
    assert answer["band"] == answer["supplier"]["band"]
    assert {"feature": "identifier", "level": "agrees", "value": "lei"} in answer["match"]["features"]


@pytest.mark.parametrize("name", ["Amber Textiles Ltd", "AMBER TEXTILES", "Amber Textils Limited"])
def test_a_name_alone_says_who_a_bidder_may_be_and_shows_no_band(screened: Screen, name: str) -> None:
    answer = only(screened((*NAMED, "City"), (name, "BD", "Dhaka")))

    assert (answer["state"], answer["band"], answer["supplier"]) == ("to confirm", None, None)
    assert [one["supplier_id"] for one in answer["candidates"]] == [supplier_id(0)]
    features = {one["feature"]: one["level"] for one in answer["candidates"][0]["features"]}
    assert (features["country"], features["town"], features["identifier"]) == ("agrees", "agrees", "not known")


def test_a_band_is_shown_once_a_person_has_said_which_company_it_is(screened: Screen) -> None:
    answer = only(screened(NAMED, ("Twin Mills Spinning", "India"), confirmed={1: supplier_id(3)}))

    assert (answer["state"], answer["match"]["supplier_id"]) == ("confirmed", supplier_id(3))
    assert answer["band"] == answer["supplier"]["band"]


def test_two_companies_of_one_name_are_both_candidates(screened: Screen) -> None:
    answer = only(screened(NAMED, ("Twin Mills Spinning", "India")))

    assert {one["supplier_id"] for one in answer["candidates"]} == {supplier_id(2), supplier_id(3)}


def test_none_of_the_candidates_leaves_no_record_and_unknown(screened: Screen) -> None:
    answer = only(screened(NAMED, ("Amber Textiles", "BD"), confirmed={1: "none"}))

    assert (answer["state"], answer["band"], answer["match"]) == ("no record", "Unknown", None)


def test_a_supplier_that_is_not_there_is_not_confirmed(screened: Screen) -> None:
    answer = only(screened(NAMED, ("Amber Textiles", "BD"), confirmed={1: "S00000000dead"}))

    assert (answer["state"], answer["band"]) == ("to confirm", None)


def test_an_identifier_that_agrees_under_another_name_altogether_is_for_a_person(screened: Screen) -> None:
    answer = only(screened(("Bidder", "Country", "LEI"), ("Quite Another Firm", "VN", LEI)))

    assert (answer["state"], answer["band"]) == ("to confirm", None)
    assert answer["notes"] == ["identifier_and_name_differ"]


def test_wrong_check_digits_identify_nobody(screened: Screen) -> None:
    answer = only(screened(("Bidder", "Country", "LEI"), ("Quite Another Firm", "VN", WRONG_LEI)))

    assert (answer["state"], answer["list_hits"]) == ("no record", [])
    assert answer["notes"] == ["check_digits_fail"]


def test_a_tax_number_counts_within_its_country_only(screened: Screen) -> None:
    at_home, elsewhere, nowhere = screened(
        ("Bidder", "Country", "Tax number"),
        ("Amber Textiles", "BD", "700 000"), ("Amber Textiles", "DE", "700000"), ("Amber Textiles", "", "700000"),
    )["answers"]  # fmt: skip

    assert at_home["state"] == "identified"
    assert elsewhere["state"] == "no record"
    assert (nowhere["state"], nowhere["notes"]) == ("to confirm", ["identifier_without_country"])


def test_a_bidder_nobody_knows_gets_lists_their_dates_and_inherent_level_and_is_unknown(screened: Screen) -> None:
    record = screened(NAMED, ("Nobody Knows Us GmbH", "Alemania"))
    answer = only(record)

    assert (answer["state"], answer["band"], answer["list_hits"]) == ("no record", "Unknown", [])
    assert answer["context"]["country_level"] == 1.0
    wro = next(one for one in record["lists"] if one["list_name"] == "WRO")
    assert (wro["known_on"], wro["compared"], wro["persons"], wro["goods"]) == ("2026-09-01", 6, 1, 1)


@pytest.mark.parametrize(
    ("name", "role"),
    [("Valley Ore", "name"), ("Ore Brothers Trading Co", "alias"), ("OLD VALLEY MINING", "former_name"),
     ("Hilltop Smelting Works Ltd", "subsidiary"), ("Valey Ore Co", "name")],
)  # fmt: skip
def test_every_name_of_an_entry_is_compared_and_a_name_is_only_a_possible_match(
    screened: Screen, name: str, role: str
) -> None:
    (hit,) = only(screened(NAMED, (name, "CN")))["list_hits"]

    assert (hit["state"], hit["features"][0]["level"]) == ("possible match, unconfirmed", role)


def test_another_script_is_no_way_around_a_list(screened: Screen) -> None:
    assert only(screened(NAMED, ("Severnyi Les", "RU")))["list_hits"][0]["entry_name"] == "Северный Лес ООО"


def test_an_identifier_of_an_entry_confirms_it_whatever_the_name(screened: Screen) -> None:
    answer = only(screened(("Name", "Country", "Company number"), ("Renamed Ventures", "GH", "C-123 4567")))

    assert [(hit["basis"], hit["state"]) for hit in answer["list_hits"]] == [("identifier", "confirmed by identifier")]


def test_an_entry_that_is_over_is_history_and_no_hit(screened: Screen) -> None:
    answer = only(screened(NAMED, ("Delisted Bricks", "PK")))

    assert answer["list_hits"] == []
    assert [one["state"] for one in answer["list_history"]] == ["past"]


def test_an_entry_is_over_from_the_day_it_ends(screened: Screen) -> None:
    before = only(screened(NAMED, ("Sunset Fisheries", "TH"), checked_on=date(2026, 11, 14)))
    after = only(screened(NAMED, ("Sunset Fisheries", "TH"), checked_on=date(2026, 11, 15)))

    assert (len(before["list_hits"]), len(before["list_history"])) == (1, 0)
    assert (len(after["list_hits"]), len(after["list_history"])) == (0, 1)


def test_a_name_in_another_country_is_counted_and_no_hit(screened: Screen) -> None:
    answer = only(screened(NAMED, ("Golden Star Trading", "FR")))

    assert (answer["list_hits"], answer["listed_elsewhere"]) == ([], 1)


def test_natural_persons_are_found_by_no_name_neither_on_lists_nor_as_suppliers(screened: Screen) -> None:
    answers = screened(
        NAMED, ("natural person, list WRO, entry wro:3", "ES"), ("natural person, source erp, record erp:5", "ES")
    )["answers"]

    assert [(one["state"], one["candidates"], one["list_hits"]) for one in answers] == [("no record", [], [])] * 2


def test_goods_of_the_country_are_context_and_no_hit_on_the_bidder(screened: Screen) -> None:
    answer = only(screened((*NAMED, "Product"), ("All cotton from the valley", "CN", "cotton")))

    assert answer["list_hits"] == []
    assert answer["context"]["flagged_goods"] == ["Cotton"]
    assert [one["entry_name"] for one in answer["context"]["listed_goods"]] == ["All cotton from the valley"]
    assert (answer["context"]["good_level"], answer["context"]["sector_key"]) == (2.0, "garments")


def test_what_is_not_known_of_country_sector_or_good_widens_the_inherent_level(screened: Screen) -> None:
    known, unknown = (
        one["context"]
        for one in screened((*NAMED, "Sector", "Product"), ("A", "CN", "garments", "cotton"), ("B", "", "", ""))[
            "answers"
        ]
    )

    assert known["lowest_sum"] == known["highest_sum"] == 11
    assert (unknown["lowest_sum"], unknown["highest_sum"]) == (2, 12)
    assert (unknown["lowest"], unknown["highest"]) == ("Lower", "Moderate")


def test_the_inherent_level_is_that_of_the_method(publication: OpenPublication) -> None:
    levels = levels_of(publication)
    assert levels is not None

    assert [inherent_band(levels, total) for total in (2, 3, 6, 7, 8, 10, 12)] == [
        *("Lower", "Lower", "Lower"), *("Lower", "Moderate", "Moderate", "Moderate"),
    ]  # fmt: skip


def test_rows_read_are_rows_answered_and_rows_refused_with_a_reason(screened: Screen) -> None:
    record = screened(
        NAMED, ("A", "DE"), ("", "DE"), ("x" * 10_000, "DE"), ("a\x00b", "DE"), ("", ""), ("B", "DE", "?")
    )

    assert record["counts"]["read"] == record["counts"]["answered"] + record["counts"]["refused"] == 6
    assert [one["reason"] for one in record["refused"]] == [
        "nothing_to_check", "cell_too_long", "control_characters", "empty_row", "more_cells",
    ]  # fmt: skip


def test_marks_that_turn_or_hide_text_change_nothing(screened: Screen) -> None:
    answer = only(screened(NAMED, ("\u202eAmber\u200b Textiles\u2066", "BD")))

    assert (answer["name"], answer["state"]) == ("Amber Textiles", "to confirm")


def test_the_same_question_gives_the_same_record(screened: Screen) -> None:
    rows = (("Amber Textiles", "BD"), ("Valley Ore", "CN"), ("Twin Mills Spinning", "IN"))

    assert json.dumps(screened(NAMED, *rows)) == json.dumps(screened(NAMED, *rows))


def test_what_the_run_says_of_a_supplier_and_an_entry_stands_with_the_hit(
    screened: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = {"entry_id": "E000000000001", "match_status": "rejected"}
    told = {"band": "Moderate", "matches": [judged], "reasons": [], "unknowns": []}
    monkeypatch.setattr("serving.screening.check.supplier_answers", lambda *_: {supplier_id(0): told})

    record = screened(NAMED, ("Valley Ore", "CN"), confirmed={1: supplier_id(0)})

    assert [hit["state"] for hit in only(record)["list_hits"]] == ["rejected"]
    assert record["counts"]["with_list_hits"] == 0
