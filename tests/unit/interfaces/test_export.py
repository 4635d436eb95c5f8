"""A publication leaves as FollowTheMoney, CSV and Parquet, and the same run gives the same bytes."""

import json
from pathlib import Path

import polars as pl
import pytest

from serving.interfaces.exporting import FORMATS, export_publication
from tests.unit.interfaces.conftest import FIRST, LEI, SECOND, SECRET_NAME, SOLE_TRADER
from tierline.errors import ConfigError

# Properties by schema, as the schema files of FollowTheMoney name them (followthemoney.tech), with those inherited.
THING = {"name", "alias", "country", "address", "publisher", "program", "sourceUrl"}
LEGAL_ENTITY = THING | {"jurisdiction", "sector", "status", "leiCode", "taxNumber", "registrationNumber"}
PROPERTIES = {
    "Company": LEGAL_ENTITY,
    "LegalEntity": LEGAL_ENTITY,
    "PublicBody": LEGAL_ENTITY,
    "Person": LEGAL_ENTITY,
    "Vessel": THING,
    "Sanction": {"entity", "authority", "program", "listingDate", "startDate", "endDate", "status", "country"},
    "Contract": THING | {"title", "procedureNumber", "authority"},
    "ContractAward": {
        *("supplier", "contract", "amount", "currency", "date", "documentNumber", "recordId", "sourceUrl", "cpvCode"),
    },
}
INTEREST = {"role", "summary", "startDate", "endDate", "recordId"}
PROPERTIES |= {
    "Address": THING | {"full"},
    "Ownership": INTEREST | {"owner", "asset", "percentage", "ownershipType"},
    "Directorship": INTEREST | {"director", "organization"},
    "UnknownLink": INTEREST | {"subject", "object"},
}
ENDS = {
    "Ownership": ("owner", "asset"),
    "Directorship": ("director", "organization"),
    "UnknownLink": ("subject", "object"),
}
REQUIRED = {"Sanction": {"entity"}, "Contract": {"title"}, "ContractAward": {"supplier", "contract"}}
REQUIRED |= {schema: set(ends) for schema, ends in ENDS.items()}


