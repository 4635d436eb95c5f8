"""References become suppliers: what joins, what stays apart, which id stays, and what the log says of it."""

from dataclasses import replace

from matching.entity_ids import short_id
from tests.unit.matching_entities.world import Prepared, matched

TWO = Prepared({"a": "Alfa", "b": "Alfa Ltd", "c": "Beta"})


def test_identifiers_and_pairs_join_and_say_so() -> None:
    found = matched(replace(TWO, keys=[("a", "lei X"), ("b", "lei X")], pairs=[("b", "c", 12.5)]))

    assert found.groups() == {"abc"}
    assert found.joined_by == {"a": "lei", "b": "lei", "c": "pair"}


def test_a_verdict_contradiction_is_reported_and_not_resolved() -> None:
    verdicts = [("a", "b", "confirmed", 1), ("b", "c", "confirmed", 2), ("c", "a", "rejected", 3)]

    found = matched(replace(TWO, verdicts=verdicts))

    assert found.contradictions == [("a", ["a", "b", "c"])]
    assert found.groups() == {"abc"}


def test_a_rejected_verdict_wins_over_identifier_name_and_pair() -> None:
    keys = [("a", "lei X"), ("b", "lei X"), ("a", "name BD ALFA @ DHAKA"), ("b", "name BD ALFA @ DHAKA")]

    found = matched(replace(TWO, keys=keys, pairs=[("a", "b", 40.0)], verdicts=[("b", "a", "rejected", 1)]))

    assert found.groups() == {"a", "b", "c"}
    assert found.joined_by == {"a": "reference", "b": "reference", "c": "reference"}
    assert {reason for *_, reason in found.refused} == {"a verdict keeps them apart"}


def test_an_unsure_verdict_makes_an_automatic_pair_wait() -> None:
    pairs = [("a", "b", 40.0)]

    assert matched(replace(TWO, pairs=pairs)).groups() == {"ab", "c"}
    assert matched(replace(TWO, pairs=pairs, verdicts=[("a", "b", "unsure", 1)])).groups() == {"a", "b", "c"}


def test_two_companies_with_one_name_at_one_address_stay_two_where_identifiers_differ() -> None:
    keys = [("a", "tax_number BD 1"), ("b", "tax_number BD 2")]

    found = matched(replace(TWO, keys=keys, pairs=[("a", "b", 33.0)]))

    assert found.groups() == {"a", "b", "c"}
    assert found.refused == [("a", "b", "pair", "they bear different identifiers of one kind")]


def test_a_natural_person_is_joined_by_nothing_and_is_in_no_ledger_and_no_log() -> None:
    prepared = replace(
        TWO, persons=frozenset({"b"}), verdicts=[("a", "b", "confirmed", 1)], pairs=[], keys=[("a", "lei X")]
    )

    found = matched(prepared)

    assert found.groups() == {"a", "b", "c"}
    assert found.ids["b"] == short_id("row:b")
    assert set(found.ledger.ids["supplier_ref"]) == {"a", "c"}
    assert found.counted == (2, 2)
    assert all(found.ids["b"] not in change for change in found.changes)


def test_who_turns_out_to_be_a_natural_person_leaves_ledger_and_log() -> None:
    first = matched(TWO)
    renamed = matched(replace(TWO, records={**TWO.records, "a": "Firstname Lastname"}), first.ledger)

    found = matched(replace(TWO, persons=frozenset({"a"})), renamed.ledger)

    assert "a" not in set(found.ledger.ids["supplier_ref"])
    assert "Lastname" not in str(found.ledger.changes.to_dicts())


def test_the_same_again_changes_nothing() -> None:
    prepared = replace(TWO, keys=[("a", "lei X"), ("b", "lei X")])
    first = matched(prepared)

    again = matched(prepared, first.ledger)

    assert again.changes == []
    assert again.ids == first.ids
    assert again.ledger.ids.equals(first.ledger.ids)
    assert again.ledger.changes.equals(first.ledger.changes)


def test_a_merge_keeps_an_id_and_says_what_joined() -> None:
    first = matched(TWO)

    found = matched(replace(TWO, keys=[("a", "tax_number BD 1"), ("b", "tax_number BD 1")]), first.ledger)

    assert found.ids["a"] == found.ids["b"] in {first.ids["a"], first.ids["b"]}
    lost = ({first.ids["a"], first.ids["b"]} - {found.ids["a"]}).pop()
    assert ("merge", found.ids["a"], lost, "the same tax number") in found.changes
    assert {kind for kind, *_ in found.changes} <= {"merge", "rename"}


def test_a_split_by_verdict_keeps_one_id_and_says_why() -> None:
    keys = [("a", "lei X"), ("b", "lei X"), ("c", "lei X")]
    first = matched(replace(TWO, keys=keys))

    found = matched(replace(TWO, keys=keys, verdicts=[("a", "b", "rejected", 1)]), first.ledger)

    assert found.ids["a"] == found.ids["c"] == first.ids["a"]
    assert found.changes == [("split", found.ids["b"], first.ids["a"], "a verdict keeps them apart")]


def test_a_reference_that_goes_over_to_another_supplier_is_a_move() -> None:
    first = matched(replace(TWO, keys=[("a", "lei X"), ("b", "lei X")]))

    found = matched(replace(TWO, keys=[("c", "lei Y"), ("b", "lei Y")]), first.ledger)

    assert ("move", first.ids["c"], first.ids["a"], "the same lei") in found.changes
    assert (found.ids["a"], found.ids["c"]) == (first.ids["a"], first.ids["c"])
    assert found.groups() == {"a", "bc"}


def test_who_is_spoken_of_no_more_retires_and_may_come_back_under_its_id() -> None:
    first = matched(TWO)
    gone = matched(replace(TWO, records={"a": "Alfa", "b": "Alfa Ltd"}), first.ledger)
    back = matched(TWO, gone.ledger)

    assert gone.changes == [("retired", first.ids["c"], None, "no record speaks of it any more")]
    assert matched(replace(TWO, records={"a": "Alfa", "b": "Alfa Ltd"}), gone.ledger).changes == []
    assert back.changes == [("new", first.ids["c"], None, "spoken of again")]


def test_a_new_name_of_a_known_supplier_is_told() -> None:
    first = matched(TWO)

    found = matched(replace(TWO, records={**TWO.records, "c": "Gamma"}), first.ledger)

    assert found.changes == [("rename", first.ids["c"], None, "was Beta, is Gamma")]
