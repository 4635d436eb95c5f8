"""Manifests form a chain: what is taken out, changed or slipped in is seen."""

import json
import shutil
from pathlib import Path

from serving.chain import last_of_chain, read_chain


def test_each_publication_follows_the_one_before_it(published: Path) -> None:
    chain = read_chain(published)

    assert [link.run_id for link in chain.links] == ["a", "b", "c"]
    assert [link.previous_run_id for link in chain.links] == [None, "a", "b"]
    assert chain.problems == ()


def test_a_publication_that_was_taken_out_leaves_a_gap(published: Path) -> None:
    shutil.rmtree(published / "b")

    assert read_chain(published).problems == ("c follows b, whose manifest is not there: a gap",)


def test_a_publication_may_go_as_long_as_its_manifest_stays(published: Path) -> None:
    shutil.rmtree(published / "b" / "parquet")
    (published / "b" / "warehouse.duckdb").unlink()

    assert read_chain(published).problems == ()


def test_a_manifest_that_was_changed_is_told_by_the_one_after_it(published: Path) -> None:
    change(published / "a", title="Another title")

    assert read_chain(published).problems == ("the manifest of a is not the one that b names: it was changed since",)


def test_two_that_follow_the_same_are_told(published: Path) -> None:
    shutil.copytree(published / "c", published / "d")

    assert read_chain(published).problems == ("c and d both follow b: one of them was not made in this chain",)


def test_a_second_beginning_is_told(published: Path) -> None:
    change(published / "c", previous_manifest=None)

    assert read_chain(published).problems == ("a and c both follow nothing: one of them was not made in this chain",)


def test_manifests_that_name_each_other_in_a_circle_are_told(published: Path) -> None:
    change(published / "a", previous_manifest={"run_id": "c", "sha256": "00"})

    chain = read_chain(published)

    assert chain.links == ()
    assert any("in a circle" in problem for problem in chain.problems)


def test_a_manifest_that_cannot_be_read_is_told(published: Path) -> None:
    (published / "b" / "manifest.json").write_text("{", encoding="utf-8")

    assert any("b has no manifest that can be read" in problem for problem in read_chain(published).problems)


def test_a_hash_that_was_kept_elsewhere_is_found_or_not(published: Path) -> None:
    chain = read_chain(published)

    assert chain.holds(chain.links[1].sha256[:12])
    assert not chain.holds("0" * 12)


def test_the_next_publication_follows_the_last_one_even_where_current_was_set_back(published: Path) -> None:
    assert last_of_chain(published, "a", "new") == published / "c"
    assert last_of_chain(published, None, "c") == published / "b"
    assert last_of_chain(published.parent / "empty", None, "new") is None


def change(publication: Path, **values: object) -> None:
    path = publication / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **values}), encoding="utf-8")
