"""Which publication a run takes its ids from: what was known on its day, and the same again when it is run again."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from matching.entity_ledger import ledger_publication


def publish(folder: Path, run_id: str, as_of: str, previous: str | None = None, **more: Any) -> None:
    tables = folder / run_id / "parquet"
    tables.mkdir(parents=True)
    (tables / "entity_ledger.parquet").touch()
    manifest = {
        "run_id": run_id,
        "as_of": as_of,
        "previous_manifest": {"run_id": previous} if previous else None,
        **more,
    }
    (folder / run_id / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def ledger_of(folder: Path, run_id: str, as_of: date) -> str | None:
    found = ledger_publication(folder, run_id=run_id, as_of=as_of)
    return found.name if found else None


def test_a_first_run_has_none(tmp_path: Path) -> None:
    assert ledger_of(tmp_path / "nothing", "a", date(2026, 3, 1)) is None


def test_what_became_known_later_does_not_reach_an_earlier_day(tmp_path: Path) -> None:
    publish(tmp_path, "january", "2026-01-01")
    publish(tmp_path, "march", "2026-03-01", "january")
    publish(tmp_path, "back_to_february", "2026-02-01", "march")

    assert ledger_of(tmp_path, "new", date(2026, 2, 15)) == "back_to_february"
    assert ledger_of(tmp_path, "new", date(2026, 1, 15)) == "january"
    assert ledger_of(tmp_path, "new", date(2026, 4, 1)) == "march"
    assert ledger_of(tmp_path, "new", date(2025, 4, 1)) is None


def test_of_one_day_the_last_one_made_counts_whatever_its_name(tmp_path: Path) -> None:
    publish(tmp_path, "z", "2026-01-01")
    publish(tmp_path, "m", "2026-01-01", "z")
    publish(tmp_path, "a", "2026-01-01", "m")

    assert ledger_of(tmp_path, "new", date(2026, 1, 1)) == "a"


def test_a_run_that_is_published_goes_on_from_what_it_went_on_from(tmp_path: Path) -> None:
    publish(tmp_path, "first", "2026-01-01", entity_ledger=None)
    publish(tmp_path, "second", "2026-01-01", "first", entity_ledger={"run_id": "first"})

    assert ledger_of(tmp_path, "first", date(2026, 1, 1)) is None
    assert ledger_of(tmp_path, "second", date(2026, 1, 1)) == "first"


def test_a_publication_without_a_ledger_and_the_link_to_one_are_passed_over(tmp_path: Path) -> None:
    publish(tmp_path, "kept", "2026-01-01")
    publish(tmp_path, "old", "2026-02-01", "kept")
    (tmp_path / "old" / "parquet" / "entity_ledger.parquet").unlink()
    (tmp_path / "current").symlink_to("old")

    assert ledger_of(tmp_path, "new", date(2026, 3, 1)) == "kept"
