"""Paths: all simple ones and no other, each step with all its source rows, and hubs told instead of followed."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from serving.network import paths
from serving.network.paths import PathsFound, find_paths
from serving.network.published import Network, open_network
from tests.unit.network.conftest import LONG_AGO, Publication
from tierline.errors import ConfigError, PublishError, TierlineError

Ids = Callable[[Any], list[str]]


def found(network: Network, start: str, goal: str, **options: Any) -> PathsFound:
    return find_paths(network, network.party(start), network.party(goal), **{"longest": 6, **options})


def routes(result: PathsFound, ids: Ids) -> list[list[str]]:
    return [ids(path.parties) for path in result.paths]


def test_a_shared_agent_is_a_path_of_two_steps_with_both_source_rows(publication: Publication, ids: Ids) -> None:
    publication.tie("S1", "G1", "labour_agent").tie("S2", "G1", "labour_agent").tie("S2", "S3", "parent")

    with publication.open() as network:
        result = found(network, "S1", "S3")

    assert routes(result, ids) == [["S1", "G1", "S2", "S3"]]
    told = [[tie["row_id"] for tie in step] for step in result.paths[0].steps]
    assert told == [["row:1"], ["row:2"], ["row:3"]]
    assert {tie["record_no"] for step in result.paths[0].steps for tie in step} == {1, 2, 3}


def test_two_rows_that_tell_of_one_tie_are_one_path_and_both_are_shown(publication: Publication) -> None:
    publication.tie("S1", "S2").tie("S2", "S1", "supply").tie("S1", "S2", interest="ultimately consolidated")

    with publication.open() as network:
        result = found(network, "S1", "S2", every=True)

    [path] = result.paths
    assert [tie["row_id"] for tie in path.steps[0]] == ["row:1", "row:3", "row:2"]


def test_the_shortest_alone_or_every_simple_path(publication: Publication, ids: Ids) -> None:
    publication.tie("S1", "S2").tie("S2", "S3").tie("S1", "S4").tie("S4", "S5").tie("S5", "S3").tie("S4", "S2")

    with publication.open() as network:
        assert routes(found(network, "S1", "S3"), ids) == [["S1", "S2", "S3"]]
        every = routes(found(network, "S1", "S3", every=True), ids)
        short = routes(found(network, "S1", "S3", every=True, longest=2), ids)
        first = found(network, "S1", "S3", every=True, shown=1)

    assert every == [
        ["S1", "S2", "S3"], ["S1", "S4", "S2", "S3"], ["S1", "S4", "S5", "S3"], ["S1", "S2", "S4", "S5", "S3"],
    ]  # fmt: skip
    assert short == [["S1", "S2", "S3"]]
    assert (len(first.paths), first.path_count) == (1, 4)


def simple_paths(steps: set[tuple[str, str]], start: str, goal: str, longest: int) -> Iterator[list[str]]:
    """Every simple path, by trying all: what the joins must agree with."""

    def onward(route: list[str]) -> Iterator[list[str]]:
        if route[-1] == goal:
            yield route
        elif len(route) <= longest:
            for near, far in sorted(steps):
                if near == route[-1] and far not in route:
                    yield from onward([*route, far])

    yield from onward([start])


@pytest.mark.parametrize("seed", range(12))
def test_no_simple_path_is_missed_and_none_is_made_up(publication: Publication, ids: Ids, seed: int) -> None:
    chance = random.Random(seed)
    parties = [f"{'SGCA'[number % 4]}{number}" for number in range(9)]
    pairs = [tuple(chance.sample(parties, 2)) for _ in range(chance.randint(8, 18))]
    for subject, party in pairs:
        publication.tie(subject, party, chance.choice(["ownership", "supply", "address"]))
    publication.tie("S0", "S0").tie("S0", "C6").tie("S4", "C6", "officer")
    steps = {
        (a, b) for tie in publication.ties for a, b in pairwise([tie["subject_id"], tie["party_id"]] * 2) if a != b
    }
    longest = chance.randint(2, 6)

    with publication.open() as network:
        result = found(network, "S0", "S4", every=True, longest=longest, shown=10_000)

    expected = sorted(simple_paths(steps, "S0", "S4", longest))
    assert expected
    assert sorted(routes(result, ids)) == expected
    assert result.path_count == len(expected)


def test_a_circle_of_owners_is_walked_once(publication: Publication, ids: Ids) -> None:
    publication.tie("S1", "C1").tie("C1", "C2").tie("C2", "C1").tie("C2", "C3").tie("C3", "C1").tie("C3", "S2")

    with publication.open() as network:
        result = found(network, "S1", "S2", every=True, longest=20)

    assert routes(result, ids) == [["S1", "C1", "C3", "S2"], ["S1", "C1", "C2", "C3", "S2"]]


def test_hubs_are_told_and_not_followed(publication: Publication, ids: Ids) -> None:
    for supplier in ("S1", "S2", "S3"):
        publication.tie(supplier, "A1", "address")
    publication.tie("S1", "C1").tie("C1", "C2").tie("C2", "S2")
    publication.hubs = {"A1"}

    with publication.open() as network:
        result = found(network, "S1", "S2", every=True)
        followed = found(network, "S1", "S2", every=True, through_hubs=True)
        from_the_hub = found(network, "A1", "S3")

    assert routes(result, ids) == [["S1", "C1", "C2", "S2"]]
    assert ids(result.hubs) == ["A1"]
    assert routes(followed, ids) == [["S1", "A1", "S2"], ["S1", "C1", "C2", "S2"]]
    assert routes(from_the_hub, ids) == [["A1", "S3"]]


def test_two_that_are_tied_by_a_hub_alone_have_no_path_and_the_hub_is_named(publication: Publication, ids: Ids) -> None:
    publication.tie("S1", "A1", "address").tie("S2", "A1", "address")
    publication.hubs = {"A1"}

    with publication.open() as network:
        result = found(network, "S1", "S2")

    assert (result.path_count, ids(result.hubs)) == (0, ["A1"])


def test_what_has_ended_counts_only_where_it_is_asked_for(publication: Publication, ids: Ids) -> None:
    publication.tie("S1", "S2", valid_to=LONG_AGO)

    with publication.open() as network:
        assert found(network, "S1", "S2").path_count == 0
    with publication.open(ended=True) as network:
        assert routes(found(network, "S1", "S2"), ids) == [["S1", "S2"]]


def test_only_ties_of_the_kinds_asked_for(publication: Publication, ids: Ids) -> None:
    publication.tie("S1", "G1", "labour_agent").tie("S2", "G1", "labour_agent").tie("S1", "S3").tie("S3", "S2")

    with publication.open(kinds=["ownership"]) as network:
        assert routes(found(network, "S1", "S2", every=True), ids) == [["S1", "S3", "S2"]]
    with pytest.raises(ConfigError, match="no tie is of kind friendship"), publication.open(kinds=["friendship"]):
        pass


def test_two_anonymous_owners_are_not_one(publication: Publication) -> None:
    publication.tie("S1", "N1").tie("S2", "N2")

    with publication.open() as network:
        assert found(network, "S1", "S2").path_count == 0


def test_too_many_paths_are_refused_with_what_to_do(publication: Publication, monkeypatch: pytest.MonkeyPatch) -> None:
    for near in range(8):
        for far in range(near):
            publication.tie(f"S{near}", f"S{far}")
    monkeypatch.setattr(paths, "MOST_BEGUN", 50)

    with publication.open() as network, pytest.raises(TierlineError, match="--max-length"):
        found(network, "S0", "S7", every=True)


def test_a_party_goes_by_its_id_or_its_whole_name(publication: Publication) -> None:
    publication.tie("S1", "S2").tie("S3", "S2")
    publication.names = {"S1": "Alfa Mills", "S2": "Beta", "S3": "beta"}

    with publication.open() as network:
        assert network.party("S2")["name"] == "Beta"
        assert network.party("alfa mills")["party_id"] == "S1"
        with pytest.raises(ConfigError, match=r"(?s)name of 2 parties.*S2 \(Beta\), S3 \(beta\)"):
            network.party("BETA")
        with pytest.raises(ConfigError, match=r"(?s)no party.*S1 \(Alfa Mills\)"):
            network.party("mill")
        with pytest.raises(ConfigError, match="same party"):
            found(network, "S1", "alfa mills")


def test_a_publication_without_a_network_says_so(publication: Publication) -> None:
    publication.tie("S1", "S2")
    folder = publication.write()
    (folder / "parquet" / "dim_network_party.parquet").unlink()

    with pytest.raises(PublishError, match="dim_network_party"), open_network(folder):
        pass
