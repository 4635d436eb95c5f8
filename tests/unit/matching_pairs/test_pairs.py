import math
import random
from typing import Any

import duckdb
import pytest

from matching import blocking, candidates, supplier_pairs
from matching.pairs import WORK_SCHEMA, compared_table_sql, work_schema, write_supplier_pairs
from models.linkage import IDENTIFIER, NAME
from tests.unit.matching_pairs.conftest import Supplier, pair_table, pairs, write_suppliers

ROMASHKA: dict[str, Any] = {
    "names": ["ROMASHKA TEXTILE"], "country_code": "KZ", "locality": "Shymkent", "address": "12 Abay Street, Shymkent",
}  # fmt: skip


def told(ref: str, **other: Any) -> Supplier:
    """Gives Romashka as a source tells of it, but for what is told otherwise."""
    return {**ROMASHKA, "ref": ref, **other}


def compared(connection: duckdb.DuckDBPyConnection, *suppliers: Supplier) -> dict[tuple[str, str], bool]:
    write_suppliers(connection, suppliers)
    write_supplier_pairs(connection)
    return pairs(connection)


@pytest.mark.parametrize(
    "other",
    [
        {"names": ["ROMASHKA TEXTIL"]},
        {"names": ["TEXTILE ROMASHKA"]},
        {"names": ["ROMASHKATEXTILE"]},
        {"names": ["ROMASHKA TEXTILE"], "locality": None, "address": "Abay st. 12"},
        {"names": ["ROMASKHA TEXTILE"], "address": "Abay 12"},
    ],
)
def test_one_company_spelt_or_placed_otherwise_is_one(
    connection: duckdb.DuckDBPyConnection, other: dict[str, Any]
) -> None:
    assert compared(connection, told("a:1"), told("b:1", **other)) == {("a:1", "b:1"): True}


@pytest.mark.parametrize(
    "other",
    [
        {"country_code": None, "locality": None, "address": None},
        {"country_code": "BR", "locality": "Santos", "address": None},
    ],
)
def test_a_name_alone_makes_no_pair(connection: duckdb.DuckDBPyConnection, other: dict[str, Any]) -> None:
    assert compared(connection, told("a:1"), told("b:1", **other)) == {}


def test_a_name_and_a_country_are_for_a_human_to_judge(connection: duckdb.DuckDBPyConnection) -> None:
    found = compared(connection, told("a:1"), told("b:1", locality=None, address=None))

    assert found == {("a:1", "b:1"): False}


