"""The files have the shapes that the declarations of the sources expect, and hang together across chunks."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from demo_world import WorldSummary, generator, write
from demo_world.countries import COUNTRIES
from demo_world.listings import PROGRAMMES
from demo_world.writers.config import SOURCES
from matching.check_digits import is_sound
from tierline.settings import load_settings

DECLARATIONS = Path(__file__).parents[3] / "ingest" / "sources"
AS_OF = date(2026, 6, 30)


def table(path: Path, encoding: str = "utf-8") -> pl.DataFrame:
    return pl.read_csv(path, infer_schema_length=0, encoding=encoding)


def submissions(folder: Path) -> list[dict[str, Any]]:
    pages = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("sources/surveys/*.json"))]
    return [row for page in pages for row in page["results"]]


def release_lines(folder: Path) -> list[str]:
    files = sorted(folder.glob("sources/procurement/ocds-*.jsonl"))
    return [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_configuration_is_valid_names_every_source_and_never_the_truth(summary: WorldSummary) -> None:
    settings = load_settings(summary.config, environment={})
    assert settings.fictional
    assert settings.as_of == AS_OF
    assert {source.id for source in settings.sources} == set(SOURCES)
    patterns = [source.path or "no path" for source in settings.sources]
    for pattern in patterns:
        assert list(settings.base.glob(pattern)), pattern
    named = {path for pattern in patterns for path in settings.base.glob(pattern)}
    written = {path for path in summary.directory.rglob("*") if path.is_file()}
    unnamed = {str(path.relative_to(summary.directory)) for path in written - named}
    assert unnamed == {"tierline.yml", "truth/conditions.csv", "truth/identities.csv"}
    assert "truth" not in summary.config.read_text()


@pytest.mark.parametrize("source", [name for name, path in SOURCES.items() if path.endswith(".csv")])
def test_every_column_that_the_declaration_wants_is_there(world_folder: Path, source: str) -> None:
    declaration = yaml.safe_load((DECLARATIONS / source / "source.yml").read_text(encoding="utf-8"))
    path = next(world_folder.glob(SOURCES[source]))
    header = path.read_text(encoding=declaration["format"]["encoding"]).splitlines()[0].split(",")
    assert set(declaration["columns"]) <= set(header)


def test_every_programme_of_the_screening_list_is_declared() -> None:
    declaration = yaml.safe_load((DECLARATIONS / "opensanctions_simple" / "source.yml").read_text(encoding="utf-8"))
    assert set(PROGRAMMES) <= set(declaration["enumerations"]["feeds"])


def test_old_country_files_keep_their_encoding_and_their_padding(world_folder: Path) -> None:
    index = table(world_folder / "sources/country/cpi.csv", "cp1252")
    assert "Côte d'Ivoire" in index["country"].to_list()
    assert index.columns[1:] == [str(year) for year in range(1995, 2018)]
    tiers = table(world_folder / "sources/country/tip_tiers.csv")
    assert set(tiers["tier"]) <= {"Tier 1    ", "Tier 2    ", "Watchlist    ", "Tier 3", "NA"}
    assert tiers.height == 8 * len(COUNTRIES)


def test_the_customs_list_is_latin1_and_no_utf8(world_folder: Path) -> None:
    content = (world_folder / "sources/lists/cbp_wro.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert ", a/k/a " in content.decode("latin-1")


def test_verdicts_refer_to_orders_and_suppliers_that_exist(world_folder: Path) -> None:
    orders = table(world_folder / "sources/lists/cbp_wro.csv", "latin-1")
    references = {
        f"cbp:{entity}|{day}|{kind}"
        for entity, day, kind in orders.select("Entity", "Effective Date", "WRO/Finding").iter_rows()
    }
    vendors = {f"erp:{vendor}" for vendor in table(world_folder / "sources/erp/vendor_master.csv")["vendor_id"]}
    verdicts = table(world_folder / "sources/lists/match_verdicts.csv")
    assert set(verdicts["entry_ref"]) <= references
    assert set(verdicts["supplier_ref"]) <= vendors
    assert {"confirmed", "rejected"} <= set(verdicts["verdict"])


def test_the_truth_knows_every_record_and_tells_namesakes_apart(world_folder: Path) -> None:
    identities = table(world_folder / "truth/identities.csv")
    vendors = table(world_folder / "sources/erp/vendor_master.csv")["vendor_id"].unique().to_list()
    known = set(identities.filter(pl.col("source") == "erp_vendor_master")["record"])
    assert {vendor for vendor in vendors if not vendor.startswith("X")} <= known
    assert identities["vendor_id"].str.starts_with("!").any()
    conditions = table(world_folder / "truth/conditions.csv")
    assert conditions.select("vendor_id", "site_id").is_duplicated().sum() == 0


def test_identifiers_are_well_formed_and_belong_to_one_supplier(world_folder: Path) -> None:
    vendors = table(world_folder / "sources/erp/vendor_master.csv").filter(pl.col("vendor_id").str.starts_with("V"))
    for column in ("tax_number", "company_number", "lei"):
        owners = vendors.drop_nulls(column).group_by(column).agg(pl.col("vendor_id").n_unique())
        assert owners["vendor_id"].max() == 1
    for lei in vendors["lei"].drop_nulls().head(50):
        assert int("".join(str(int(letter, 36)) for letter in lei)) % 97 == 1


def test_pages_of_a_survey_say_how_many_there_are_and_where_the_next_is(world_folder: Path) -> None:
    pages = [json.loads(path.read_text()) for path in sorted(world_folder.glob("sources/surveys/*.json"))]
    assert len(pages) > 2
    assert {page["count"] for page in pages} == {sum(len(page["results"]) for page in pages)}
    assert [page["next"] is None for page in pages] == [False] * (len(pages) - 1) + [True]
    assert [page["previous"] is None for page in pages] == [True] + [False] * (len(pages) - 1)


def test_the_last_weeks_of_releases_come_as_packages(world_folder: Path) -> None:
    package = json.loads(next(world_folder.glob("sources/procurement/package-*.json")).read_text(encoding="utf-8"))
    recent = [release["date"][:10] for release in package["releases"]]
    older = [json.loads(line)["date"][:10] for line in release_lines(world_folder)]
    assert recent
    assert min(recent) > max(older)


def test_releases_amend_cancel_and_share_awards(world_folder: Path) -> None:
    releases = [json.loads(line) for line in release_lines(world_folder)]
    awards = [award for release in releases for award in release["awards"]]
    assert any("awardUpdate" in release["tag"] for release in releases)
    assert any(award["status"] == "cancelled" for award in awards)
    assert any(len(award["suppliers"]) > 1 for award in awards)
    assert any("bids" in release for release in releases)
    for release in releases:
        parties = {party["id"] for party in release["parties"]}
        assert {supplier["id"] for award in release["awards"] for supplier in award["suppliers"]} <= parties


def test_ids_stay_unique_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "CHUNK_SUPPLIERS", 120)
    write(tmp_path / "world", suppliers=300, seed=3, as_of=AS_OF)
    folder = tmp_path / "world"
    assert len(list(folder.glob("sources/erp/purchase_orders-0*.csv"))) == 3
    orders = pl.concat([table(path) for path in sorted(folder.glob("sources/erp/purchase_orders-*.csv"))])
    assert orders.select("order_id", "line").is_duplicated().sum() == 2  # the one pair that is wrong on purpose
    conditions = table(folder / "truth/conditions.csv")
    assert conditions["vendor_id"].n_unique() == 300
    answers = [row["_id"] for row in submissions(folder)]
    assert len(answers) - len(set(answers)) == 1  # the one submission that comes twice on purpose
    ids = [json.loads(line)["id"] for line in release_lines(folder)]
    assert len(ids) - len(set(ids)) == 1  # the one release that comes twice on purpose
    statements = [
        statement["statementId"]
        for path in folder.glob("sources/ownership/*.json")
        for statement in json.loads(path.read_text(encoding="utf-8"))
    ]
    assert len(statements) == len(set(statements))


def test_tax_numbers_have_right_check_digits_where_a_rule_is_known(world_folder: Path) -> None:
    names = {spelling: country.code for country in COUNTRIES for spelling in (country.name, country.other_name)}
    names |= {country.code: country.code for country in COUNTRIES}
    vendors = table(world_folder / "sources/erp/vendor_master.csv").filter(pl.col("vendor_id").str.starts_with("V"))
    judged = [
        is_sound("tax_number", names[country], number)
        for country, number in vendors.drop_nulls(["country", "tax_number"]).select("country", "tax_number").iter_rows()
    ]
    assert True in judged
    assert False not in judged


def test_subcontractors_hang_on_vendors_or_on_each_other(world_folder: Path) -> None:
    links = table(world_folder / "sources/erp/supply_links.csv")
    vendors = set(table(world_folder / "sources/erp/vendor_master.csv")["vendor_id"])
    assert set(links["customer_id"]) <= vendors | set(links["supplier_id"])
    assert not (links["customer_id"] == links["supplier_id"]).any()
    assert set(links["declared"]) == {"yes", "no"}
    below = links.filter(~pl.col("customer_id").is_in(list(vendors)))
    assert set(below["declared"]) == {"no"}


def test_what_sites_declare_is_mostly_more_than_what_is_ordered(world_folder: Path) -> None:
    orders = pl.concat([table(path) for path in sorted(world_folder.glob("sources/erp/purchase_orders-*.csv"))])
    assert orders["order_id"].str.contains("-5").any(), "standing orders have numbers of their own"
    told = table(world_folder / "sources/erp/vendor_master.csv").drop_nulls("capacity_units")
    assert told["labour_hours"].null_count() == 0
    assert (told["capacity_units"].cast(pl.Float64) > 0).all()


def test_tenders_tell_every_bid_and_the_lowest_wins(world_folder: Path) -> None:
    path = next(world_folder.glob("sources/procurement/ocds-tenders-*.jsonl"))
    gaps = []
    for line in path.read_text(encoding="utf-8").splitlines():
        release = json.loads(line)
        amounts = [bid["value"]["amount"] for bid in release["bids"]["details"]]
        assert release["awards"][0]["value"]["amount"] == amounts[0] == min(amounts)
        gaps += [(sorted(amounts)[1] - amounts[0]) / amounts[0]] if len(amounts) > 1 else []
    assert sum(gap > 0.4 for gap in gaps) > 0
    assert sum(gap < 0.13 for gap in gaps) > 0.9 * len(gaps)


def test_labour_costs_are_said_to_be_fictional(world_folder: Path) -> None:
    costs = table(world_folder / "sources/country/labour_cost.csv")
    assert costs["source"].str.starts_with("Fictional").all()
    assert costs["country"].n_unique() == len(COUNTRIES) - 2
