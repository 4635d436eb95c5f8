"""What joins references, and what keeps them apart whatever the model says."""

import itertools

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.clusters import NAME_RANK, PAIR_RANK, VERDICT_RANK, Link, Split, components, split_component


def pair(left: str, right: str, weight: float) -> Link:
    return Link(PAIR_RANK, weight, "", (left, right))


def verdict(left: str, right: str) -> Link:
    return Link(VERDICT_RANK, 0.0, "", (left, right))


def groups(split: Split) -> set[str]:
    found: dict[str, str] = {}
    for node, component in split.component.items():
        found[component] = found.get(component, "") + node
    return set(found.values())


def test_links_join_over_any_number_of_steps() -> None:
    nodes = pl.Series([f"n{number:03d}" for number in range(200)])
    chain = pl.DataFrame({"left": nodes[:-1], "right": nodes[1:]}).sample(fraction=1, shuffle=True, seed=3)

    found = components(nodes, chain.filter(pl.col("left") != "n099"))

    assert found["component"].value_counts(sort=True).sort("component").rows() == [("n000", 100), ("n100", 100)]


def test_an_end_that_is_no_node_joins_nothing() -> None:
    links = pl.DataFrame({"left": ["a", "b"], "right": ["gone", "gone"]})

    assert components(pl.Series(["a", "b"]), links)["component"].to_list() == ["a", "b"]
    assert components(pl.Series([], dtype=pl.String), links.clear()).is_empty()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60))
def test_components_are_those_of_links_followed_one_by_one(ends: list[tuple[int, int]]) -> None:
    nodes = [f"n{number:02d}" for number in range(40)]
    pairs = [(nodes[one], nodes[other]) for one, other in ends]
    one_by_one = split_component(nodes, [pair(*both, 20.0) for both in pairs], [], {}).component

    links = pl.DataFrame(pairs, schema={"left": pl.String, "right": pl.String}, orient="row")

    assert dict(components(pl.Series(nodes), links).iter_rows()) == one_by_one


def test_a_rejected_verdict_takes_the_weakest_link_on_the_way() -> None:
    links = [pair("a", "b", 20.0), pair("b", "c", 9.0), pair("c", "d", 15.0)]

    split = split_component("abcd", links, [("a", "d")], {})

    assert groups(split) == {"ab", "cd"}
    assert [(one.left, one.right, one.reason) for one in split.refused] == [("b", "c", "a verdict keeps them apart")]


def test_a_rejected_verdict_goes_before_a_shared_identifier() -> None:
    links = [Link(1, 0.0, "lei X", ("a", "b", "c")), pair("a", "b", 30.0)]

    split = split_component("abc", links, [("a", "b")], {})

    assert groups(split) == {"ac", "b"}


def test_verdicts_that_join_never_give_in() -> None:
    links = [verdict("a", "b"), verdict("b", "c"), pair("c", "d", 12.0)]

    split = split_component("abcd", links, [("a", "c"), ("a", "d")], {})

    assert groups(split) == {"abc", "d"}


def test_different_identifiers_of_one_kind_keep_a_name_and_a_pair_from_joining() -> None:
    borne = {"a": {"tax BD": frozenset({"1"})}, "b": {"tax BD": frozenset({"2"})}}
    links = [pair("a", "b", 40.0), Link(NAME_RANK, 0.0, "name BD X @ DHAKA", ("a", "b"))]

    split = split_component("ab", links, [], borne)

    assert groups(split) == {"a", "b"}
    assert {one.reason for one in split.refused} == {"they bear different identifiers of one kind"}


def test_numbers_of_different_kinds_or_countries_do_not_contradict_each_other() -> None:
    borne = {"a": {"tax BD": frozenset({"1"})}, "b": {"tax IN": frozenset({"2"}), "lei": frozenset({"L"})}}

    assert groups(split_component("ab", [pair("a", "b", 12.0)], [], borne)) == {"ab"}


def test_an_identifier_or_a_verdict_joins_in_spite_of_another_identifier() -> None:
    borne = {"a": {"tax BD": frozenset({"1"})}, "b": {"tax BD": frozenset({"2"})}}

    assert groups(split_component("ab", [Link(1, 0.0, "lei X", ("a", "b"))], [], borne)) == {"ab"}
    assert groups(split_component("ab", [verdict("a", "b")], [], borne)) == {"ab"}


def test_a_record_that_is_like_two_companies_goes_with_neither_unless_one_is_clearly_nearer() -> None:
    borne = {"a": {"tax BD": frozenset({"1"})}, "b": {"tax BD": frozenset({"2"})}}

    even = split_component("abc", [pair("a", "c", 20.0), pair("b", "c", 19.5)], [], borne)
    clear = split_component("abc", [pair("a", "c", 20.0), pair("b", "c", 14.0)], [], borne)

    assert groups(even) == {"a", "b", "c"}
    assert groups(clear) == {"ac", "b"}


@given(st.lists(st.tuples(*[st.sampled_from("abcdefg")] * 2, st.integers(1, 9)), max_size=14), st.data())
def test_no_rejected_pair_stays_together_and_the_order_does_not_matter(
    drawn: list[tuple[str, str, int]], data: st.DataObject
) -> None:
    links = [pair(min(a, b), max(a, b), float(weight)) for a, b, weight in drawn if a != b]
    apart = data.draw(st.lists(st.sampled_from(list(itertools.combinations("abcdefg", 2))), max_size=5))

    split = split_component("abcdefg", links, apart, {})
    again = split_component("gfedcba", links[::-1], [(b, a) for a, b in apart[::-1]], {})

    assert all(split.component[a] != split.component[b] for a, b in apart)
    assert split.component == again.component
