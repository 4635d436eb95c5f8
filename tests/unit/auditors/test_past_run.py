"""What a publication tells of how it was made is enough to make it again, or says what is missing."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from serving.manifest import read_manifest
from serving.past_run import compare_publications, lay_publications, loaded_inputs, past_settings
from serving.publish import publish_run
from serving.versions import code_hashes, version_differences
from tests.unit.auditors.test_signatures import make_key
from tests.unit.serving.world import make_rows, make_run, write_warehouse
from tierline.errors import ConfigError, PublishError
from tierline.files import sha256_of_file
from tierline.run import PROJECT
from tierline.settings import Settings, SourceConfig


def rewrite(publication: Path, **values: Any) -> None:
    path = publication / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **values}), encoding="utf-8")


def test_the_configuration_of_a_manifest_has_neither_path_nor_address_nor_credential(tmp_path: Path) -> None:
    run = make_run(tmp_path, "a")
    source = SourceConfig(
        id="audits", name="audits", path="/secret/place.csv", credential="SECRETNAME", known_on=date(2026, 9, 1),
        connection={"url": "https://user:secret@example.org/?key=secret"},
    )  # fmt: skip
    run = type(run)(run.run_id, run.as_of, run.settings.model_copy(update={"sources": (source,)}))
    write_warehouse(run, make_rows())
    publish_run(run)

    text = (run.home.published / "a" / "manifest.json").read_text(encoding="utf-8")

    assert "secret" not in text.lower().replace("restricted", "")
    assert json.loads(text)["configuration"]["sources"] == [
        {"id": "audits", "known_on": "2026-09-01", "name": "audits", "required": False}
    ]


def test_past_settings_are_those_of_then_and_the_machine_of_now(published: Path, tmp_path: Path) -> None:
    now = Settings(title="Another", seed=9, memory_limit="1GB", threads=1, sources=(SourceConfig(id="other"),))

    past = past_settings(read_manifest(published / "c"), tmp_path, now)

    assert (past.title, past.seed, past.as_of, past.home) == ("Test world", 0, date(2026, 11, 1), tmp_path)
    assert [source.name for source in past.sources] == ["audits"]
    assert (past.memory_limit, past.threads) == ("1GB", 1)
    assert past.signing_key is None


def test_a_manifest_of_the_first_version_gives_its_sources_as_well(published: Path, tmp_path: Path) -> None:
    manifest = {key: value for key, value in read_manifest(published / "c").items() if key != "configuration"}

    past = past_settings(manifest, tmp_path, Settings(sources=(SourceConfig(id="other"),)))

    assert [source.name for source in past.sources] == ["audits", "bods_ownership", "surveys", "us_cbp_wro"]


def test_inputs_tell_which_failed_and_which_are_restricted(published: Path) -> None:
    inputs = {item.source: item for item in loaded_inputs(published / "c")}

    assert inputs["surveys"].is_restricted
    assert not inputs["audits"].is_restricted
    assert inputs["bods_ownership"].status == "failed"
    assert inputs["bods_ownership"].error == "the file is empty"


def test_what_was_published_before_is_laid_and_nothing_later(published: Path, tmp_path: Path) -> None:
    lay_publications(published, "b", tmp_path / "again")

    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == ["a", "current"]
    assert (tmp_path / "again" / "current").resolve().name == "a"
    assert sha256_of_file(tmp_path / "again" / "a" / "manifest.json") == sha256_of_file(published / "a/manifest.json")


def test_a_publication_that_a_run_went_on_from_is_missed_by_name(published: Path, tmp_path: Path) -> None:
    shutil.rmtree(published / "b" / "parquet")

    with pytest.raises(PublishError, match="went on from publication b, whose tables are not here"):
        lay_publications(published, "c", tmp_path / "again")


def test_a_ledger_of_ids_that_was_changed_is_told(published: Path, tmp_path: Path) -> None:
    path = published / "b" / "parquet" / "dim_supplier.parquet"
    rewrite(published / "c", entity_ledger={"run_id": "b", "tables": {"dim_supplier": sha256_of_file(path)}})
    lay_publications(published, "c", tmp_path / "sound")
    rewrite(published / "c", entity_ledger={"run_id": "b", "tables": {"dim_supplier": "00"}})

    with pytest.raises(PublishError, match="ledger of ids differs: dim_supplier of publication b"):
        lay_publications(published, "c", tmp_path / "changed")


def test_publications_are_compared_table_by_table(published: Path) -> None:
    tables = read_manifest(published / "a")["tables"]
    other = {**tables, "dim_supplier": {**tables["dim_supplier"], "sha256": "00" * 32, "rows": 1}}
    del other["strength"]
    rewrite(published / "a", tables=other, seed=5)

    compared = compare_publications(published / "a", published / "b", PROJECT)

    assert compared.different == (
        f"dim_supplier: sha256 000000000000 then, {tables['dim_supplier']['sha256'][:12]} now, 1 rows then, 12 now",
        "strength: was not published then",
    )
    assert compared.content == ("seed",)
    assert not compared.is_identical
    assert compare_publications(published / "b", published / "c", PROJECT).is_identical


def test_each_version_and_each_room_that_differs_is_named(tmp_path: Path) -> None:
    (tmp_path / "scoring").mkdir()
    (tmp_path / "scoring" / "caps.py").write_text("LIMIT = 1\n", encoding="utf-8")
    then = {"code_version": "old", "code": code_hashes(tmp_path), "made_with": {"polars": "0.0.1"}}
    (tmp_path / "scoring" / "caps.py").write_text("LIMIT = 2\n", encoding="utf-8")

    lines = version_differences(then, tmp_path)

    assert lines[0].startswith("polars: 0.0.1 then, ")
    assert lines[1].startswith("code: old then, ")
    assert lines[2:] == ["code of scoring: its files differ"]
    assert "kept no hash of each room" in version_differences({"made_with": {}}, tmp_path)[-1]


def test_a_configured_key_signs_each_publication_before_readers_see_it(tmp_path: Path) -> None:
    key = make_key(tmp_path / "key")
    run = make_run(tmp_path, "a")
    run = type(run)(run.run_id, run.as_of, run.settings.model_copy(update={"signing_key": key, "base": tmp_path}))
    write_warehouse(run, make_rows())
    publish_run(run)
    assert (run.home.published / "a" / "manifest.json.sig").is_file()

    lost = type(run)("b", run.as_of, run.settings.model_copy(update={"signing_key": tmp_path / "lost"}))
    for step, outcome in (("load", {"degraded": {}}), ("check", {"degraded": {}})):
        lost.write_outcome(step, outcome)
    with pytest.raises(ConfigError, match="no key lost"):
        publish_run(lost)
    assert (run.home.published / "current").resolve().name == "a"
