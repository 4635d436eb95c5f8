"""Licences, consent, attribution and share-alike are in the manifest and in every export."""

import csv
import json

import openpyxl
import polars as pl

from serving.exports.terms import SHEET
from serving.steps import publish
from tests.unit.serving.world import make_run
from tierline.run import Run


def test_the_manifest_says_the_terms_of_each_source_and_which_share_alike_data_it_holds(good: Run) -> None:
    manifest = json.loads((good.home.published / "current" / "manifest.json").read_text())

    licences = {row["source"]: row for row in manifest["licences"]}
    assert licences["us_cbp_wro"] == {
        "source": "us_cbp_wro",
        "declared_id": "us_cbp_wro",
        "licence": "CC BY 4.0",
        "url": "https://example.org/us_cbp_wro",
        "consent_required": True,
        "accepted": False,
        "share_alike": True,
        "attribution": "Contains data of us_cbp_wro",
        "is_held": True,
    }
    assert licences["audits"]["accepted"] is None
    assert manifest["share_alike_sources"] == ["us_cbp_wro"]


def test_what_was_accepted_in_the_configuration_is_published(run: Run) -> None:
    accepting = Run(
        run_id=run.run_id,
        as_of=run.as_of,
        settings=run.settings.model_copy(update={"accepted_licences": ("us_cbp_wro",)}),
    )
    publish(accepting)

    snapshots = pl.read_parquet(run.home.published / "current" / "parquet" / "source_snapshot.parquet")
    assert dict(snapshots.select("source_name", "licence_accepted").iter_rows()) == {
        "audits": None,
        "bods_ownership": None,
        "surveys": None,
        "us_cbp_wro": True,
    }


def test_the_workbook_has_a_sheet_of_sources_and_licences(reported: Run) -> None:
    book = openpyxl.load_workbook(reported.home.reports / "latest" / "tierline.xlsx", read_only=True)
    heading, *rows = book[SHEET].iter_rows(values_only=True)
    found = {row[0]: dict(zip(heading, row, strict=True)) for row in rows}

    assert set(found) == {"audits", "surveys", "us_cbp_wro", "bods_ownership"}
    assert found["us_cbp_wro"]["licence_attribution"] == "Contains data of us_cbp_wro"
    assert found["us_cbp_wro"]["licence_share_alike"] is True
    assert (found["audits"]["quarantined_count"], found["audits"]["repeated_count"]) == (2, 1)


def test_the_folder_of_csv_files_has_sources_and_licences(reported: Run) -> None:
    folder = reported.home.reports / "latest" / "csv"
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["source_name"]: row for row in csv.DictReader(stream)}
    text = (folder / "LICENCES.txt").read_text(encoding="utf-8")

    assert rows["us_cbp_wro"]["licence_url"] == "https://example.org/us_cbp_wro"
    assert "Name it as: Contains data of us_cbp_wro" in text
    assert "Consent: asked for; not accepted in the configuration" in text
    assert text.count("Share alike:") == 1


def test_the_same_terms_give_the_same_manifest(good: Run) -> None:
    before = (good.home.published / "current" / "manifest.json").read_bytes()
    publish(make_run(good.home.root.parent, "good"))
    assert (good.home.published / "current" / "manifest.json").read_bytes() == before


def test_the_report_names_licence_attribution_consent_and_share_alike(reported: Run) -> None:
    html = (reported.home.reports / "latest" / "report.html").read_text(encoding="utf-8")

    assert "Name it as: <bdi>Contains data of us_cbp_wro</bdi>" in html
    assert "Its terms ask for consent: not accepted in the configuration." in html
    assert "This publication holds share-alike data (us_cbp_wro)" in html
    assert "Of these, repeats" in html
