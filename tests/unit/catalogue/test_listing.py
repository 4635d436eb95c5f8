"""What `tierline sources list` and `show` tell."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.catalogue.listing import Feed, catalogue, catalogue_table, declared_sources, feeds_of
from ingest.catalogue.portrait import portrait
from ingest.spec import load_spec
from tierline.cli import app
from tierline.settings import Settings, SourceConfig

CLI = CliRunner()


def test_the_list_names_every_declaration_with_its_terms() -> None:
    listed = CLI.invoke(app, ["sources", "list", "--json"])

    assert listed.exit_code == 0
    entries = {entry["id"]: entry for entry in json.loads(listed.stdout)}
    assert set(entries) == {spec.id for spec in declared_sources()}
    assert entries["opensanctions_simple"]["consent_required"]
    assert entries["us_h2_debarments"]["feeds"] == ["A02"]
    assert entries["kobo_survey"]["domain"] == ["survey_answer"]
    assert entries["kobo_survey"]["configured"] is None


def test_with_a_configuration_the_list_says_under_which_names_a_source_is_used(tmp_path: Path) -> None:
    config = tmp_path / "tierline.yml"
    config.write_text(
        "sources:\n  - {id: erp_vendor_master, path: a.csv, name: north}\n  - {id: country_cpi, path: b}\n"
    )
    listed = CLI.invoke(app, ["sources", "list", "--json", "--config", str(config)])

    configured = {entry["id"]: entry["configured"] for entry in json.loads(listed.stdout)}
    assert configured["erp_vendor_master"] == ["north"]
    assert configured["country_tip"] == []


def test_the_table_has_a_line_a_source_and_tells_apart_unused_ones() -> None:
    specs = [load_spec("country_cpi"), load_spec("erp_vendor_master")]
    settings = Settings(sources=(SourceConfig(id="country_cpi", path="x"),))
    heading, first, second = catalogue_table(catalogue(specs, settings)).splitlines()

    assert heading.split()[:3] == ["id", "configured", "as"]
    assert first.split()[:2] == ["country_cpi", "country_cpi"]
    assert second.split()[:2] == ["erp_vendor_master", "-"]


def test_a_programme_that_feeds_nothing_is_context() -> None:
    feeds = feeds_of(load_spec("opensanctions_simple"))

    assert Feed("US-UFLPA", "A01") in feeds
    assert str(Feed("DEMO-FRAUD", None)) == "DEMO-FRAUD → none: context"


def test_the_portrait_of_a_source_tells_all_that_is_declared() -> None:
    told = portrait(load_spec("ipis_mine_visits"))

    for words in (
        "IPIS, artisanal mining site visits",
        "consent required",
        "yes, on a real file",
        "716 rows are no visits",
        "Cassitérite → Tin ore (cassiterite) mining",
        "where visit_onsite is one of 1 and forced_labour_armed_group1 is not blank",
        "always CD",
    ):
        assert words in told


def test_an_unknown_source_is_answered_with_near_ones() -> None:
    shown = CLI.invoke(app, ["sources", "show", "kobo_surveys"])

    assert shown.exit_code != 0
    assert "kobo_survey" in str(shown.exception)


@pytest.mark.parametrize("source", [spec.id for spec in declared_sources()])
def test_every_declaration_can_be_shown(source: str) -> None:
    assert portrait(load_spec(source)).startswith(f"{source}: ")
