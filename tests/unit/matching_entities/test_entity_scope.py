"""Working only on what a change may reach gives what a run over all references gives."""

from datetime import timedelta
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import entities
from matching.entities import write_entities
from matching.entity_ids import assign_ids
from matching.entity_ledger import no_ledger
from tests.unit.matching_entities.world import AS_OF, Prepared, ledger_of
from tierline.warehouse import open_connection

_REFS = [f"r{number}" for number in range(9)]
_KEYS = ["lei L1", "lei L2", "tax_number BD 1", "tax_number BD 2", "name BD ROMASHKA", "name BD VASILEK"]
_PAIRS = [(one, other) for one in _REFS for other in _REFS if one < other]
_TABLES = ("supplier_entity", "entity_ledger", "entity_change", "refused_link", "verdict_contradiction")

worlds = st.builds(
    lambda names, keys, pairs, verdicts, persons: Prepared(
        names,
        sorted((ref, key) for ref, key in keys if ref in names and ref not in persons),
        [(*ends, weight) for ends, weight in pairs.items() if set(ends) <= set(names) - persons],
        [(*ends, decision, 1) for ends, decision in verdicts.items()],
        persons,
    ),
    names=st.dictionaries(st.sampled_from(_REFS), st.sampled_from(["Romashka", "Vasilek"]), min_size=2),
    keys=st.sets(st.tuples(st.sampled_from(_REFS), st.sampled_from(_KEYS)), max_size=12),
    pairs=st.dictionaries(st.sampled_from(_PAIRS), st.sampled_from([9.0, 12.0]), max_size=4),
    verdicts=st.dictionaries(st.sampled_from(_PAIRS), st.sampled_from(["confirmed", "rejected", "unsure"]), max_size=1),
    persons=st.frozensets(st.sampled_from(_REFS), max_size=1),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Prepared]:
    """A world and what becomes of it: mostly small changes, so that most references stay as they are."""
    world = draw(worlds)
    history = [world]
    for _ in range(draw(st.integers(1, 4))):
        other, whole = draw(worlds), draw(st.integers(0, 5)) == 0
        moved = set(_REFS) if whole else draw(st.sets(st.sampled_from(_REFS), max_size=2))
        world = Prepared(
            {ref: name for ref, name in world.records.items() if ref not in moved}
            | {ref: name for ref, name in other.records.items() if ref in moved},
            _mixed(world.keys, other.keys, moved),
            _mixed(world.pairs, other.pairs, moved),
            other.verdicts if whole else world.verdicts,
            frozenset(world.persons - moved | other.persons & moved),
        )
        history.append(_without_strays(world))
    return history


def _mixed(before: list[Any], after: list[Any], moved: set[str]) -> list[Any]:
    kept = [row for row in before if not moved & set(row[:2])]
    known = {row[:2] for row in kept}
    return sorted(kept + [row for row in after if moved & set(row[:2]) and row[:2] not in known])


def _without_strays(world: Prepared) -> Prepared:
    known = set(world.records) - world.persons
    pairs = [row for row in world.pairs if {row[0], row[1]} <= known]
    return Prepared(world.records, [row for row in world.keys if row[0] in known], pairs, world.verdicts, world.persons)


@settings(max_examples=40, deadline=None)
@given(histories())
def test_step_by_step_and_anew_give_the_same_tables(history: list[Prepared]) -> None:
    ledger = no_ledger()
    with open_connection() as stepwise:
        for day, world in enumerate(history):
            world.fill(stepwise)
            counted = write_entities(stepwise, ledger, as_of=AS_OF + timedelta(day))
            with world.warehouse() as anew:
                assert counted == write_entities(anew, ledger, as_of=AS_OF + timedelta(day))
                assert _tables(stepwise) == _tables(anew)
            ledger = ledger_of(stepwise)


def test_only_what_a_change_may_reach_is_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    records = dict.fromkeys(_REFS, "Romashka")
    keys = [("r0", "lei L1"), ("r1", "lei L1"), ("r2", "lei L2"), ("r3", "lei L2")]
    with open_connection() as connection:
        Prepared(records, keys).fill(connection)
        write_entities(connection, no_ledger(), as_of=AS_OF)
        ledger = ledger_of(connection)
        seen: list[set[str]] = []

        def assign_seen(found: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
            seen.append(set(found["node"]))
            return assign_ids(found, ids)

        monkeypatch.setattr(entities, "assign_ids", assign_seen)
        Prepared({**records, "r9": "Romashka"}, [*keys, ("r9", "lei L1")]).fill(connection)
        write_entities(connection, ledger, as_of=AS_OF)

    assert seen == [{"r0", "r1", "r9"}]


@pytest.mark.parametrize(
    "lost", ["supplier_entity", "entity_linked", "entity_content", "entity_ledger", "entity_change"]
)
def test_tables_that_lost_rows_are_made_anew(lost: str) -> None:
    world = Prepared(dict.fromkeys(_REFS, "Romashka"), [("r0", "lei L1"), ("r1", "lei L1")])
    with open_connection() as connection:
        world.fill(connection)
        write_entities(connection, no_ledger(), as_of=AS_OF)
        whole, ledger = _tables(connection), ledger_of(connection)
        connection.execute(f"DELETE FROM matching.{lost} WHERE rowid = 0")
        write_entities(connection, ledger, as_of=AS_OF)

        assert _tables(connection) == whole


def _tables(connection: duckdb.DuckDBPyConnection) -> list[list[Any]]:
    return [connection.execute(f"FROM matching.{table} ORDER BY ALL").fetchall() for table in _TABLES]
