"""Two worlds that differ in one answer: with protected classes, all else that leaves the store is the same in both.

The classes themselves have their exact chances in test_protected_chances.py. What is compared here is every table of
the open store, every outcome of a step and every line of the log.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest

from ingest.checks import check
from ingest.steps import fetch_source, load, survey
from tierline.run import PROJECT, Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect, quote_identifier

SHEETS_HEADING = (
    "response_id,submitted_on,site_id,vendor_id,place,duration_seconds,language,enumerator,"
    "documents_held,debt_blocks_leaving,free_to_leave,wages_late,terms_as_promised,phone_allowed"
)
CASES_HEADING = "case_id,reported_on,site_id,vendor_id,category,severity,status,channel,complainant_id"
HONEST = ("no", "no", "yes", "no", "yes", "yes")
HASHES = {"snapshot_sha256"}
AS_OF = date(2026, 8, 1)


def sheet(number: int, words: tuple[str, ...] = HONEST, *, site: int | None = None, seconds: int | None = None) -> str:
    place = number // 20 if site is None else site
    taken = 300 + number if seconds is None else seconds
    return f"w{number},2026-05-04,S{place},V1,offsite,{taken},en,e{number % 2},{','.join(words)}"


def sheets(last: tuple[str, ...]) -> list[str]:
    """Answers of six sites: ten sheets of one word, ten copies, and last a sheet that comes twice, alike or not."""
    complaining = ("yes", *HONEST[1:])
    rows = [sheet(number) for number in range(120)]
    rows[0:9] = [sheet(number, ("yes",) * 6) for number in range(9)]
    rows[20:30] = [sheet(number, complaining, site=1, seconds=200) for number in range(20, 30)]
    rows[40:52] = [sheet(number, complaining) for number in range(40, 52)]
    return [*rows, sheet(900, ("yes",) * 6, site=0, seconds=290), sheet(900, last, site=0, seconds=290)]


def cases(last: str, severity: str) -> list[str]:
    """Fourteen complaints of one site, of which the last may be about anything."""
    told = [f"c{number},2026-05-04,S0,V1,canteen,minor,open,helpline,p{number}" for number in range(13)]
    return [*told, f"c99,2026-05-04,S0,V1,{last},{severity},open,helpline,p99"]


@dataclass(frozen=True)
class Outside:
    """All that left the store: rows of each open table, outcomes of steps, lines of the log, and bytes of files."""

    tables: dict[str, list[dict[str, Any]]]
    told: str
    home: Path
    hashes: tuple[str, ...]

    def but_classes(self) -> dict[str, Any]:
        """Everything else, keyed hashes of files aside."""
        kept = {name: rows for name, rows in self.tables.items() if name != "canonical.survey_class"}
        masked = {
            name: [{key: value for key, value in row.items() if key not in HASHES} for row in rows]
            for name, rows in kept.items()
        }
        return {**masked, "told": self.told, "cells": self.cells()}

    def cells(self) -> list[dict[str, Any]]:
        """The classes of answers without their word: they are there whatever was said."""
        rows = self.tables["canonical.survey_class"]
        return [
            {key: value for key, value in row.items() if key != "class"}
            for row in rows
            if row["source_type"] != "grievance"
        ]

    def open_files(self) -> Iterator[Path]:
        """Every file outside the restricted store."""
        kept = [path for path in self.home.rglob("*") if path.is_file()]
        return (path for path in kept if path.relative_to(self.home).parts[0] not in {"restricted", "keys"})


World = Callable[..., Outside]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> World:
    """Makes an installation of its own of the given answers and cases, with the same key each time."""
    monkeypatch.setenv("TIERLINE_PSEUDONYM_KEY", "5a" * 32)

    def made(answers: list[str], complaints: list[str], kind: Literal["exact", "protected"] = "protected") -> Outside:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        files = {"survey_csv": [SHEETS_HEADING, *answers], "grievance_csv": [CASES_HEADING, *complaints]}
        for name, rows in files.items():
            (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        sources = tuple(SourceConfig(id=name, path=str(folder / f"{name}.csv")) for name in files)
        settings = Settings(home=folder / "home", sources=sources, threads=1, survey_classes=kind)
        run = Run("r1", AS_OF, settings, PROJECT)
        caplog.clear()
        with caplog.at_level(logging.DEBUG):
            outcomes = [fetch_source(run, name) for name in files]
            outcomes += [load(run), {**check(run), "data_docs": None}, survey(run)]
        hashes = tuple(hashlib.sha256((folder / f"{name}.csv").read_bytes()).hexdigest() for name in files)
        said = [outcome for outcome in outcomes if "classes" not in outcome]
        lines = [line for line in caplog.messages if "classes released" not in line]
        return Outside(_tables(run), json.dumps([said, lines]).replace(str(folder), ""), run.home.root, hashes)

    return made


def _tables(run: Run) -> dict[str, list[dict[str, Any]]]:
    with connect(run.home.warehouse, read_only=True) as warehouse:
        listed = "SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL"
        names = warehouse.execute(listed).fetchall()
        return {
            f"{schema}.{name}": warehouse.execute(
                f"FROM {quote_identifier(schema)}.{quote_identifier(name)} ORDER BY ALL"
            )
            .pl()
            .to_dicts()
            for schema, name in names
        }


ONE_WORD = ("yes",) * 6
OTHER_ANSWER = ("no", *ONE_WORD[1:])


def test_one_answer_shows_in_nothing_but_the_word_of_its_cell(world: World) -> None:
    one, other = world(sheets(ONE_WORD), cases("leave", "minor")), world(sheets(OTHER_ANSWER), cases("leave", "minor"))

    assert one.but_classes() == other.but_classes()
    assert len(one.cells()) > 30
    assert {row["class_kind"] for row in one.cells()} == {"protected"}
    assert {row["is_coached"] for row in one.cells()} == {None}


def test_with_exact_classes_the_same_answer_shows_elsewhere(world: World) -> None:
    one, other = (world(sheets(last), [], "exact").but_classes() for last in (ONE_WORD, OTHER_ANSWER))

    assert one["canonical.survey_quality"] != other["canonical.survey_quality"]


@pytest.mark.parametrize(("other", "severity"), [("documents_held", "minor"), ("violence", "critical")])
def test_what_a_case_is_about_shows_in_nothing_else(world: World, other: str, severity: str) -> None:
    one, another = (world([], cases(*last)) for last in (("canteen", "minor"), (other, severity)))

    assert one.but_classes() == another.but_classes()


def test_neither_hash_nor_size_of_a_file_of_answers_leaves_the_store(world: World) -> None:
    outside = world(sheets(ONE_WORD), cases("violence", "critical"))

    assert [row["bytes"] for row in outside.tables["ingest.source_load"]] == [None, None]
    for path in outside.open_files():
        assert not any(sha256[:12].encode() in path.read_bytes() for sha256 in outside.hashes), path.name


def test_what_is_not_told_says_so_and_why(world: World) -> None:
    outside = world(sheets(ONE_WORD), [])
    rates, quality = (outside.tables[f"canonical.{name}"] for name in ("survey_rate", "survey_quality"))
    withheld = {row["measure"]: row for row in quality if row["state"] == "not told"}

    assert {row["state"] for row in rates} == {"not told"}
    assert set(withheld) == {"straight_lined", "duplicate", "enumerator_effect"}
    assert {row["value"] for row in withheld.values()} == {None}
    for row in [*rates, *withheld.values()]:
        assert "protected" in row["reason"]
    assert {row["reason"] for row in quality if row["state"] != "not told"} == {None}
