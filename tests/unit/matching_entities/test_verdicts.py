"""Which verdicts hold, and which contradict each other."""

from datetime import date

from matching.verdicts import Verdict, contradictions, rulings


def verdict(left: str, right: str, decision: str, day: int = 1, moment: str | None = None) -> Verdict:
    return Verdict(left, right, decision, date(2026, 3, day), moment, "reviewer")


def test_a_contradiction_is_told_with_its_path_and_not_resolved() -> None:
    held = rulings(
        [verdict("a", "b", "confirmed"), verdict("b", "c", "confirmed", 2), verdict("a", "c", "rejected", 3)]
    )

    (found,) = contradictions(held)

    assert (found.left, found.right, found.path) == ("a", "c", ("a", "b", "c"))
    assert found.explanation.startswith("a is not c (reviewer, 2026-03-03), but a is b (reviewer, 2026-03-01)")
    assert set(held.joined) == {("a", "b"), ("b", "c")}
    assert set(held.apart) == {("a", "c")}


def test_the_later_verdict_on_a_pair_holds_and_is_no_contradiction() -> None:
    held = rulings([verdict("a", "b", "confirmed", 1), verdict("a", "b", "rejected", 2)])

    assert (set(held.joined), set(held.apart)) == (set(), {("a", "b")})
    assert contradictions(held) == []


def test_of_one_day_the_later_moment_holds() -> None:
    early, late = "2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z"

    held = rulings([verdict("a", "b", "rejected", moment=late), verdict("a", "b", "confirmed", moment=early)])

    assert (set(held.joined), set(held.apart)) == (set(), {("a", "b")})


def test_opposite_verdicts_of_one_day_without_a_moment_are_a_contradiction() -> None:
    held = rulings([verdict("a", "b", "confirmed"), verdict("a", "b", "rejected")])

    assert [one.path for one in contradictions(held)] == [("a", "b")]


def test_who_is_unsure_takes_back_what_was_decided_before() -> None:
    held = rulings([verdict("a", "b", "confirmed", 1), verdict("a", "b", "unsure", 2)])

    assert (set(held.joined), set(held.apart), set(held.unsure)) == (set(), set(), {("a", "b")})
