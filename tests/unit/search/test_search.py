"""Suppliers are found as people write them: with slips, in other scripts, by a part, by former names, by numbers."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.search import SupplierIndex
from serving.search.findable import findable
from serving.search.index import _likeliest
from tests.unit.search.conftest import NAMES, PERSON, supplier_id
from tests.unit.serving.conftest import HOSTILE


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("Amber Textiles Ltd", 0),
        ("amber textils", 0),
        ("Ambr Textiles Limited", 0),
        ("Textiles Amber", 0),
        ("AmberTextiles Ltd.", 0),
        ("Abmer Textiles", 0),
        ("BLUE RIVER GARMENT", 1),
        ("kirmizi tekstil", 2),
        ("Feitingbangshunyekeshiye", 3),
        ("飞庭邦顺业科实业", 3),
        ("飞庭邦顺业科", 3),
        ("Shakhtarsk Tsegla", 4),
        ("Шахтарск Цегла", 4),
        ("Lodzkie Zaklady Odziezowe", 7),
        ("akerlund and son", 9),
        ("Golden Harvest", 8),
    ],
)
def test_a_name_is_found_however_it_is_written(index: SupplierIndex, typed: str, number: int) -> None:
    hits = index.search(typed)

    # two suppliers are called Amber Textiles Ltd
    assert supplier_id(number) in [hit.supplier_id for hit in hits[:2]]
    assert hits[0].matched_on == "name"


def test_suppliers_of_one_name_are_both_found_in_the_order_of_their_ids(index: SupplierIndex) -> None:
    hits = index.search("Amber Textiles Ltd")

    assert [hit.supplier_id for hit in hits[:2]] == [supplier_id(0), supplier_id(6)]
    assert hits[0].score == hits[1].score == 1


@pytest.mark.parametrize(
    ("typed", "number", "met", "text"),
    [
        ("Arctic Fish Procesing", 5, "other name", "Arctic Fish Processing"),
        ("Old Spining Mills", 0, "former name", "Old Spinning Mills Ltd"),
    ],
)
def test_a_hit_says_what_it_was_met_by(index: SupplierIndex, typed: str, number: int, met: str, text: str) -> None:
    (hit, *_) = index.search(typed)

    assert (hit.supplier_id, hit.matched_on, hit.matched_text) == (supplier_id(number), met, text)
    assert hit.name == NAMES[number]


@pytest.mark.parametrize(
    ("typed", "scheme"),
    [
        ("5493001KJTIIGC8Y1R12", "lei"),
        ("5493 001k jtii gc8y 1r12", "lei"),
        ("GB-COH-01234567", "GB-COH"),
        ("01234567", "GB-COH"),
        ("700001", "tax_number"),
        ("BD 700-001", "tax_number"),
        ("V1", "reference"),
        (supplier_id(1), "supplier id"),
    ],
)
def test_an_identifier_finds_its_supplier_as_typed(index: SupplierIndex, typed: str, scheme: str) -> None:
    (hit, *_) = index.search(typed)

    assert (hit.supplier_id, hit.matched_on, hit.identifier_scheme, hit.score) == (
        supplier_id(1), "identifier", scheme, 1.0,
    )  # fmt: skip


def test_an_identifier_counts_within_its_scheme_where_one_is_given(index: SupplierIndex) -> None:
    assert [hit.supplier_id for hit in index.by_identifier("tax_number", "700001")] == [supplier_id(1)]
    assert index.by_identifier("lei", "700001") == []


def test_a_person_is_found_by_id_and_never_by_name(index: SupplierIndex) -> None:
    assert index.search("natural person source erp record") == []
    assert [hit.supplier_id for hit in index.search(supplier_id(PERSON))] == [supplier_id(PERSON)]
    assert index.size == len(NAMES)


@pytest.mark.parametrize("typed", ["Zebra Quux Holdings", "", "   ", "!!!", "\x00", "\u202e\u200f", "Ltd", "x"])
def test_what_nobody_is_called_is_not_found(index: SupplierIndex, typed: str) -> None:
    assert index.search(typed) == []


@pytest.mark.parametrize(
    "typed", [*HOSTILE, "amber " * 5_000, "９" * 10_000, "\ud800", "' OR 1=1 --", '"amber AND *:*']
)
def test_hostile_words_do_no_harm(index: SupplierIndex, typed: str) -> None:
    assert all(0 <= hit.score <= 1 for hit in index.search(typed))


def test_a_country_leaves_out_who_is_known_to_be_elsewhere(index: SupplierIndex) -> None:
    (first, second) = index.search("Amber Textiles Ltd")[:2]
    assert first.country_code != second.country_code

    told = {hit.supplier_id for hit in index.search("Amber Textiles Ltd", country=first.country_code)}
    assert first.supplier_id in told
    assert (second.supplier_id in told) == (second.country_code is None)


def test_many_threads_get_what_one_gets(index: SupplierIndex) -> None:
    asked = [*NAMES, "amber textils"] * 20
    alone = [index.search(name) for name in asked]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(index.search, asked)) == alone


ASKED_TOGETHER = [
    *NAMES, *HOSTILE, "", "   ", "Ltd", "amber textils", "Ambr", "Textiles", "Feitingbang", "飞庭邦顺业科",
    "kirmizi tekstil", "Шахтарск Цегла", "Old Spining Mills", "Arctic Fish", "700001", "V1", supplier_id(1),
    "01234567 Blue River", "x" * 999,
]  # fmt: skip


@pytest.mark.parametrize("worth_a_scan", [1, 1_000])
@pytest.mark.parametrize("country", [None, "BD", "VN", "XX", ""])
@pytest.mark.parametrize(("limit", "least"), [(10, 0.6), (5, 0.75), (1, 0.6), (0, 0.6)])
def test_a_list_of_names_gets_what_each_gets_alone(
    index: SupplierIndex, monkeypatch: pytest.MonkeyPatch, worth_a_scan: int, country: str | None, limit: int,
    least: float,
) -> None:  # fmt: skip
    monkeypatch.setattr("serving.search.index.WORTH_A_SCAN", worth_a_scan)
    together = index.search_many([(name, country) for name in ASKED_TOGETHER], limit=limit, least=least)
    of_all = [index.search(name, country=country, limit=1_000) for name in ASKED_TOGETHER]

    assert together == [[hit for hit in hits if hit.score >= least][:limit] for hits in of_all]
    assert index.search_many([]) == []


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.6, 0.7, 1.0]))), st.integers(0, 5))
def test_the_likeliest_are_those_of_all_and_what_ties_with_them(rows: list[tuple[int, float]], limit: int) -> None:
    owners, scores = np.array([owner for owner, _ in rows], np.int64), np.array([score for _, score in rows], float)
    best = {owner: max(score for one, score in rows if one == owner) for owner, _ in rows}
    first = sorted(best, key=lambda owner: (-best[owner], owner))[:limit]

    kept = set(_likeliest(scores, owners, limit).tolist())

    assert {rows[place][0] for place in kept} == set(first)
    assert {place for place, (owner, score) in enumerate(rows) if owner in first and score == best[owner]} <= kept


def test_names_of_a_country_stand_together(publication: Path) -> None:
    countries = findable(publication).names["country_code"].to_pylist()

    assert countries == sorted(countries, key=lambda code: code or "")
    assert None in countries


def test_limit_is_kept(index: SupplierIndex) -> None:
    assert len(index.search("Amber Textiles", limit=1)) == 1


def test_the_index_is_part_of_the_publication(publication: Path) -> None:
    assert (publication / "search" / "contents.json").is_file()
