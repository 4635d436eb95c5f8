"""An index is of one publication and one layout; what is older gets another; pruning lets it go with the tables."""

import json
import shutil
from pathlib import Path

import pytest

from serving.search import build_index, is_index_of, open_index
from tests.unit.search.conftest import supplier_id
from tierline.errors import PublishError


@pytest.fixture
def old(publication: Path, tmp_path: Path) -> Path:
    """A publication as it was before there was a search: without index, names, identifiers and legal forms."""
    copy = tmp_path / "old"
    shutil.copytree(publication, copy, ignore=shutil.ignore_patterns("search", "*.duckdb"))
    for table in ("dim_supplier_name", "dim_supplier_identifier", "legal_form", "legal_form_key", "name_word_share"):
        (copy / "parquet" / f"{table}.parquet").unlink()
    return copy


def test_an_older_publication_gets_an_index_elsewhere(old: Path, tmp_path: Path) -> None:
    before = sorted(path.relative_to(old) for path in old.rglob("*"))
    build_index(old, tmp_path / "built")
    index = open_index(old, tmp_path / "built")

    assert index.search("amber textils")[0].supplier_id == supplier_id(0)
    assert index.search("V1")[0].supplier_id == supplier_id(1)
    assert index.search("natural person") == []
    assert sorted(path.relative_to(old) for path in old.rglob("*")) == before


def test_without_an_index_it_says_what_to_do(old: Path) -> None:
    with pytest.raises(PublishError, match=r"has no index .*\n.*tierline serve"):
        open_index(old)


@pytest.mark.parametrize("changed", [{"layout": 0}, {"manifest_sha256": "other"}])
def test_an_index_of_something_else_is_not_opened(
    publication: Path, tmp_path: Path, changed: dict[str, object]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(publication / "search", copy)
    contents = json.loads((copy / "contents.json").read_text())
    (copy / "contents.json").write_text(json.dumps({**contents, **changed}))

    assert is_index_of(publication, publication / "search")
    assert not is_index_of(publication, copy)


def test_an_index_cut_short_is_none(publication: Path, tmp_path: Path) -> None:
    (tmp_path / "contents.json").write_text("{")

    assert not is_index_of(publication, tmp_path)
