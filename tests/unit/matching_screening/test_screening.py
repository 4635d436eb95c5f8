"""Screening of suppliers against lists: who becomes a candidate and who does not, and what each candidate says."""

import pytest

from matching import screening as room
from matching import screening_keys


def test_a_candidate_explains_itself_feature_by_feature(screening):
    screening.supplier(
        "erp:1", "Kaltor Weavers", country="BD", town="Savar", address="12 Mill Road", identifiers=["tax_number BD 77"]
    )
    screening.entry(
        "l:1", "Kaltor Weavers", country="BD", address="12 Mill Road, Savar", identifiers=["tax_number BD 77"]
    )

    [candidate] = screening.candidates()

    assert (candidate["supplier_ref"], candidate["entry_row_id"]) == ("erp:1", "l:1")
    assert candidate["matched_on"] == "name"
    assert candidate["explanation"] == {
        "prior": ("any pair", -12.0),
        "name": ("the same (name “Kaltor Weavers”)", 12.0),
        "words": ("rare", 3.0),
        "country": ("agrees", 3.0),
        "town": ("agrees", 4.0),
        "address": ("agrees", 6.0),
        "identifier": ("agrees: tax number", 20.0),
    }
    assert candidate["match_weight"] == sum(weight for _, weight in candidate["explanation"].values())


@pytest.mark.parametrize("role", ["alias", "former_name", "subsidiary"])
def test_other_names_of_an_entry_are_screened_too(screening, role):
    screening.supplier("erp:1", "Birchfield Ore", country="CN")
    screening.entry("l:1", "Alder Metals", ("Birchfield Ore", role))

    [candidate] = screening.candidates()

    assert candidate["matched_on"] == role
    assert candidate["explanation"]["name"][0] == f"the same ({role.replace('_', ' ')} “Birchfield Ore”)"
    assert candidate["explanation"]["country"] == ("not known", 0.0)


def test_an_alias_of_the_supplier_counts_as_alias(screening):
    screening.supplier("erp:1", "Alder Metals", "Birchfield Ore")
    screening.entry("l:1", "Birchfield Ore")

    assert [row["matched_on"] for row in screening.candidates()] == ["alias"]


@pytest.mark.parametrize(
    "spelling",
    ["Kaltorr Weavers", "Kaltro Weavers", "Weavers Kaltor", "Kal tor Weavers", "Kaltor Weavres", "Kltor Weavers"],
)
def test_a_name_that_is_spelt_otherwise_is_a_candidate(screening, spelling):
    screening.supplier("erp:1", spelling, country="BD")
    screening.entry("l:1", "Kaltor Weavers", country="BD")

    assert [row["matched_on"] for row in screening.candidates()] == ["similar_name"]


@pytest.mark.parametrize("spelling", ["Kaltor Textiles", "Weavers", "Belmor Weavers", "Kaltor Weavers Belmor Dorvane"])
def test_another_name_is_none(screening, spelling):
    screening.supplier("erp:1", spelling, country="BD")
    screening.entry("l:1", "Kaltor Weavers", country="BD")

    assert screening.candidates() == []


def test_a_short_common_name_that_is_the_same_is_not_lost(screening):
    screening.supplier("erp:1", "Star Trading")
    screening.supplier("erp:2", "Star Trading", country="IN")
    screening.supplier("erp:3", "Star Trading", country="VN")
    screening.entry("l:1", "Star Trading", country="IN")

    weights = {row["supplier_ref"]: row["match_weight"] for row in screening.candidates()}

    assert weights.keys() == {"erp:1", "erp:2"}
    assert weights["erp:2"] > weights["erp:1"]


def test_initials_tell_little_however_seldom_they_were_counted(screening):
    screening.supplier("erp:1", "A B C Trading")
    screening.entry("l:1", "A B C Trading")

    assert screening.candidates()[0]["explanation"]["words"] == ("usual", 0.0)


