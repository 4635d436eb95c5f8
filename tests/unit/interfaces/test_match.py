"""Programs that speak the shape of yente match companies with suppliers and with official lists."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.unit.interfaces.conftest import FIRST, LEI, PERSON, SECOND, SECRET_NAME, SOLE_TRADER


def matched(client: TestClient, dataset: str, query: str = "", **properties: Any) -> list[dict[str, Any]]:
    body = {"queries": {"one": {"schema": "Company", "properties": properties}}}
    answered = client.post(f"/match/{dataset}{query}", json=body)
    assert answered.status_code == 200, answered.text
    told = answered.json()["responses"]["one"]
    assert told["status"] == 200
    found: list[dict[str, Any]] = told["results"]
    return found


def test_the_catalogue_names_suppliers_and_lists_with_who_publishes_them(client: TestClient) -> None:
    catalogue = client.get("/catalog").json()
    datasets = {one["name"]: one for one in catalogue["datasets"]}

    assert set(datasets) == {"suppliers", "adverse_lists", "CBP WRO"} == set(catalogue["current"])
    assert datasets["adverse_lists"]["children"] == ["CBP WRO"]
    assert datasets["CBP WRO"]["publisher"] == "A publisher"
    assert datasets["suppliers"]["entity_count"] == 12


def test_a_supplier_is_matched_by_name_and_certain_by_identifier_alone(client: TestClient) -> None:
    by_name = matched(client, "suppliers", name=["Twin Mills"], country=["bd"])[0]
    by_number = matched(client, "suppliers", name="Twin Mills", leiCode=LEI)[0]

    assert (by_name["id"], by_name["score"], by_name["match"]) == (SECOND, 1.0, False)
    assert by_name["features"] == {"name": 1.0, "identifier": 0.0, "country": 1.0}
    assert (by_number["id"], by_number["match"]) == (SECOND, True)
    assert by_number["properties"]["leiCode"] == [LEI]
    assert "123456789" in by_number["properties"]["taxNumber"]
    assert by_number["schema"] == "Company"


def test_no_band_is_told_with_a_candidate(client: TestClient) -> None:
    (one,) = matched(client, "suppliers", name="Twin Mills", leiCode=LEI)

    assert not {"standing", "band"} & one.keys()


def test_a_likeness_of_names_is_never_a_match_whatever_the_threshold(client: TestClient) -> None:
    assert not matched(client, "suppliers", "?threshold=0", name="Twin Mills")[0]["match"]
    assert not matched(client, "adverse_lists", "?threshold=0", name="Twin Mils Holding")[0]["match"]


def test_a_cutoff_leaves_out_what_is_less_alike(client: TestClient) -> None:
    assert matched(client, "suppliers", "?cutoff=0.5", name="Twin Mils")
    assert matched(client, "suppliers", "?cutoff=1", name="Twin Mils") == []


@pytest.mark.parametrize("name", ["Twin Mils Holding", "TM Holding"])
def test_an_entry_is_found_by_its_names_with_publisher_and_days(client: TestClient, name: str) -> None:
    entry = next(one for one in matched(client, "CBP WRO", name=name) if one["id"] == "E000000000007")
    (sanction,) = entry["properties"]["sanctions"]

    assert entry["match"] is False
    assert entry["datasets"] == ["adverse_lists", "CBP WRO"]
    assert entry["properties"]["publisher"] == ["A publisher"]
    assert sanction["properties"]["listingDate"] == ["2021-03-04"]
    assert sanction["properties"]["status"] == ["in_force"]


def test_an_entry_is_certain_by_an_identifier_of_the_same_country(client: TestClient) -> None:
    own = matched(client, "adverse_lists", name="TM Holding", taxNumber="5550001", country="BD")[0]
    elsewhere = matched(client, "adverse_lists", name="TM Holding", taxNumber="5550001", country="VN")[0]
    other_name = matched(client, "adverse_lists", name="Somebody Else", taxNumber="5550001")[0]
    number_alone = matched(client, "adverse_lists", taxNumber="5550001")[0]

    assert (own["id"], own["match"]) == ("E000000000007", True)
    assert elsewhere["match"] is False
    assert other_name["match"] is False
    assert number_alone["match"] is False


def test_a_natural_person_is_never_found_by_name(client: TestClient) -> None:
    found = [
        *client.get("/search/adverse_lists", params={"q": PERSON}).json()["results"],
        *matched(client, "adverse_lists", name=PERSON),
    ]

    assert all(one["schema"] != "Person" for one in found)
    assert client.get("/entities/E000000000009").json()["caption"] == PERSON


def test_a_sole_trader_is_told_under_the_name_that_is_published(client: TestClient) -> None:
    told = client.get(f"/entities/{SOLE_TRADER}").json()

    assert (told["schema"], told["properties"]["name"]) == ("LegalEntity", ["sole trader 5"])
    assert SECRET_NAME not in client.get(f"/entities/{SOLE_TRADER}").text
    assert matched(client, "suppliers", name=SECRET_NAME) == []


def test_a_person_cannot_be_asked_for(client: TestClient) -> None:
    body = {"queries": {"one": {"schema": "Person", "properties": {"name": ["Somebody"]}}}}

    assert client.post("/match/suppliers", json=body).status_code == 422


@pytest.mark.parametrize("path", ["/match/none", "/search/none"])
def test_an_unknown_dataset_is_told_so(client: TestClient, path: str) -> None:
    body = {"queries": {"one": {"schema": "Company", "properties": {"name": ["x"]}}}}
    answered = client.post(path, json=body) if path.startswith("/match") else client.get(path)

    assert answered.status_code == 404
    assert "/catalog" in answered.json()["detail"]


def test_one_supplier_is_told_with_how_it_stands_and_its_awards(client: TestClient) -> None:
    told = client.get(f"/entities/{FIRST}").json()
    (award,) = told["awards"]

    assert told["standing"]["run_id"] == "first"
    assert told["standing"]["band"]
    assert (award["ocid"], award["award_id"]) == ("ocds-x1-1", "A-1")
    assert (award["release_id"], award["package_url"]) == ("r-7", "https://x.example/package.json")
    assert award["source_id"] == "ocds_bulk_jsonl"
    assert client.get("/entities/S-none").status_code == 404


def test_a_search_counts_and_skips(client: TestClient) -> None:
    whole = client.get("/search/suppliers", params={"q": "Twin Mills"}).json()
    skipped = client.get("/search/suppliers", params={"q": "Twin Mills", "offset": 1}).json()

    assert whole["results"][0]["id"] == SECOND
    assert whole["total"]["relation"] == "eq"
    assert SECOND not in {one["id"] for one in skipped["results"]}
    assert "no clean bill" in whole["note"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 422),
        (b"\xff\xfe", 422),
        (b"[" * 100_000, 422),
        (b'{"queries": {}}', 422),
        (
            json.dumps({"queries": {str(n): {"schema": "Company", "properties": {}} for n in range(10_000)}}).encode(),
            422,
        ),
        (b" " * (3 * 2**20), 413),
    ],
)
def test_what_is_too_much_or_wrong_is_refused_clearly(client: TestClient, content: bytes, status: int) -> None:
    answered = client.post("/match/suppliers", content=content, headers={"content-type": "application/json"})

    assert answered.status_code == status
    assert answered.json()["detail"]