def test_two_companies_with_one_name_at_one_address_are_told_apart_by_their_numbers(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = compared(connection, told("a:1", tax_number="111222333"), told("b:1", tax_number="444555666"))

    assert not any(found.values())


def test_units_of_one_name_that_differ_by_number_are_not_joined(connection: duckdb.DuckDBPyConnection) -> None:
    found = compared(connection, told("a:1", names=["ROMASHKA UNIT 2"]), told("b:1", names=["ROMASHKA UNIT 3"]))

    assert not any(found.values())


def test_a_neighbour_of_another_name_is_no_pair(connection: duckdb.DuckDBPyConnection) -> None:
    assert compared(connection, told("a:1"), told("b:1", names=["VOSTOK BRICKS"])) == {}


def test_natural_persons_are_not_compared(connection: duckdb.DuckDBPyConnection) -> None:
    assert compared(connection, told("a:1"), told("b:1", is_natural_person=True)) == {}


def test_coordinates_stand_in_for_an_address(connection: duckdb.DuckDBPyConnection) -> None:
    here = {"locality": None, "address": None, "latitude": 42.3417, "longitude": 69.5901}
    near, far = {**here, "latitude": 42.3420}, {**here, "latitude": 45.0}
    found = compared(connection, told("a:1", **here), told("b:1", **near), told("c:1", **far))

    assert found[("a:1", "b:1")]
    assert not found.get(("a:1", "c:1"), False)


def test_a_number_with_wrong_check_digits_does_not_join_by_itself(connection: duckdb.DuckDBPyConnection) -> None:
    _let_fail(connection, "tax_number KZ 999")
    number: dict[str, Any] = {"tax_number": "999", "numbers_fail": True}
    elsewhere: dict[str, Any] = {"locality": "Almaty", "address": None, **number}
    found = compared(
        connection, told("a:1", **number), told("b:1", names=["VOSTOK BRICKS"], **elsewhere), told("c:1", **elsewhere)
    )

    assert ("a:1", "b:1") not in found
    explanation = _explanation(connection, "a:1", "c:1")
    assert ("identifier", "the same number, its check digits wrong") in {(row[0], row[1]) for row in explanation}


def test_thirty_spellings_of_one_company_hang_together(connection: duckdb.DuckDBPyConnection) -> None:
    letters = "ROMASHKA"
    spellings = [letters[:place] + letters[place + 1 :] for place in range(1, 8)] + [
        letters[:place] + letters[place] + letters[place:] for place in range(8)
    ]
    names = [f"{spelling} TEXTILE" for spelling in [letters, *spellings[:-1]]]
    names += [f"TEXTILE {spelling}" for spelling in spellings]
    found = compared(connection, *(told(f"s:{number:02d}", names=[name]) for number, name in enumerate(names)))

    joined = {"s:00"}
    for _ in names:
        joined |= {ref for pair, is_automatic in found.items() if is_automatic and joined & set(pair) for ref in pair}
    assert len(joined) == len(names) == 30


def test_the_features_of_an_explanation_add_up_to_the_weight(connection: duckdb.DuckDBPyConnection) -> None:
    compared(connection, told("a:1"), told("b:1", names=["ROMASHKA TEXTIL"]), told("c:1", address=None))

    for _, _, weight, probability, _, explanation in pair_table(connection):
        assert {part["feature"] for part in explanation} >= {"prior", "name", "address", "place", "identifier"}
        assert math.isclose(sum(part["weight"] for part in explanation), weight, abs_tol=1e-9)
        assert math.isclose(probability, 1 / (1 + 2**-weight), rel_tol=1e-9)


def test_several_references_of_one_content_are_tied_to_the_first(connection: duckdb.DuckDBPyConnection) -> None:
    found = compared(connection, told("a:1"), told("b:1"), told("c:1"))

    assert found == {("a:1", "b:1"): True, ("a:1", "c:1"): True}


def test_names_that_many_bear_weigh_less(connection: duckdb.DuckDBPyConnection) -> None:
    towns = [f"Town{number}" for number in range(40)]
    crowd = [told(f"x:{town}", locality=town, address=None) for town in towns]
    pair = (told("a:1"), told("b:1", address=None))
    compared(connection, *pair)
    rare = _weight(connection, "a:1", "b:1")
    compared(connection, *pair, *crowd)

    assert _weight(connection, "a:1", "b:1") < rare - 3


def test_references_of_one_content_weigh_less_too_when_their_name_becomes_common(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    alike = (told("a:1"), told("b:1"))
    crowd = [told(f"x:{number:02d}", locality=f"Town {_word(number)}", address=None) for number in range(40)]
    rare = compared(connection, *alike) and _weight(connection, "a:1", "b:1")
    compared(connection, *alike, *crowd)

    assert _weight(connection, "a:1", "b:1") < rare - 3


@pytest.mark.parametrize("pairs_anyway", [blocking.PAIRS_ANYWAY, 1500, 0])
def test_what_changed_is_compared_and_the_table_is_that_of_a_full_run(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, pairs_anyway: int
) -> None:
    monkeypatch.setattr(blocking, "PAIRS_ANYWAY", pairs_anyway)
    for generation in range(4):
        write_suppliers(connection, _population(generation))
        write_supplier_pairs(connection)
        step_by_step = pair_table(connection)
        write_supplier_pairs(connection, from_scratch=True)

        assert step_by_step == pair_table(connection)
        assert len(step_by_step) > 20


def test_a_pair_goes_when_its_only_key_has_become_too_full_and_comes_back_when_it_empties(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    crowd = [told(f"x:{number:02d}", names=[f"ROMASHKA Z{_word(number)}"], address=None) for number in range(29)]
    alike = [told("a:1", names=["ROMASHKA XALPHA"], address=None), told("b:1", names=["ROMASHKA YALPHA"], address=None)]

    found = [("a:1", "b:1") in compared(connection, *alike, *crowd[:size]) for size in (28, 29, 28)]

    assert found == [True, False, True]


def test_the_order_of_records_does_not_matter(connection: duckdb.DuckDBPyConnection) -> None:
    suppliers = _population(0)
    compared(connection, *suppliers)
    in_order = pair_table(connection)
    write_suppliers(connection, suppliers[::-1])
    write_supplier_pairs(connection, from_scratch=True)

    assert pair_table(connection) == in_order


def test_pairs_that_are_not_weighed_have_nothing_in_common_that_the_model_would_find(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    _let_fail(connection, "tax_number KZ 999")
    star = told("a:1", names=["STAR NEW ROMASHKA"], tax_number="111222333")
    others: list[dict[str, Any]] = [
        {"names": ["STARNEWROMASHKA"]},
        {"names": ["STARNEWROMASKHA"]},
        {"names": ["VOSTOK BRICKS"], "tax_number": "111222333"},
        {"names": ["VOSTOK BRICK"], "tax_number": "999", "numbers_fail": True},
        {"names": ["KIRPICH"], "tax_number": "999", "numbers_fail": True},
        {"names": ["R STAR"]},
    ]
    compared(connection, star, *(told(f"b:{number}", **other) for number, other in enumerate(others)), *_population(0))

    lost, dropped = _not_weighed(connection)

    assert lost == 0
    assert dropped > 1000


def test_nothing_new_compares_nothing(connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    suppliers = _population(0)
    compared(connection, *suppliers)
    before = pair_table(connection)
    seen: list[int] = []
    found = candidates.write_candidates
    monkeypatch.setattr(candidates, "write_candidates", lambda *a, **k: seen.append(found(*a, **k)) or seen[-1])
    write_supplier_pairs(connection)

    assert seen == [0]
    assert pair_table(connection) == before


def test_pairs_of_shared_records_follow_the_suppliers_that_tell_them(connection: duckdb.DuckDBPyConnection) -> None:
    spelt = told("z:1", names=["ROMASHKA TRADING", "ROMASHKA TRADING HOUSE"])
    worlds = (
        [told("b:1"), told("c:1"), spelt],
        [told("a:1"), told("b:1"), told("c:1"), spelt],
        [told("c:1"), spelt],
        [told("c:1", names=["OTHER NAME"], address="9 Else Street"), spelt, told("d:1")],
    )
    for suppliers in worlds:
        compared(connection, *suppliers)
        step_by_step = pair_table(connection)
        write_supplier_pairs(connection, from_scratch=True)

        assert step_by_step == pair_table(connection)
        compared(connection, *suppliers[1:])
        compared(connection, *suppliers)
        assert pair_table(connection) == step_by_step


def test_only_rows_of_changed_suppliers_are_written(connection: duckdb.DuckDBPyConnection) -> None:
    far = {"names": ["VASILEK STEEL"], "locality": "Elsewhere", "address": "80 Far Road"}
    compared(connection, told("a:1"), told("b:1"), told("x:1", **far), told("y:1", **far))
    connection.execute("UPDATE matching.supplier_pair SET match_probability = -1")
    compared(connection, told("a:1"), told("b:1"), told("c:1"), told("x:1", **far), told("y:1", **far))

    kept = "SELECT left_ref FROM matching.supplier_pair WHERE match_probability = -1"
    assert connection.execute(kept).fetchall() == [("x:1",)]


def test_pairs_that_were_lost_are_found_again(connection: duckdb.DuckDBPyConnection) -> None:
    before = compared(connection, told("a:1"), told("b:1"))
    connection.execute("DELETE FROM matching.supplier_pair")

    assert compared(connection, told("a:1"), told("b:1")) == before


def test_shared_records_that_are_no_pair_are_not_weighed_again(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = [told(ref, country_code=None, locality=None, address=None) for ref in ("a:1", "b:1")]
    assert compared(connection, *bare) == {}
    monkeypatch.setattr(supplier_pairs, "write_all", _stop)
    compared(connection, *bare)

    assert connection.execute("SELECT count(*) FROM candidate_pair").fetchall() == [(0,)]


def test_a_run_that_was_stopped_half_way_is_made_good(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared(connection, *_population(0))
    write_suppliers(connection, _population(1))
    with monkeypatch.context() as stopped:
        stopped.setattr(blocking, "take_over_keys", _stop)
        with pytest.raises(KeyboardInterrupt):
            write_supplier_pairs(connection)
    write_supplier_pairs(connection)
    mended = pair_table(connection)
    write_supplier_pairs(connection, from_scratch=True)

    assert mended == pair_table(connection)


def test_the_pairs_stay_within_the_bound_and_the_rest_is_told(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocking, "PAIRS_ANYWAY", 0)
    crowd = [
        told(f"x:{number:03d}", names=[f"ROMASHKA {_word(number)} {_word(number // 20)}"]) for number in range(120)
    ]
    compared(connection, *crowd)

    limit = connection.execute("SELECT max(key_limit) FROM matching.blocking_bound WHERE pairs <= 30 * 120").fetchone()
    assert limit is not None
    sizes = connection.execute(
        "SELECT sum(n * (n - 1) // 2) FROM (SELECT count(*) AS n FROM matching.compared_key GROUP BY key) WHERE n <= ?",
        [limit[0]],
    ).fetchone()
    assert sizes is not None
    assert sizes[0] <= blocking.PAIRS_A_RECORD * 120
    skipped = connection.execute(
        "SELECT skipped_keys FROM matching.blocking_bound WHERE key_limit = ?", [limit[0]]
    ).fetchone()
    assert skipped is not None
    assert skipped[0] > 0


def _stop(*_: object) -> int:
    raise KeyboardInterrupt


def _let_fail(connection: duckdb.DuckDBPyConnection, link_key: str) -> None:
    connection.execute("CREATE SCHEMA matching")
    connection.execute("CREATE TABLE matching.identifier_check (link_key VARCHAR, is_sound BOOLEAN)")
    connection.execute("INSERT INTO matching.identifier_check VALUES (?, false)", [link_key])


def _not_weighed(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Counts, of all pairs of records, those without a common ground that might be kept, and all without one."""
    might_be_kept = " OR ".join(f"({level.condition})" for feature in (NAME, IDENTIFIER) for level in feature.levels)
    everyone = "SELECT record_id FROM matching.compared_record"
    connection.execute(candidates.spelled_records_sql(everyone))
    with work_schema(connection):
        connection.execute(compared_table_sql(everyone))
        row = connection.execute(f"""
            WITH described AS (
                SELECT {candidates.COMMON_GROUND} AS is_weighed, COLUMNS(l.*) AS "\\0_l", COLUMNS(r.*) AS "\\0_r"
                FROM spelled_record AS one CROSS JOIN spelled_record AS other
                INNER JOIN {WORK_SCHEMA}.compared AS l ON l.record_id = one.record_id
                INNER JOIN {WORK_SCHEMA}.compared AS r ON r.record_id = other.record_id
            )
            SELECT count(*) FILTER ({might_be_kept}), count(*) FROM described WHERE NOT is_weighed
        """).fetchone()
    assert row is not None
    return row[0], row[1]


def _word(number: int) -> str:
    return "".join("BCDFGHKLMN"[int(digit)] + "AEIO"[int(digit) % 4] for digit in f"{number:03d}")


def _population(generation: int) -> list[Supplier]:
    """Gives suppliers of one generation: some of the one before are gone, some told otherwise, some new."""
    chance = random.Random(7)
    suppliers: list[Supplier] = []
    for number in range(150):
        company = chance.randrange(70)
        town = f"Town {company % 9}" if chance.random() < 0.8 else None
        name = f"{_word(company)} {_word(company // 3)} TEXTILE"
        if chance.random() < 0.3:
            name = name[1:]
        suppliers.append({
            "ref": f"s:{number:03d}", "names": [name], "country_code": "KZ", "locality": town,
            "address": f"{company} {_word(company % 11)} Street" if chance.random() < 0.7 else None,
        })  # fmt: skip
    kept = suppliers[generation * 9 : 110 + generation * 12]
    return [
        {**supplier, "names": ["COMMON TEXTILE"]} if generation and number % 17 == generation else supplier
        for number, supplier in enumerate(kept)
    ]


def _weight(connection: duckdb.DuckDBPyConnection, left: str, right: str) -> float:
    row = connection.execute(
        "SELECT match_weight FROM matching.supplier_pair WHERE left_ref = ? AND right_ref = ?", [left, right]
    ).fetchone()
    assert row is not None
    return float(row[0])


def _explanation(connection: duckdb.DuckDBPyConnection, left: str, right: str) -> list[tuple[str, str, float]]:
    row = connection.execute(
        "SELECT explanation FROM matching.supplier_pair WHERE left_ref = ? AND right_ref = ?", [left, right]
    ).fetchone()
    assert row is not None
    return [(part["feature"], part["level"], part["weight"]) for part in row[0]]