def test_what_speaks_against_it_lowers_the_weight(screening):
    screening.supplier("erp:1", "Kaltor Weavers", country="BD", town="Savar", identifiers=["tax_number BD 77"])
    screening.entry("l:1", "Kaltor Weavers", country="BD", town="Khulna", identifiers=["tax_number BD 78"])
    screening.entry("l:2", "Kaltor Weavers", country="VN")

    [candidate] = screening.candidates()

    assert candidate["entry_row_id"] == "l:1"
    assert candidate["explanation"]["town"] == ("differs", -2.0)
    assert candidate["explanation"]["identifier"] == ("differs", -6.0)


def test_who_shares_an_identifier_is_explained_whatever_the_names_are(screening):
    screening.supplier("erp:1", "Kaltor Weavers", country="BD", identifiers=["lei 5299"])
    screening.entry("l:1", "Dorvane Holding", country="VN", identifiers=["lei 5299"])

    [candidate] = screening.candidates()

    assert candidate["match_weight"] < 0
    assert candidate["explanation"]["name"] == ("another (name “Dorvane Holding”)", -6.0)
    assert candidate["explanation"]["identifier"] == ("agrees: lei", 20.0)


def test_a_natural_person_is_never_compared(screening):
    screening.supplier("h2:1", "Kaltor Weavers", is_natural_person=True, identifiers=["lei 5299"])
    screening.entry("l:1", "Kaltor Weavers", identifiers=["lei 5299"])

    assert screening.candidates() == []


def test_towns_and_addresses_of_other_scripts_are_compared_in_latin_letters(screening):
    screening.connection.execute("INSERT INTO matching.latin_spelling VALUES ('Одинцово', 'Odintsovo')")
    screening.supplier("erp:1", "Kaltor Weavers", town="Одинцово")
    screening.entry("l:1", "Kaltor Weavers", town="Odintsovo")

    assert screening.candidates()[0]["explanation"]["town"] == ("agrees", 4.0)


def test_an_entry_with_too_many_candidates_keeps_the_strongest_and_the_log_tells(screening, caplog, monkeypatch):
    monkeypatch.setattr(room, "_TOO_MANY", room._TOO_MANY.replace("> 100", "> 2"))
    for number in range(5):
        screening.supplier(f"erp:{number}", "Kaltor Weavers", country="BD" if number > 2 else None)
    screening.entry("l:1", "Kaltor Weavers", country="BD")

    with caplog.at_level("INFO"):
        kept = screening.candidates()

    assert [row["supplier_ref"] for row in kept] == ["erp:3", "erp:4"]
    assert "3 more left out" in caplog.text


def test_keys_that_too_many_names_share_are_left_out_and_counted_but_a_whole_name_never(screening, caplog, monkeypatch):
    monkeypatch.setattr(screening_keys, "KEY_LIMITS", (3,))
    for number in range(5):
        screening.supplier(f"erp:{number}", f"Kaltor Weaver{number}")
    for number, name in enumerate(("Kaltor Weavers", "Weavers Kaltor")):
        screening.supplier(f"erp:1{number}", name)
        screening.entry(f"l:{number}", name)

    with caplog.at_level("INFO"):
        kept = screening.candidates()

    pairs = [(row["supplier_ref"], row["entry_row_id"]) for row in kept]
    assert pairs == [("erp:10", "l:0"), ("erp:10", "l:1"), ("erp:11", "l:0"), ("erp:11", "l:1")]
    assert "keys that make over 3 pairs each are left out" in caplog.text


def test_the_same_input_gives_the_same_rows_whatever_was_there_before(screening):
    screening.supplier("erp:1", "Kaltor Weavers", country="BD")
    screening.entry("l:1", "Kaltor Weavers", country="BD")
    first = screening.candidates()
    screening.connection.execute("INSERT INTO matching.list_candidate VALUES ('gone:1', 'l:9', 1.0, 'name', [])")

    assert screening.candidates() == first
