"""An index in which other suppliers are found than are published does not verify."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest

from serving.findings import Finding
from serving.search import files
from serving.search_verification import search_findings
from serving.verification import Expectations, is_sound, verify_publication


@pytest.fixture
def publication(published: Path) -> Path:
    return published / "c"


def broken(publication: Path) -> dict[str, str]:
    return {one.rule: one.detail for one in search_findings(publication) if one.state == "broken"}


def rewritten(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def test_the_index_as_it_was_published_holds_what_is_published(publication: Path) -> None:
    findings = list(search_findings(publication))

    assert len(findings) == 8
    assert {finding.state for finding in findings} == {"holds"}


def test_a_name_that_was_changed_or_left_out_is_seen(publication: Path) -> None:
    path = publication / "search" / files.SUPPLIERS
    suppliers = pa.ipc.open_file(str(path)).read_all()
    other = suppliers.set_column(1, "name", pa.array(["Nobody"] * suppliers.num_rows))
    rewritten(path, other)
    rule = "search/suppliers.arrow has the rows that are published"
    assert broken(publication) == {rule: "some of its rows are others"}

    path = publication / "search" / "names.arrow"
    names = pa.ipc.open_file(str(path)).read_all()
    rewritten(path, names.slice(1))
    assert "rows, and" in broken(publication)["search/names.arrow has the rows that are published"]
    assert not is_sound(verify_publication(publication.parent, "c", Expectations()))


def test_an_index_with_fewer_documents_or_none_that_opens_is_seen(publication: Path) -> None:
    folder = publication / "search"
    shutil.rmtree(folder / "names")
    shutil.copytree(folder / "identifiers", folder / "names")
    assert "documents, and" in broken(publication)["search/names finds every row of search/names.arrow"]

    shutil.rmtree(folder / "names")
    assert "cannot be opened" in broken(publication)["search/names finds every row of search/names.arrow"]


def test_what_belongs_to_another_publication_is_broken_and_an_older_layout_or_none_is_not_checked(
    publication: Path,
) -> None:
    path = publication / "search" / files.CONTENTS
    contents = json.loads(path.read_text(encoding="utf-8"))

    path.write_text(json.dumps({**contents, "manifest_sha256": "0" * 64}), encoding="utf-8")
    assert list(broken(publication)) == ["the folder search is the index of this publication"]
    path.write_text(json.dumps({**contents, "layout": 1}), encoding="utf-8")
    assert state(search_findings(publication)) == ["not checked"]
    shutil.rmtree(publication / "search")
    assert state(search_findings(publication)) == ["not checked"]


def test_other_spellings_and_strange_files_are_seen(publication: Path) -> None:
    (publication / "search" / files.SPELLING).write_text("{}", encoding="utf-8")
    (publication / "search" / "extra.bin").write_bytes(b"x")

    assert set(broken(publication)) == {
        "search/spelling.json spells names as published",
        "the folder search holds nothing else",
    }


def state(findings: Iterable[Finding]) -> list[str]:
    return [finding.state for finding in findings]
