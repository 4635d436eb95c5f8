"""The commands over a publication: what they print, and that text of strangers cannot act on a terminal."""

import json
from pathlib import Path

import pytest

from tests.unit.command_line import CommandLine
from tests.unit.network.conftest import Publication
from tierline.errors import ConfigError

HOSTILE = "Evil\x1b[2J\u202eMills"


@pytest.fixture
def publication(publication: Publication) -> Publication:
    publication.tie("S1", "C1", share_minimum=100.0, share_maximum=100.0).tie("C1", "S1").tie("S2", "C1")
    publication.tie("S2", "S3", "subcontract")
    publication.names = {"S1": "Alfa", "S2": HOSTILE}
    return publication


def test_a_path_is_shown_with_its_rows(command_line: CommandLine, installed: Path) -> None:
    code, told = command_line("network", "path", "Alfa", "S3", "--all", "--config", str(installed))

    assert code == 0
    assert "1 path, up to 6 steps" in told
    for row in ("row:1", "row:2", "row:3", "row:4"):
        assert f"row {row}]" in told
    assert "Evil\\x1b[2J\\u202eMills" in told
    assert "\x1b" not in told


def test_no_path_is_not_told_as_a_finding(command_line: CommandLine, installed: Path) -> None:
    code, told = command_line("network", "path", "S1", "S3", "--max-length", "2", "--config", str(installed))

    assert (code, "that does not say that there is none" in told) == (0, True)


def test_answers_are_json_where_it_is_asked_for(command_line: CommandLine, installed: Path) -> None:
    words = ("--json", "--config", str(installed))

    path = json.loads(command_line("network", "path", "S1", "S2", *words)[1])
    around = json.loads(command_line("network", "around", "S1", *words)[1])
    tiers = json.loads(command_line("network", "tiers", "S2", *words)[1])
    counts = json.loads(command_line("network", "tiers", *words)[1])
    circles = json.loads(command_line("network", "circles", *words)[1])

    assert path["paths"][0]["parties"][2]["name"] == HOSTILE
    assert around["owners"][0]["party"]["party_id"] == "C1"
    assert tiers["upstream"][0]["tie"]["row_id"] == "row:4"
    assert counts == []
    assert [len(circles[kind]) for kind in ("owners", "suppliers")] == [1, 0]


def test_circles_and_surroundings_are_told(command_line: CommandLine, installed: Path) -> None:
    circles = command_line("network", "circles", "--config", str(installed))[1]
    around = command_line("network", "around", "S1", "--config", str(installed))[1]

    assert "Circles of owners: 1\n  2 in a circle: Name of C1 (C1, company) > Alfa (S1) > Name of C1" in circles
    assert "Circle of owners:" in around


def test_a_folder_of_publications_is_enough(command_line: CommandLine, installed: Path) -> None:
    code, told = command_line("network", "circles", "--published", str(installed.parent / "published"))

    assert (code, "Circles of owners: 1" in told) == (0, True)


def test_nothing_published_is_told_with_what_to_do(command_line: CommandLine, tmp_path: Path) -> None:
    config = tmp_path / "other.yml"
    config.write_text("home: nowhere\nsources:\n  - {id: erp_vendor_master, path: none.csv}\n", encoding="utf-8")

    with pytest.raises(ConfigError, match="Publish a run first"):
        command_line("network", "tiers", "--config", str(config))
