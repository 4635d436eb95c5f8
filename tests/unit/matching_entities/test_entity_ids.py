"""Ids stay with who had them, over merges and splits, and are never given to another."""

from datetime import date

import polars as pl

from matching.entity_ids import assign_ids, short_id

EARLY, LATE = date(2026, 1, 1), date(2026, 2, 1)


def components(**groups: str) -> pl.DataFrame:
    rows = [(node, name, node, short_id(node)) for name, nodes in groups.items() for node in nodes]
    return pl.DataFrame(rows, schema=["node", "component", "seed", "seed_id"], orient="row")


def ledger(*rows: tuple[str, str, date]) -> pl.DataFrame:
    schema = {"supplier_ref": pl.String, "supplier_id": pl.String, "assigned_on": pl.Date}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def ids(found: pl.DataFrame) -> dict[str, str]:
    return dict(sorted(found.select("supplier_ref", "supplier_id").iter_rows()))


def test_without_a_ledger_the_id_comes_from_the_first_reference() -> None:
    assert ids(assign_ids(components(x="ab", y="c"), ledger())) == {
        "a": short_id("a"), "b": short_id("a"), "c": short_id("c"),
    }  # fmt: skip


def test_a_new_first_reference_does_not_move_the_id() -> None:
    found = ids(assign_ids(components(x="ab"), ledger(("b", "S1", EARLY))))

    assert found == {"a": "S1", "b": "S1"}


def test_in_a_merge_the_id_of_most_references_stays_then_the_oldest() -> None:
    most = ledger(("a", "S1", EARLY), ("b", "S2", LATE), ("c", "S2", LATE))
    oldest = ledger(("a", "S9", EARLY), ("b", "S2", LATE))

    assert set(ids(assign_ids(components(x="abc"), most)).values()) == {"S2"}
    assert set(ids(assign_ids(components(x="ab"), oldest)).values()) == {"S9"}


def test_in_a_split_the_larger_part_keeps_the_id() -> None:
    before = ledger(*((node, "S1", EARLY) for node in "abc"))

    found = ids(assign_ids(components(x="a", y="bc"), before))

    assert (found["b"], found["c"]) == ("S1", "S1")
    assert found["a"] not in {"S1", found["b"]}


def test_an_id_that_was_ever_given_is_never_given_to_another() -> None:
    # the id made of a went to b and c when a left them, so that a, alone, needs another one
    before = ledger(("b", short_id("a"), EARLY), ("c", short_id("a"), EARLY), ("gone", short_id("d"), EARLY))

    found = ids(assign_ids(components(x="a", y="bc", z="d"), before))

    assert found["b"] == short_id("a")
    assert found["a"] == short_id("a", 2)
    assert found["d"] == short_id("d", 2)
