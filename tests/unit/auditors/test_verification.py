"""A publication that was touched anywhere does not verify, and what was touched is named."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from serving.verification import Expectations, Finding, is_sound, verify_publication
from tierline.errors import PublishError
from tierline.files import sha256_of_file
from tierline.warehouse import connect


def verified(published: Path, run_id: str = "c", expected: Expectations | None = None) -> list[Finding]:
    return verify_publication(published, run_id, expected or Expectations())


def broken(findings: list[Finding]) -> dict[str, str]:
    return {finding.rule: finding.detail for finding in findings if finding.state == "broken"}


def change_table(published: Path, sql: str, run_id: str = "c") -> None:
    with connect(published / run_id / "warehouse.duckdb") as connection:
        connection.execute(sql)


def test_a_publication_as_it_was_made_is_sound(published: Path) -> None:
    findings = verified(published)

    assert broken(findings) == {}
    assert is_sound(findings)
    assert [finding.rule for finding in findings if finding.state == "not checked"] == [
        "the manifest is signed, and the signature is of these bytes"
    ]


def test_one_byte_of_a_file_is_seen(published: Path) -> None:
    path = published / "c" / "parquet" / "supplier_score.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    assert "the bytes of parquet/supplier_score.parquet have the hash of the manifest" in broken(verified(published))


def test_one_score_changed_in_the_database_is_seen_twice(published: Path) -> None:
    change_table(
        published,
        "UPDATE supplier_score SET score = score + 1e-6",
    )

    found = broken(verified(published))

    assert "supplier_score in warehouse.duckdb has the rows of its Parquet file" in found
    assert "a supplier's score is its raw score plus the clip adjustment, between 0 and 100" in found


def test_two_rows_that_are_exchanged_are_no_change_and_one_repeated_is(published: Path) -> None:
    rule = "dim_supplier in warehouse.duckdb has the rows of its Parquet file"
    change_table(published, "CREATE OR REPLACE TABLE dim_supplier AS FROM dim_supplier ORDER BY name DESC")
    assert rule not in broken(verified(published))

    change_table(
        published,
        "UPDATE dim_supplier SET name = 'x' WHERE supplier_id = (SELECT max(supplier_id) FROM supplier_score)",
    )
    assert rule in broken(verified(published))


def test_evidence_that_does_not_sum_is_seen_also_where_both_forms_and_the_manifest_were_changed(
    published: Path,
) -> None:
    change_table(published, "UPDATE score_evidence SET contribution = contribution + 1 WHERE kind = 'base'")
    rewrite_parquet(published / "c", "score_evidence")

    found = broken(verified(published))

    assert set(found) == {
        "the evidence of a site sums to its raw score within 1e-9",
        "the evidence of the worst site sums to the supplier's raw score within 1e-9",
        "the folder search is the index of this publication",  # it names the manifest as it was
    }


def test_read_that_is_not_loaded_and_quarantined_is_seen(published: Path) -> None:
    change_table(published, "UPDATE source_snapshot SET read_count = read_count + 1")

    assert "of every file, read = loaded + quarantined" in broken(verified(published))


def test_a_table_or_file_too_many_or_too_few_is_seen(published: Path) -> None:
    change_table(published, "DROP TABLE strength; CREATE TABLE foreign_table AS SELECT 1 AS one")
    (published / "c" / "parquet" / "point_cap.parquet").unlink()
    (published / "c" / "parquet" / "other.parquet").write_bytes(b"x")

    found = broken(verified(published))

    assert found["warehouse.duckdb holds no other table"] == "foreign_table"
    assert found["the folder parquet holds no other file"] == "other.parquet"
    assert found["strength has the columns, types and rows of the manifest"] == "the table is missing"
    assert found["the bytes of parquet/point_cap.parquet have the hash of the manifest"] == "the file is missing"


def test_another_type_of_a_column_breaks_the_contract(published: Path) -> None:
    change_table(published, "ALTER TABLE dim_facility ALTER workers TYPE DOUBLE")

    assert "dim_facility has the columns, types and rows of the manifest" in broken(verified(published))


def test_the_manifest_inside_the_database_is_compared(published: Path) -> None:
    change_table(published, "UPDATE run_manifest SET seed = 99")

    assert broken(verified(published)) == {
        "the row of run_manifest says what the file manifest.json says": "seed differ"
    }


def test_a_lost_database_and_an_unknown_run_are_told(published: Path) -> None:
    (published / "c" / "warehouse.duckdb").unlink()

    assert broken(verified(published)) == {"warehouse.duckdb is there": "the file is missing"}
    with pytest.raises(PublishError, match="no publication z"):
        verified(published, "z")


def test_a_rule_that_an_older_publication_has_no_table_for_is_not_checked(published: Path) -> None:
    change_table(published, "DROP TABLE fct_survey_indicator")

    states = {finding.rule: finding.state for finding in verified(published)}

    assert states["evidence from workers carries the id of its release and nothing that leads to a record"] == (
        "not checked"
    )


def test_a_chain_without_the_manifest_that_was_kept_elsewhere_is_broken(published: Path) -> None:
    kept = sha256_of_file(published / "b" / "manifest.json")
    assert is_sound(verified(published, expected=Expectations(anchor=kept)))

    shutil.rmtree(published / "c")
    shutil.rmtree(published / "b")

    assert not is_sound(verified(published, "a", Expectations(anchor=kept)))


def rewrite_parquet(publication: Path, table: str) -> None:
    """Does what a careful forger would: both forms alike, and the hash in the manifest as well."""
    path = publication / "parquet" / f"{table}.parquet"
    with connect(publication / "warehouse.duckdb", read_only=True) as connection:
        connection.table(table).write_parquet(str(path))
    assert pl.read_parquet(path).height
    manifest = json.loads((publication / "manifest.json").read_text(encoding="utf-8"))
    manifest["tables"][table]["sha256"] = sha256_of_file(path)
    (publication / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
