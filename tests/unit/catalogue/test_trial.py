"""What `tierline sources test` tells of a source and its fixtures."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.catalogue.comparison import try_source
from tierline.cli import app
from tierline.errors import ConfigError

CLI = CliRunner()
DECLARATION = """
id: makers
title: Makers
publisher: Test
licence: {name: none, consent_required: true}
citation: Test
cadence: never
corrections_contact: nobody
sensitivity: internal
reference_namespace: erp
shape_checked: false
format: {kind: csv}
columns: [id, name, country]
key: [id]
mapping:
  - table: supplier
    fields:
      supplier_ref: {column: id}
      name: {column: name}
      country_text: {column: country}
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder with one declaration and a fixture of four records, one of which has no name."""
    fixtures = tmp_path / "sources" / "makers" / "fixtures"
    fixtures.mkdir(parents=True)
    (fixtures.parent / "source.yml").write_text(DECLARATION)
    (fixtures / "makers.csv").write_text("id,name,country\n1,A,India\n2,,India\n3,C,Peru\n4,D,Nowhere\n")
    return tmp_path / "sources"


def test_write_keeps_what_came_and_the_next_test_agrees(sources: Path, tmp_path: Path) -> None:
    written = CLI.invoke(app, ["sources", "test", "makers", "--in", str(sources), "--write"])
    expected = json.loads((sources / "makers" / "fixtures" / "expected.json").read_text())

    assert written.exit_code == 0, written.output
    assert expected == {
        "makers.csv": {
            "read": 4,
            "loaded": 3,
            "quarantined": {"missing value": 1},
            "canonical": {"supplier": 3},
            "filled": {"supplier": {"supplier_ref": 3, "name": 3, "country_text": 3}},
        }
    }
    assert CLI.invoke(app, ["sources", "test", "makers", "--in", str(sources)]).exit_code == 0


def test_write_says_what_it_wrote_and_why_records_wait(sources: Path, tmp_path: Path) -> None:
    (sources / "makers" / "fixtures" / "makers.csv").write_text(
        "id,name,country\n1,A,India\n1,B,India\n2,,Peru\n3,,Peru\n"
    )
    told = try_source("makers", tmp_path / "home", sources, write=True).told()

    assert "makers: wrote expected.json: 1 of 4 records are loaded; 3 wait in quarantine: is that right?" in told
    assert "quarantined, duplicate key: 1\n    quarantined, missing value: 2\n" in told
    assert '      column "name" is blank: 2' in told
    assert try_source("makers", tmp_path / "again", sources).told().startswith("makers: as expected\n")


def test_a_difference_is_told_and_is_a_failure(sources: Path, tmp_path: Path) -> None:
    expected = {"makers.csv": {"read": 4, "loaded": 4, "quarantined": {}, "canonical": {"supplier": 4}}}
    (sources / "makers" / "fixtures" / "expected.json").write_text(json.dumps(expected))
    tested = CLI.invoke(app, ["sources", "test", "makers", "--in", str(sources)])

    assert tested.exit_code == 1
    for words in (
        "makers: NOT as expected",
        "makers.csv: 4 read = 3 loaded + 1 quarantined",
        "quarantined, missing value: expected 0, got 1",
        "canonical, supplier: expected 4, got 3",
        "loaded: expected 4, got 3",
    ):
        assert words in tested.stdout


def test_a_file_that_nothing_is_expected_of_and_one_that_is_gone_are_differences(sources: Path, tmp_path: Path) -> None:
    (sources / "makers" / "fixtures" / "expected.json").write_text('{"gone.csv": {"read": 1}}')
    tested = try_source("makers", tmp_path / "home", sources)

    assert tested.differences == {
        "makers.csv": ["expected.json says nothing of it"],
        "gone.csv": ["there is no such fixture"],
    }


def test_a_file_that_fails_as_a_whole_says_why(sources: Path, tmp_path: Path) -> None:
    (sources / "makers" / "fixtures" / "makers.csv").write_text("id,title\n1,A\n")
    tested = try_source("makers", tmp_path / "home", sources)

    assert not tested.is_as_expected
    assert "lacks the columns 'name'" in tested.told()


def test_a_source_without_fixtures_is_refused(sources: Path, tmp_path: Path) -> None:
    (sources / "makers" / "fixtures" / "makers.csv").unlink()

    with pytest.raises(ConfigError, match="no fixtures"):
        try_source("makers", tmp_path / "home", sources)


def test_an_unreadable_expected_json_is_told(sources: Path, tmp_path: Path) -> None:
    (sources / "makers" / "fixtures" / "expected.json").write_text("{")

    with pytest.raises(ConfigError, match="no JSON"):
        try_source("makers", tmp_path / "home", sources)


def test_fields_that_are_never_filled_are_marked(sources: Path, tmp_path: Path) -> None:
    (sources / "makers" / "fixtures" / "makers.csv").write_text("id,name,country\n1,A,\n2,B,\n")

    told = try_source("makers", tmp_path / "home", sources).told()

    assert "    supplier: 2 rows\n      filled: supplier_ref 2, name 2\n      NEVER filled: country_text\n" in told


def test_what_expected_json_says_of_fields_is_compared(sources: Path, tmp_path: Path) -> None:
    try_source("makers", tmp_path / "home", sources, write=True)
    path = sources / "makers" / "fixtures" / "expected.json"
    expected = json.loads(path.read_text())
    expected["makers.csv"]["filled"]["supplier"] = {"supplier_ref": 3, "name": 3, "country_text": 2}
    path.write_text(json.dumps(expected))

    tested = try_source("makers", tmp_path / "again", sources)
    assert tested.differences == {"makers.csv": ["filled, supplier.country_text: expected 2, got 3"]}

    del expected["makers.csv"]["filled"]
    path.write_text(json.dumps(expected))
    assert try_source("makers", tmp_path / "without", sources).is_as_expected
