"""A publication is whole, checked and never changes; one that fails changes nothing that a reader sees."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from serving.checks import refuse_what_breaks_a_rule
from serving.publish import publish_run
from serving.steps import publish
from serving.tables import COPIED
from tests.unit.serving.world import QUARANTINED_TEXT, make_run
from tierline.errors import PublishError
from tierline.files import sha256_of_file
from tierline.run import Run
from tierline.warehouse import connect


def parquet_hashes(run: Run, run_id: str) -> dict[str, str]:
    folder = run.home.published / run_id / "parquet"
    return {path.name: sha256_of_file(path) for path in folder.glob("*.parquet")}


def manifest(run: Run, run_id: str = "current") -> dict[str, Any]:
    content: dict[str, Any] = json.loads((run.home.published / run_id / "manifest.json").read_text(encoding="utf-8"))
    return content


def change(run: Run, sql: str) -> None:
    with connect(run.home.warehouse) as connection:
        connection.execute(sql)


def another(run: Run, run_id: str) -> Run:
    return make_run(run.home.root.parent, run_id)


def test_current_points_to_the_run(run: Run) -> None:
    outcome = publish(run)

    assert (run.home.published / "current").resolve().name == "first"
    assert Path(outcome["path"]).is_dir()
    assert run.read_outcome("publish")["rows"]["dim_supplier"] == 12


def test_every_table_is_there_as_parquet_and_in_duckdb(run: Run) -> None:
    publish(run)
    names = {table.name for table in COPIED}

    assert set(parquet_hashes(run, "first")) == {f"{name}.parquet" for name in names}
    with connect(run.home.published / "current" / "warehouse.duckdb", read_only=True) as connection:
        found = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert found == names | {"run_manifest"}


def test_the_published_file_has_the_storage_version_that_older_readers_know(run: Run) -> None:
    publish(run)
    header = (run.home.published / "current" / "warehouse.duckdb").read_bytes()[:20]

    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:], "little") == 64


def test_the_same_warehouse_published_twice_gives_the_same_bytes(run: Run) -> None:
    publish(run)
    change(run, "CREATE TABLE marts.shuffled AS FROM marts.dim_supplier ORDER BY hash(name)")
    change(run, "DELETE FROM marts.dim_supplier")
    change(run, "INSERT INTO marts.dim_supplier FROM marts.shuffled")
    publish(another(run, "second"))

    assert parquet_hashes(run, "first") == parquet_hashes(run, "second")


def test_publishing_a_run_again_leaves_it_as_it_is(run: Run) -> None:
    publish(run)
    before = {path: path.stat().st_mtime_ns for path in (run.home.published / "first").rglob("*")}

    publish(run)

    assert {path: path.stat().st_mtime_ns for path in (run.home.published / "first").rglob("*")} == before


def test_other_content_under_the_same_run_id_is_refused(run: Run) -> None:
    publish(run)
    before = parquet_hashes(run, "first")
    change(run, "UPDATE marts.dim_supplier SET name = 'renamed'")

    with pytest.raises(PublishError, match="already published"):
        publish(run)

    assert parquet_hashes(run, "first") == before


def test_a_published_file_that_was_changed_is_not_taken_for_the_same(run: Run) -> None:
    publish(run)
    path = run.home.published / "first" / "parquet" / "dim_supplier.parquet"
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(PublishError, match="already published"):
        publish(run)


BROKEN = {
    "a sum is off by a millionth": (
        "UPDATE scores.score_evidence SET contribution = contribution + 1e-6 WHERE evidence_id = 'E00000000'",
        "sums to its raw score",
    ),
    "a contribution is not a number": (
        "UPDATE scores.score_evidence SET contribution = 'nan' WHERE evidence_id = 'E00000000'",
        "sums to its raw score",
    ),
    "a site has no evidence": (
        "DELETE FROM scores.score_evidence WHERE site_id = (SELECT min(site_id) FROM scores.site_score)",
        "sums to its raw score",
    ),
    "the worst site is another": ("UPDATE scores.supplier_score SET worst_site_id = 'none'", "of the worst site"),
    "a score was clipped without saying so": (
        "UPDATE scores.supplier_score SET score = score - 1",
        "raw score plus the clip adjustment",
    ),
    "a score is above 100": (
        "UPDATE scores.site_score SET score = score + 100, clip_adjustment = clip_adjustment + 100",
        "between 0 and 100",
    ),
    "a supplier has no score": (
        "DELETE FROM scores.supplier_score WHERE review_rank = 1",
        "every supplier has a score",
    ),
    "a state is missing": (
        "DELETE FROM scores.supplier_indicator WHERE indicator_id = 'F07'",
        "a state for every indicator",
    ),
    "a state is of no known indicator": (
        "UPDATE scores.supplier_indicator SET indicator_id = 'F99' WHERE indicator_id = 'F07'",
        "a state for every indicator",
    ),
    "a state is none of the five": (
        "UPDATE scores.supplier_indicator SET state = 'clean'",
        "CHECK constraint failed on table supplier_indicator",
    ),
    "not assessable without a reason": (
        "UPDATE scores.supplier_indicator SET reason = NULL WHERE state = 'not assessable'",
        "says why",
    ),
    "a key is there twice": (
        "INSERT INTO marts.dim_supplier SELECT * FROM marts.dim_supplier ORDER BY supplier_id LIMIT 1",
        "of dim_supplier is unique",
    ),
    "evidence leads nowhere": (
        "UPDATE scores.score_evidence SET source_key = 'none' WHERE source_table = 'fct_audit_finding'",
        "names fct_audit_finding is found there",
    ),
    "evidence comes from an unpublished table": (
        "UPDATE scores.score_evidence SET source_table = 'stg_secret' WHERE source_table = 'fct_audit_finding'",
        "published tables only",
    ),
    "records were lost": ("UPDATE ingest.source_load SET loaded_count = loaded_count - 1", "read = loaded"),
    "a quarantined record is not listed": ("DELETE FROM ingest.quarantined_record", "listed once"),
    "a possible match has points": (
        "UPDATE scores.score_evidence SET source_table = 'fct_list_match', source_key = match.row_id"
        " FROM marts.fct_list_match AS match WHERE match.supplier_id = score_evidence.supplier_id AND kind = 'base'",
        "nobody confirmed",
    ),
    "survey evidence leads to a record": (
        "UPDATE scores.score_evidence SET source_record_no = 3, source_id = 'surveys' WHERE release_id IS NOT NULL",
        "restricted source",
    ),
    "a listed person is named": (
        "UPDATE marts.dim_list_entry SET entry_kind = 'person'",
        "natural persons",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_breaks_a_rule_is_refused_and_readers_see_what_they_saw(good: Run, case: str) -> None:
    sql, words = BROKEN[case]
    change(good, sql)

    with pytest.raises(PublishError, match=words):
        publish(another(good, "bad"))

    assert (good.home.published / "current").resolve().name == "good"
    assert sorted(path.name for path in good.home.published.iterdir()) == ["current", "good"]


def test_a_column_that_is_missing_is_named(run: Run) -> None:
    change(run, "ALTER TABLE scores.supplier_score DROP COLUMN band_reason")
    change(run, "DROP TABLE marts.fct_award")

    with pytest.raises(PublishError, match=r"(?s)fct_award.*band_reason of scores.supplier_score"):
        publish(run)


def test_a_column_that_was_not_meant_for_readers_stays_behind(run: Run) -> None:
    change(run, "ALTER TABLE marts.dim_supplier ADD COLUMN tax_number VARCHAR DEFAULT 'secret'")
    publish(run)

    columns = pl.read_parquet_schema(run.home.published / "current" / "parquet" / "dim_supplier.parquet")
    assert "tax_number" not in columns


def test_a_column_with_a_restricted_name_is_refused(run: Run) -> None:
    publish(run)
    with connect(run.home.published / "current" / "warehouse.duckdb", read_only=False) as connection:
        connection.execute("CREATE TABLE extra (answer VARCHAR)")
        connection.execute(f"ATTACH '{run.home.warehouse}' AS working (READ_ONLY)")
        with pytest.raises(PublishError, match="column answer of extra"):
            refuse_what_breaks_a_rule(connection, run.run_id)


def test_no_table_tells_run_or_time(run: Run) -> None:
    publish(run)

    for path in (run.home.published / "current" / "parquet").glob("*.parquet"):
        schema = pl.read_parquet_schema(path)
        assert "run_id" not in schema
        assert not [name for name, kind in schema.items() if kind == pl.Datetime]


def test_the_text_of_a_quarantined_record_is_nowhere(run: Run) -> None:
    publish(run)
    published = run.home.published / "current"

    records = pl.read_parquet(published / "parquet" / "quarantined_record.parquet")
    assert records.height == 3
    for path in published.rglob("*"):
        if path.is_file():
            assert QUARANTINED_TEXT.encode() not in path.read_bytes(), path
    with connect(published / "warehouse.duckdb", read_only=True) as connection:
        assert QUARANTINED_TEXT not in str(connection.execute("FROM quarantined_record").fetchall())


def test_the_error_of_a_restricted_source_is_kept_back(run: Run) -> None:
    change(run, "UPDATE ingest.source_load SET error = 'the value CANARY is no date' WHERE sensitivity = 'restricted'")
    publish(run)

    snapshots = pl.read_parquet(run.home.published / "current" / "parquet" / "source_snapshot.parquet")
    assert "CANARY" not in str(snapshots["error"].to_list())
    assert set(snapshots["status"]) == {"loaded", "failed"}


def test_the_manifest_names_inputs_tables_and_the_manifest_before(run: Run) -> None:
    publish(run)
    second = another(run, "second")
    publish(second)
    this = manifest(second)

    assert (this["run_id"], this["as_of"], this["seed"]) == ("second", "2026-11-01", 0)
    assert this["method_version"]
    assert {entry["source"] for entry in this["inputs"]} == {"audits", "surveys", "us_cbp_wro", "bods_ownership"}
    assert all(entry["read"] == entry["loaded"] + entry["quarantined"] for entry in this["inputs"])
    assert {f"{name}.parquet": table["sha256"] for name, table in this["tables"].items()} == parquet_hashes(
        second, "second"
    )
    assert manifest(run, "first")["previous_manifest"] is None
    assert this["previous_manifest"] == {
        "run_id": "first",
        "sha256": sha256_of_file(run.home.published / "first" / "manifest.json"),
    }


def test_degraded_sources_are_in_the_manifest(run: Run) -> None:
    run.write_outcome("load", {"sources": {}, "degraded": {"bods_ownership": "no file"}})

    outcome = publish(run)

    assert outcome["degraded"] == manifest(run)["sources_degraded"] == {"bods_ownership": "no file"}


def test_two_publications_are_not_made_at_once(run: Run) -> None:
    run.home.published.mkdir(parents=True)
    descriptor = os.open(run.home.published, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)

    with pytest.raises(PublishError, match="another process"):
        publish_run(run)

    os.close(descriptor)


def test_without_a_warehouse_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="What to do"):
        publish(make_run(tmp_path))
