"""What surrounds a party: who shares what, owners upwards, and why nothing is known above them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from serving.network.surroundings import Surroundings, surroundings
from serving.network.telling import around_lines
from tests.unit.network.conftest import Publication

Ids = Callable[[Any], list[str]]


def around(publication: Publication, party: str, **options: Any) -> Surroundings:
    with publication.open() as network:
        return surroundings(network, network.party(party), **options)


def told(found: Surroundings) -> str:
    return "\n".join(around_lines(found))


def test_each_end_of_a_chain_of_owners_says_why_it_ends(publication: Publication) -> None:
    publication.tie("S1", "C1").tie("C1", "C2", "parent").tie("C2", "P1").tie("S1", "N1", interest="noBeneficialOwners")
    publication.tie("S1", "U1").tie("C1", "C5")
    publication.names = {"P1": "natural person", "N1": "not disclosed", "U1": "not described by its source"}

    found = around(publication, "S1")

    assert [(owner.party["party_id"], owner.level, owner.ending) for owner in found.owners] == [
        ("C1", 1, None),
        ("N1", 1, "not disclosed, as the source says"),
        ("U1", 1, "a record that its source does not have"),
        ("C2", 2, None),
        ("C5", 2, "no source tells who owns it"),
        ("P1", 3, "a natural person"),
    ]
    assert "noBeneficialOwners" in told(found)
    assert "No natural person is known at the top." not in told(found)


def test_no_owner_told_and_an_owner_not_disclosed_are_two_things(publication: Publication) -> None:
    publication.tie("S1", "N1", interest="subjectUnableToConfirmOrIdentifyBeneficialOwner").tie("S2", "S1", "supply")

    not_disclosed, not_told = told(around(publication, "S1")), told(around(publication, "S2"))

    assert "not disclosed, as the source says" in not_disclosed
    assert "subjectUnableToConfirmOrIdentifyBeneficialOwner" in not_disclosed
    assert "No source tells who owns it; that does not say that nobody does." in not_told


def test_nobody_is_asked_who_owns_a_person_or_an_address(publication: Publication) -> None:
    publication.tie("S1", "P1").tie("S1", "N1").tie("S1", "A1", "address")

    assert "Owners" in told(around(publication, "S1"))
    for party in ("P1", "N1", "A1"):
        assert "Owners" not in told(around(publication, party))


def test_a_circle_of_owners_ends_and_is_shown_as_one(publication: Publication, ids: Ids) -> None:
    publication.tie("S1", "C1").tie("C1", "C2").tie("C2", "C1").tie("C8", "C9").tie("C9", "C8")

    found = around(publication, "S1")

    assert [owner.party["party_id"] for owner in found.owners] == ["C1", "C2"]
    assert [ids(circle.way_round) for circle in found.circles] == [["C1", "C2", "C1"]]
    assert "Circle of owners: Name of C1 (C1, company) > Name of C2 (C2, company) > Name of C1" in told(found)
    assert "No natural person is known at the top." in told(found)


def test_it_is_told_of_in_its_own_circle_and_is_not_its_own_owner(publication: Publication) -> None:
    publication.tie("S1", "S2").tie("S2", "S1")

    found = around(publication, "S1")

    assert [owner.party["party_id"] for owner in found.owners] == ["S2"]
    assert len(found.circles) == 1


def test_a_long_chain_says_that_it_goes_on(publication: Publication) -> None:
    for level in range(60):
        publication.tie(f"C{level:02}", f"C{level + 1:02}")

    found = around(publication, "C00")

    assert (len(found.owners), found.has_more_owners) == (50, True)
    assert not around(publication, "C30").has_more_owners


def test_who_shares_an_agent_is_shown_and_who_shares_a_hub_is_counted(publication: Publication) -> None:
    for supplier in ("S1", "S2", "S3"):
        publication.tie(supplier, "A1", "address")
    publication.tie("S1", "G1", "labour_agent").tie("S2", "G1", "labour_agent").tie("S3", "C1", "officer")
    publication.tie("S1", "C1")
    publication.hubs = {"A1"}

    found = around(publication, "S1")

    assert found.shares == (("labour_agent", "G1", "S2"),)
    assert "Name of A1 (A1, address) is shared by 3: it says little" in told(found)


def test_a_tie_tells_all_that_its_source_row_tells(publication: Publication) -> None:
    publication.tie(
        "S1", "C1", interest="shareholding", share_minimum=25.0, share_maximum=50.0, valid_from=date(2020, 2, 1),
        known_on=date(2021, 3, 4),
    )  # fmt: skip
    publication.tie("S1", "S2", "subcontract", interest="dyeing", is_declared=False)

    lines = told(around(publication, "S1"))

    assert (
        "Name of S1 (S1) is owned or controlled by Name of C1 (C1, company): shareholding, 25 to 50 %, from 2020-02-01"
        " [register record 1, row row:1, known 2021-03-04]"
    ) in lines
    assert "has work done by Name of S2 (S2): dyeing, not told of by the customer [register record 2" in lines


def test_a_supplier_without_a_tie_is_not_called_free_of_ties(publication: Publication) -> None:
    publication.tie("S1", "S2")
    publication.alone = ("S7",)

    assert "No source tells of a tie; that does not say that there is none." in told(around(publication, "S7"))


def test_what_is_left_out_is_counted(publication: Publication) -> None:
    for number in range(5):
        publication.tie("S1", f"C{number}")

    found = around(publication, "S1", shown=2)

    assert (len(found.ties), found.tie_count) == (2, 5)
    assert "... and 3 more" in told(found)
