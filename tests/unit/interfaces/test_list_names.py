"""Names of lists are found as RapidFuzz token_sort_ratio has them, though their words are put in order once only."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from serving.interfaces.list_entries import LEAST_SCORE, Names, found_by_name, in_order

KEYS = st.lists(st.text("ABCDE", min_size=1, max_size=6), min_size=1, max_size=4).map(" ".join)


@given(KEYS, st.lists(KEYS, max_size=8), st.integers(1, 9))
def test_a_name_is_as_alike_as_its_words_in_any_order(typed: str, listed: list[str], limit: int) -> None:
    names = Names([in_order(key) for key in listed], [(f"E{place}", "list", "") for place in range(len(listed))], {})
    scores = {f"E{place}": fuzz.token_sort_ratio(typed, key) / 100 for place, key in enumerate(listed)}
    alike = sorted((pair for pair in scores.items() if pair[1] >= LEAST_SCORE), key=lambda pair: (-pair[1], pair[0]))

    assert found_by_name(names, typed, frozenset({"list"}), limit) == alike[:limit]
    assert found_by_name(names, typed, frozenset({"other"}), limit) == []
    assert found_by_name(names, "", frozenset({"list"}), limit) == []
