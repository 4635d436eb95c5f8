"""Old publications go by the retention setting, but for their manifests; never one that is held, current or needed."""

import os
from datetime import UTC, datetime

import pytest

from serving.past_run import lay_publications
from serving.publications import pruning
from serving.publications.pruning import hold, prunable, prune, release
from serving.publications.retraction import retract
from serving.steps import publish
from serving.verification import Expectations, is_sound, verify_publication
from tests.unit.serving.world import make_run
from tierline.errors import ConfigError, PublishError
from tierline.home import Home
from tierline.publications import standing

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TOLD = {"reason": "a court asked for it", "by_role": "legal counsel", "now": NOW}


def pruned(home: Home, kept: int | None) -> list[str]:
    return prune(home.published, home.reports, kept, by_role="data steward", now=NOW)


def is_whole(home: Home, run_id: str) -> bool:
    return (home.published / run_id / "warehouse.duckdb").is_file() and (home.published / run_id / "parquet").is_dir()


def test_without_a_setting_every_publication_stays(home: Home) -> None:
    assert pruned(home, None) == []
    assert all(is_whole(home, run_id) for run_id in ("one", "two", "three", "four"))


def test_the_newest_stay_and_what_the_oldest_of_them_went_on_from(home: Home) -> None:
    assert pruned(home, 2) == ["one"]
    assert [is_whole(home, run_id) for run_id in ("one", "two", "three", "four")] == [False, True, True, True]
    assert not (home.reports / "one").exists()
    assert sorted(path.name for path in (home.published / "one").iterdir()) == ["manifest.json", "pruned.json"]


def test_the_chain_still_verifies_and_a_pruned_one_says_so(home: Home) -> None:
    pruned(home, 1)
    for run_id in ("one", "two", "three", "four"):
        assert is_sound(verify_publication(home.published, run_id, Expectations())), run_id
    states = {one.rule: one.detail for one in verify_publication(home.published, "one", Expectations())}
    assert states["its tables are as published"] == "they were let go on 2026-11-22"


def test_pruning_again_changes_nothing(home: Home) -> None:
    pruned(home, 1)
    before = (home.published / "publications_ledger.csv").read_bytes()
    assert pruned(home, 1) == []
    assert (home.published / "publications_ledger.csv").read_bytes() == before


def test_one_under_hold_stays_until_it_is_released(home: Home) -> None:
    hold(home.published, "one", **TOLD)
    hold(home.published, "one", **TOLD)
    assert "one" not in pruned(home, 1)
    assert is_whole(home, "one")
    release(home.published, "one", **TOLD)
    assert pruned(home, 1) == ["one"]
    assert not standing(home.published).held


def test_the_current_one_stays_though_it_is_old(home: Home) -> None:
    for run_id in ("four", "three", "two"):
        retract(home.published, run_id, reason="wrong", by_role="", superseded_by=None, now=NOW)
    assert (home.published / "current").resolve().name == "one"
    assert prunable(home.published, 1) == []


def test_a_kill_between_the_steps_is_mended_by_the_next_call(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for target, name in ((pruning, "write_json_atomically"), (pruning, "_let_go"), (os, "replace")):
        with monkeypatch.context() as patched:
            patched.setattr(target, name, killed)
            with pytest.raises(KeyboardInterrupt):
                pruned(home, 2)
    pruned(home, 2)

    assert not is_whole(home, "one")
    assert not list(home.published.glob(".building-*"))
    assert is_sound(verify_publication(home.published, "four", Expectations()))


def test_the_tables_of_a_pruned_one_are_missed_by_who_would_make_a_later_run_again(home: Home) -> None:
    pruned(home, 2)
    with pytest.raises(PublishError, match="whose tables are not here"):
        lay_publications(home.published, "two", home.root / "again")


def test_a_later_run_follows_the_chain_over_a_pruned_one(home: Home) -> None:
    pruned(home, 1)
    publish(make_run(home.root.parent, "five"))
    assert is_sound(verify_publication(home.published, "five", Expectations()))


def test_what_is_gone_cannot_be_held(home: Home) -> None:
    pruned(home, 1)
    with pytest.raises(ConfigError, match="are gone"):
        hold(home.published, "one", **TOLD)
    with pytest.raises(ConfigError, match="no publication"):
        hold(home.published, "nine", **TOLD)