@pytest.fixture(scope="module")
def exported(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("export") / "out"
    export_publication(folder, FORMATS, target)
    return target


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_entity_is_one_of_follow_the_money(exported: Path) -> None:
    entities = lines(exported / "ftm" / "entities.ftm.json")
    ids = [one["id"] for one in entities]

    assert len(ids) == len(set(ids))
    for one in entities:
        assert set(one) == {"id", "caption", "schema", "properties", "datasets", "referents", "target"}
        assert set(one["properties"]) <= PROPERTIES[one["schema"]], one["id"]
        assert set(one["properties"]) >= REQUIRED.get(one["schema"], {"name"}), one["id"]
        for values in one["properties"].values():
            assert values
            assert all(isinstance(value, str) and value for value in values)


def test_what_entities_refer_to_is_there(exported: Path) -> None:
    entities = {one["id"]: one for one in lines(exported / "ftm" / "entities.ftm.json")}
    pointing = [
        (one["id"], value)
        for one in entities.values()
        for name in ("entity", "supplier", "contract", "authority")
        for value in one["properties"].get(name, [])
        if one["schema"] in {"Sanction", "ContractAward", "Contract"}
        and not (one["schema"] == "Sanction" and name == "authority")
    ]

    assert pointing
    assert all(value in entities for _, value in pointing)


def test_owners_and_officers_are_told_with_what_their_source_says_and_people_are_not_named(exported: Path) -> None:
    entities = {one["id"]: one for one in lines(exported / "ftm" / "entities.ftm.json")}
    ties = {one["referents"][0]: one for one in entities.values() if one["schema"] in ENDS}

    assert (ties["bods:0"]["schema"], ties["bods:0"]["properties"]) == ("Ownership", {
        "owner": ["party-C1"], "asset": [FIRST], "ownershipType": ["shareholding"], "percentage": ["25-50"],
        "startDate": ["2020-01-02"], "endDate": ["2025-03-04"], "recordId": ["bods:0"],
    })  # fmt: skip
    assert (entities["party-C1"]["schema"], entities["party-C1"]["caption"]) == ("Company", "Holding Ltd")
    assert (ties["bods:1"]["schema"], ties["bods:1"]["properties"]["role"]) == ("Directorship", ["chair of the board"])
    assert entities["party-P1"]["properties"] == {"name": ["natural person"]}
    assert ties["bods:2"]["properties"]["summary"] == ["interested party exempt"]
    assert "ownershipType" not in ties["bods:2"]["properties"]
    # a natural person is no asset and no organization
    assert (ties["bods:3"]["schema"], ties["bods:3"]["properties"]["role"]) == ("UnknownLink", ["owner"])
    assert ties["tie:1"]["properties"]["role"] == ["subcontractor"]
    assert ties["tie:1"]["datasets"] == ["network", "links"]


def test_both_ends_of_a_tie_are_there_and_an_asset_is_a_company(exported: Path) -> None:
    entities = {one["id"]: one for one in lines(exported / "ftm" / "entities.ftm.json")}
    ties = [one for one in entities.values() if one["schema"] in ENDS]

    assert {one["schema"] for one in ties} == set(ENDS)
    for one in ties:
        first, second = (entities[one["properties"][name][0]]["schema"] for name in ENDS[one["schema"]])
        assert first not in ENDS
        assert one["schema"] == "UnknownLink" or second == "Company"


def test_each_property_of_a_tie_is_a_statement_of_its_source(exported: Path) -> None:
    told = [one for one in lines(exported / "ftm" / "statements.json") if one["entity_id"] == "bods:0"]

    assert {(one["prop"], one["value"]) for one in told} >= {("asset", FIRST), ("percentage", "25-50")}
    assert {(one["schema"], one["dataset"], one["origin"]) for one in told} == {
        ("Ownership", "bods_ownership", "bods:0")
    }


def test_a_supplier_keeps_its_numbers_and_an_award_its_open_contracting_id(exported: Path) -> None:
    entities = {one["id"]: one for one in lines(exported / "ftm" / "entities.ftm.json")}
    (award,) = (one for one in entities.values() if one["schema"] == "ContractAward")
    contract = entities[award["properties"]["contract"][0]]

    assert entities[SECOND]["properties"]["leiCode"] == [LEI]
    assert award["properties"]["supplier"] == [FIRST]
    assert award["properties"]["documentNumber"] == ["A-1"]
    assert (award["properties"]["recordId"], award["properties"]["sourceUrl"]) == (
        ["r-7"],
        ["https://x.example/package.json"],
    )
    assert contract["properties"]["procedureNumber"] == ["ocds-x1-1"]


def test_a_natural_person_goes_by_no_other_name(exported: Path) -> None:
    entities = {one["id"]: one for one in lines(exported / "ftm" / "entities.ftm.json")}

    assert entities[SOLE_TRADER]["schema"] == "LegalEntity"
    assert set(entities[SOLE_TRADER]["properties"]) <= {"name", "address", "country", "jurisdiction", "sector"}
    assert all(SECRET_NAME not in path.read_text(encoding="utf-8") for path in (exported / "ftm").iterdir())


def test_statements_say_which_source_says_what(exported: Path) -> None:
    statements = lines(exported / "ftm" / "statements.json")
    ids = [one["id"] for one in statements]
    own = next(one for one in statements if one["canonical_id"] == SECOND)

    assert len(ids) == len(set(ids))
    assert (own["entity_id"], own["prop"], own["value"], own["dataset"], own["origin"]) == (
        "erp:V1", "name", "Twin Mills", "erp", "erp:1",
    )  # fmt: skip


def test_awards_have_their_links_in_csv_and_parquet(exported: Path) -> None:
    for table in (
        pl.read_csv(exported / "csv" / "award_link.csv"),
        pl.read_parquet(exported / "parquet" / "award_link.parquet"),
    ):
        told = table.select("ocid", "award_id", "release_id", "package_url", "supplier_id").rows()
        assert told == [("ocds-x1-1", "A-1", "r-7", "https://x.example/package.json", FIRST)]
        assert {"source_id", "snapshot_sha256", "record_no"} <= set(table.columns)


def test_every_column_has_its_meaning(exported: Path) -> None:
    dictionary = pl.read_parquet(exported / "parquet" / "data_dictionary.parquet")
    told = set(dictionary.select("table_name", "column_name").rows())

    for path in (exported / "parquet" / "tables").glob("*.parquet"):
        assert {(path.stem, column) for column in pl.read_parquet_schema(path)} <= told
    assert dictionary["column_meaning"].null_count() == 0


def test_the_same_publication_gives_the_same_bytes(folder: Path, exported: Path, tmp_path: Path) -> None:
    export_publication(folder, FORMATS, tmp_path / "again")

    for path in sorted(exported.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(exported)).read_bytes(), path.name


def test_a_folder_that_is_not_empty_and_an_unknown_format_are_refused(
    folder: Path, exported: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError):
        export_publication(folder, FORMATS, exported)
    with pytest.raises(ConfigError):
        export_publication(folder, ["xml"], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_the_command_says_what_it_wrote(command_line, folder: Path, tmp_path: Path) -> None:
    code, out = command_line(
        "export", "--format", "ftm", "--out", str(tmp_path / "out"), "--published", str(folder.parent), "--run", "first"
    )

    assert code == 0
    assert out.startswith("3 files of run first")
