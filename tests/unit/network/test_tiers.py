"""Tiers: how many suppliers each has, and who stands upstream of one."""

from serving.network.telling import tier_lines, upstream_lines
from serving.network.tiers import MOST_TIERS, tier_counts, upstream
from tests.unit.network.conftest import LONG_AGO, Publication


def test_upstream_goes_by_depth_and_a_circle_ends_where_it_began(publication: Publication) -> None:
    publication.tie("S1", "S2", "subcontract").tie("S2", "S3", "supply").tie("S3", "S1", "supply")
    publication.tie("S1", "S3", "supply").tie("S1", "S4", "supply", valid_to=LONG_AGO).tie("S1", "C1")

    with publication.open() as network:
        found, goes_on = upstream(network, network.party("S1"))

    assert [(one.party["party_id"], one.tiers_up, one.customer["party_id"], one.tie["row_id"]) for one in found] == [
        ("S2", 1, "S1", "row:1"),
        ("S3", 1, "S1", "row:4"),
    ]
    assert not goes_on


def test_a_chain_longer_than_is_followed_says_so(publication: Publication) -> None:
    for number in range(MOST_TIERS + 3):
        publication.tie(f"S{number:02}", f"S{number + 1:02}", "supply")

    with publication.open() as network:
        party = network.party("S00")
        found, goes_on = upstream(network, party)

    assert (len(found), goes_on) == (MOST_TIERS, True)
    lines = list(upstream_lines(party, found, goes_on=goes_on))
    assert lines[1:3] == ["1 up", "  Name of S00 (S00) is supplied by Name of S01 (S01) [register record 1, row row:1]"]
    assert lines[-1] == "The chain goes on beyond the last tier shown."


def test_nobody_upstream_is_not_told_as_a_finding(publication: Publication) -> None:
    publication.tie("S1", "S2", "supply")

    with publication.open() as network:
        party = network.party("S2")
        found, goes_on = upstream(network, party)

    assert list(upstream_lines(party, found, goes_on=goes_on)) == [
        "Upstream of Name of S2 (S2):",
        "  No source tells of a tie; that does not say that there is none.",
    ]


def test_the_tiers_are_counted_with_what_is_not_known_last(publication: Publication) -> None:
    publication.tie("S1", "S2", "supply")
    tier = {"supplier_id": "S1", "tier": 1, "basis": "bought from", "is_declared": None}
    publication.tiers = [
        {**tier, "supplier_id": "S9", "tier": None, "basis": "no purchase leads to it"},
        tier,
        {**tier, "supplier_id": "S2", "tier": 2, "basis": "works for", "is_declared": False},
        {**tier, "supplier_id": "S3", "tier": 2, "basis": "works for", "is_declared": True},
    ]

    with publication.open() as network:
        lines = list(tier_lines(tier_counts(network)))

    assert [" ".join(line.split()) for line in lines] == [
        "tier 1 1 bought from",
        "tier 2 2 works for, 1 of them told of by no customer",
        "tier not known 1 no purchase leads to it",
    ]
