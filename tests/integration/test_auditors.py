"""What an auditor does, on a publication of the demo world: verify, trace, make again, compare, ask the cookbook."""

import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from serving.difference import compare_runs
from serving.trace import Trace, trace_evidence, trace_in
from tests.conftest import AS_OF, Finished, World
from tierline.audit_trail import origin_of, trail_lines
from tierline.errors import PublishError
from tierline.files import sha256_of_file
from tierline.run import PROJECT, Run, open_run
from tierline.warehouse import connect

pytestmark = pytest.mark.integration
COOKBOOK = PROJECT / "docs" / "for-auditors.md"
_BLOCK = re.compile(r"(?P<text>[^\n]*)\n\n```(?P<language>sql|python)\n(?P<code>.*?)```", re.DOTALL)


def recipes(language: str) -> list[tuple[str, str]]:
    blocks = _BLOCK.finditer(COOKBOOK.read_text(encoding="utf-8"))
    return [(block["text"], block["code"]) for block in blocks if block["language"] == language]


def opened(world: World, run_id: str = "first") -> Run:
    return open_run(world.config, run_id=run_id, today=AS_OF)


@pytest.fixture(scope="module")
def audited(world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The demo world after another run, a month later: a finding more, a source lost, whose last state stays in use."""
    copied = tmp_path_factory.mktemp("audited") / "demo"
    shutil.copytree(world.config.parent, copied, symlinks=True)
    made = World(copied / "tierline.yml", copied / "home")
    findings = copied / "sources" / "audits" / "audit_findings.csv"
    findings.write_bytes(findings.read_bytes() + new_finding(findings.read_text(encoding="utf-8")).encode())
    for lost in (copied / "sources" / "ownership").iterdir():
        lost.unlink()
    finished(made.tierline("run", "--run-id", "later", "--as-of", "2026-12-01"), {3})
    return made


def finished(done: Finished, codes: set[int]) -> Finished:
    assert done.code in codes, done.stdout + done.stderr
    return done


def new_finding(table: str) -> str:
    """Gives a line like the first with an issue, of an audit that was not there before."""
    headings, *lines = table.splitlines()
    at = headings.split(",").index("issue_code")
    line = next(line for line in lines if '"' not in line and line.split(",")[at])
    cells = line.split(",")
    cells[0], cells[1], cells[headings.split(",").index("audit_date")] = "AU-9-1-F1", "AU-9-1", "2026-11-20"
    return ",".join(cells) + "\n"


def test_what_a_run_publishes_verifies(world: World) -> None:
    done = finished(world.tierline("verify", "first"), {0})

    assert "broken" not in done.stdout
    assert "not signed" in done.stdout


def test_any_200_rows_of_evidence_trace_to_their_bytes(world: World, publication: duckdb.DuckDBPyConnection) -> None:
    run = opened(world)
    ids = [str(row[0]) for row in publication.execute("SELECT evidence_id FROM score_evidence ORDER BY ALL").fetchall()]
    bytes_of: dict[str, bytes] = {}

    for evidence_id in random.Random(20261101).sample(ids, 200):
        trace = trace_in(publication, evidence_id)

        assert abs(trace.site_sum - trace.site["raw_score"]) < 1e-9
        assert trace.sources or trace.release or ends_at_releases(publication, trace), evidence_id
        for source in trace.sources[:3]:
            if source.row_id not in bytes_of:
                bytes_of[source.row_id] = landed_bytes(run, source)
            assert bytes_of[source.row_id].strip()
    assert len(bytes_of) > 100


def ends_at_releases(publication: duckdb.DuckDBPyConnection, trace: Trace) -> bool:
    """Whether all that a limit limits is evidence from workers, so that it has no source row of its own."""
    limited = [trace_in(publication, row["evidence_id"]) for row in trace.limited]
    return bool(limited) and all(row.release is not None for row in limited)


def landed_bytes(run: Run, source: Any) -> bytes:
    found = origin_of(run, source)
    place = found.place
    assert place.content is not None
    if found.packing is None and place.part is None and place.start is not None and place.end is not None:
        assert found.path.read_bytes()[place.start : place.end] == place.content
    return place.content


def test_each_kind_of_evidence_is_followed_in_words(world: World) -> None:
    run, publication = opened(world), world.published("first")
    evidence = pl.read_parquet(publication / "parquet" / "score_evidence.parquet").sort("evidence_id")
    survey = evidence.filter(pl.col("release_id").is_not_null())["evidence_id"][0]
    finding = evidence.filter(pl.col("source_table") == "fct_audit_finding")["evidence_id"][0]
    base = evidence.filter(pl.col("kind") == "base")["evidence_id"][0]
    cap = evidence.filter(pl.col("kind") == "cap")["evidence_id"][0]

    told = {row: "\n".join(trail_lines(run, publication, row, records=1)) for row in (survey, finding, base, cap)}

    assert "The way ends here" in told[survey]
    assert "landed at" not in told[survey]
    assert "canonical   audit_finding" in told[finding]
    assert "hash compared" in told[finding]
    assert "the level of its country" in told[base]
    assert "where the supplier is" in told[base]
    assert "limits" in told[cap]
    with pytest.raises(PublishError, match="no evidence 'nothing'"):
        trace_evidence(publication, "nothing")


def test_a_landed_file_that_was_changed_is_not_followed(audited: World) -> None:
    publication = audited.published("later")
    evidence = pl.read_parquet(publication / "parquet" / "score_evidence.parquet").sort("evidence_id")
    row = evidence.filter(pl.col("source_table") == "fct_audit_finding").row(0, named=True)
    (path,) = (audited.home / "landing" / row["source_id"] / row["snapshot_sha256"]).glob("*.csv")
    held = path.read_bytes()
    path.write_bytes(held.replace(b"ETHICAL", b"ETHICAX"))
    try:
        done = audited.tierline("trace", row["evidence_id"], "--run", "later")
    finally:
        path.write_bytes(held)

    assert done.code == 1
    assert "its bytes changed" in done.stderr


def test_a_run_is_made_again_byte_for_byte_with_its_lost_source_and_without_an_answer(
    audited: World, tmp_path: Path
) -> None:
    done = finished(audited.tierline("reproduce", "later", "--out", str(tmp_path / "out")), {0})

    again = tmp_path / "out" / "published" / "later"
    manifests = [
        json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for folder in (again, audited.published("later"))
    ]
    tables = manifests[0]["tables"]
    assert f"{len(tables)} tables have the same bytes, 0 differ" in done.stdout
    for name in tables:
        path = Path("parquet") / f"{name}.parquet"
        assert sha256_of_file(again / path) == sha256_of_file(audited.published("later") / path)
    assert list(manifests[0]["sources_degraded"]) == ["bods_ownership"]
    assert manifests[0]["previous_manifest"] == manifests[1]["previous_manifest"]
    assert not (tmp_path / "out" / "restricted").exists()


def test_a_run_that_cannot_be_made_again_says_what_is_missing(audited: World, tmp_path: Path) -> None:
    (folder,) = [path for path in (audited.home / "landing" / "us_dol_tvpra").iterdir() if path.is_dir()]
    moved = folder.with_name(f".{folder.name}")
    folder.rename(moved)
    try:
        done = audited.tierline("reproduce", "later", "--out", str(tmp_path / "out"))
    finally:
        moved.rename(folder)

    assert done.code == 1
    assert "[source us_dol_tvpra] an input of the run is not in the landing" in done.stderr
    assert audited.tierline("reproduce", "later", "--out", str(audited.home)).code == 2


def test_a_manifest_of_other_versions_is_told_by_each_of_them(audited: World, tmp_path: Path) -> None:
    from serving.past_run import compare_publications

    then, now = tmp_path / "then", audited.published("later")
    shutil.copytree(now, then)
    manifest = json.loads((then / "manifest.json").read_text(encoding="utf-8"))
    manifest["made_with"]["duckdb"] = "0.0.1"
    manifest["code"]["scoring"] = "another"
    manifest["tables"]["supplier_score"]["sha256"] = "00"
    (then / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    compared = compare_publications(then, now, PROJECT)

    assert not compared.is_identical
    assert [line.split(":")[0] for line in compared.different] == ["supplier_score"]
    assert [line for line in compared.versions if line.startswith("duckdb: 0.0.1 then")]
    assert "code of scoring: its files differ" in compared.versions


def test_the_chain_holds_over_runs_and_moves_have_tags_that_add_up(audited: World) -> None:
    finished(audited.tierline("verify", "later"), {0})
    found = compare_runs(audited.home / "published", "first", "later")
    sums = found.parts.group_by("supplier_id").agg(pl.col("points").sum())
    joined = found.suppliers.join(sums, on="supplier_id", how="left").with_columns(pl.col("points").fill_null(0.0))

    assert found.suppliers.height > 10
    assert {"ageing out", "new evidence"} <= set(found.parts["tag"])
    change = pl.col("score_after") - pl.col("score") - pl.col("points")
    assert joined.select(change.abs().max()).item() < 1e-9
    assert "suppliers moved" in finished(audited.tierline("diff", "first", "later"), {0}).stdout


@pytest.fixture(scope="module")
def publication(world: World) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(world.published("first") / "warehouse.duckdb", read_only=True) as connection:
        yield connection


@pytest.mark.parametrize(("text", "code"), recipes("sql"), ids=lambda value: value.strip(" :?")[:40])
def test_each_query_of_the_cookbook_runs(
    publication: duckdb.DuckDBPyConnection, world: World, monkeypatch: pytest.MonkeyPatch, text: str, code: str
) -> None:
    monkeypatch.chdir(world.published("first"))

    rows = publication.execute(code).fetchall()

    if "*may be none*" not in text:
        assert bool(rows) is ("*no rows*" not in text), rows[:3]


@pytest.mark.parametrize(("text", "code"), recipes("python"), ids=lambda value: value.strip(" :?")[:40])
def test_each_program_of_the_cookbook_runs(world: World, text: str, code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=world.published("first"), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, f"{text}\n{done.stderr}"
    assert done.stdout


def test_the_cookbook_has_enough_recipes() -> None:
    assert len(recipes("sql")) + len(recipes("python")) >= 15
