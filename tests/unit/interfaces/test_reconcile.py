"""OpenRefine and other clients of the reconciliation protocol find suppliers; only an identifier makes one certain."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from fastapi.testclient import TestClient

from serving.interfaces.limits import MOST_BYTES, MOST_QUERIES
from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from tests.unit.interfaces import protocol_schemas as protocol
from tests.unit.interfaces.conftest import FIRST, LEI, SECOND, TAX, THIRD

BANDS = ("Critical", "High", "Elevated", "Moderate", "Lower", "Unknown")


def asked(client: TestClient, queries: dict[str, Any]) -> dict[str, Any]:
    answered = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answered.status_code == 200, answered.text
    told: dict[str, Any] = answered.json()
    jsonschema.validate(told, protocol.RESULT_BATCH)
    return told


def candidates(client: TestClient, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asked(client, {"q": query})["q"]["result"]
    return found


def fetched(client: TestClient, ids: list[str], *properties: str) -> dict[str, Any]:
    extend = {"ids": ids, "properties": [{"id": one} for one in properties]}
    answered = client.post("/reconcile", data={"extend": json.dumps(extend)})
    assert answered.status_code == 200, answered.text
    told: dict[str, Any] = answered.json()
    jsonschema.validate(told, protocol.EXTENSION)
    return told


def test_the_manifest_says_what_there_is_and_where(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()

    jsonschema.validate(manifest, protocol.MANIFEST)
    assert manifest["preview"]["url"] == "http://127.0.0.1/reconcile/preview?id={{id}}"
    assert "authentication" not in manifest
    for what in ("entity", "property", "type"):
        where = manifest["suggest"][what]
        assert client.get(where["service_url"] + where["service_path"], params={"prefix": ""}).status_code == 200


def test_with_a_token_the_manifest_says_how_to_give_it_and_nothing_is_told_without(settings: LookupSettings) -> None:
    guarded = create_app(LookupSettings(published=settings.published, token="t" * 32))
    with TestClient(guarded, base_url="http://127.0.0.1") as client:
        refused = client.post("/reconcile", data={"queries": "{}"})
        manifest = client.get("/reconcile", headers={"Authorization": f"Bearer {'t' * 32}"}).json()

    assert refused.status_code == 401
    assert manifest["authentication"] == {"type": "apiKey", "name": "Authorization", "in": "header"}


def test_the_public_client_reconciles_a_column(server: str) -> None:
    pandas = import_module("pandas")  # of the client; it has no types here
    from reconciler import reconcile

    names = pandas.Series(["Twin Mills", "Third Weavers"])
    numbers = pandas.Series([LEI, "C77"])
    endpoint = f"{server}/reconcile"
    by_name = reconcile(names, type_id="Company", top_res=1, reconciliation_endpoint=endpoint)
    narrowed = reconcile(names, property_mapping={"identifier": numbers}, reconciliation_endpoint=endpoint)

    assert dict(zip(by_name["input_value"], by_name["id"], strict=True)) == {
        "Twin Mills": SECOND,
        "Third Weavers": THIRD,
    }
    assert not by_name["match"].any()
    assert set(by_name["type_id"]) == {"Company"}
    assert set(narrowed["id"]) == {SECOND, THIRD}
    assert narrowed["match"].all()


def test_post_and_get_give_the_same(client: TestClient) -> None:
    queries = {"a": {"query": "Twin Mils"}, "b": {"query": LEI}}

    assert client.get("/reconcile", params={"queries": json.dumps(queries)}).json() == asked(client, queries)


def test_a_name_letter_by_letter_is_no_match(client: TestClient) -> None:
    first = candidates(client, query="Twin Mills")[0]

    assert (first["id"], first["score"], first["match"]) == (SECOND, 100.0, False)


@pytest.mark.parametrize(
    ("query", "is_match"),
    [
        ({"query": LEI}, True),
        ({"query": SECOND}, True),
        ({"properties": [{"pid": "lei", "v": LEI}]}, True),
        ({"query": "Twin Mills", "properties": [{"pid": "tax_number", "v": "123456789"}]}, True),
        (
            {"query": "Twin Mills", "properties": [{"pid": "lei", "v": [LEI]}, {"pid": "country", "v": "Bangladesh"}]},
            True,
        ),
        ({"query": "Twin Mills", "properties": [{"pid": "lei", "v": LEI}, {"pid": "country", "v": "VN"}]}, False),
        ({"query": "Twin Mills", "properties": [{"pid": "lei", "v": LEI}, {"pid": "country", "v": "Atlantis"}]}, False),
        ({"query": "Quite Another Company", "properties": [{"pid": "lei", "v": LEI}]}, False),
        ({"query": "123456789"}, False),
        ({"properties": [{"pid": "tax_number", "v": "123456789"}]}, False),
        ({"properties": [{"pid": "tax_number", "v": "BD 123456789"}]}, True),
        ({"properties": [{"pid": "tax_number", "v": "123456789"}, {"pid": "country", "v": "BD"}]}, True),
        ({"properties": [{"pid": "lei", "v": LEI}, {"pid": "country", "v": "Atlantis"}]}, False),
    ],
)
def test_an_identifier_is_certain_unless_something_speaks_against_it(
    client: TestClient, query: dict[str, Any], is_match: bool
) -> None:
    first = candidates(client, **query)[0]

    assert first["id"] == SECOND
    assert first["match"] is is_match


def test_an_identifier_of_two_suppliers_is_certain_of_neither(client: TestClient) -> None:
    both = candidates(client, properties=[{"pid": "identifier", "v": [LEI, "C77"]}])

    assert {one["id"] for one in both} == {SECOND, THIRD}
    assert not any(one["match"] for one in both)


def test_a_country_leaves_out_who_is_known_to_be_elsewhere(client: TestClient) -> None:
    assert candidates(client, query="Twin Mills", properties=[{"pid": "country", "v": "bd"}])[0]["id"] == SECOND
    assert SECOND not in {
        one["id"] for one in candidates(client, query="Twin Mills", properties=[{"pid": "country", "v": "VN"}])
    }


def test_of_another_type_nothing_is_found(client: TestClient) -> None:
    assert candidates(client, query="Twin Mills", type="Company")
    assert candidates(client, query="Twin Mills", type=["Person", "Film"]) == []


def test_no_band_is_told_before_somebody_says_who_is_meant(client: TestClient) -> None:
    told = [
        client.post("/reconcile", data={"queries": json.dumps({"q": {"query": "Twin Mills"}})}).text,
        client.get("/reconcile/suggest/entity", params={"prefix": "Twin"}).text,
        client.get("/reconcile/preview", params={"id": SECOND}).text,
    ]

    assert not any(f'"{band}"' in text or f">{band}<" in text for band in BANDS for text in told)


def test_properties_of_reconciled_suppliers_are_fetched(client: TestClient) -> None:
    told = fetched(
        client, [FIRST, "S-none"], "band", "severity", "coverage", "country", "lei", "indicator:F12", "as_of", "run_id"
    )
    row = told["rows"][FIRST]

    assert [one["id"] for one in told["meta"]][:2] == ["band", "severity"]
    assert row["band"][0]["str"] in BANDS
    assert row["indicator:F12"] == [{"str": "present"}]
    assert row["as_of"] == [{"date": "2026-11-01T00:00:00Z"}]
    assert row["run_id"] == [{"str": "first"}]
    assert row["lei"] == []
    assert all(values == [] for values in told["rows"]["S-none"].values())


def test_an_indicator_that_could_not_be_assessed_at_one_site_is_not_absent(client: TestClient, folder: Path) -> None:
    states = pl.read_parquet(folder / "parquet" / "supplier_indicator.parquet").filter(pl.col("indicator_id") == "F04")
    (several,) = states.filter(pl.col("state") == "absent")["supplier_id"]

    assert fetched(client, [several], "indicator:F04")["rows"][several]["indicator:F04"] == [{"str": "not assessable"}]


def test_an_indicator_that_there_is_not_is_told_so(client: TestClient) -> None:
    told = fetched(client, [FIRST], "indicator:Z99")["rows"][FIRST]

    assert told["indicator:Z99"] == [{"str": "not an indicator of this publication"}]


def test_identifiers_are_fetched_as_they_are_published(client: TestClient) -> None:
    row = fetched(client, [SECOND], "lei", "tax_number", "reference")["rows"][SECOND]

    assert row["lei"] == [{"str": LEI}]
    assert {"str": TAX} in row["tax_number"]
    assert row["reference"] == [{"str": "erp:V1"}]


def test_suggestions_have_the_shapes_of_the_protocol(client: TestClient) -> None:
    entities = client.get("/reconcile/suggest/entity", params={"prefix": "Twin"}).json()
    properties = client.get("/reconcile/suggest/property", params={"prefix": "retention"}).json()
    types = client.get("/reconcile/suggest/type", params={"prefix": "supp"}).json()
    proposed = client.get("/reconcile/properties", params={"type": "Company", "limit": 3}).json()

    jsonschema.validate(entities, protocol.SUGGESTED_ENTITIES)
    jsonschema.validate(properties, protocol.SUGGESTED_ITEMS)
    jsonschema.validate(types, protocol.SUGGESTED_ITEMS)
    jsonschema.validate(proposed, protocol.PROPOSED)
    assert entities["result"][0]["id"] == SECOND
    assert [one["id"] for one in properties["result"]] == ["indicator:F07"]
    assert len(proposed["properties"]) == 3
    assert client.get("/reconcile/suggest/entity", params={"prefix": "Twin", "cursor": 1000}).json() == {"result": []}


def test_a_preview_is_small_inert_and_may_stand_in_a_frame_of_this_machine_only(client: TestClient) -> None:
    answered = client.get("/reconcile/preview", params={"id": FIRST})

    assert "<script" not in answered.text
    assert "&lt;script&gt;" in answered.text
    assert "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*" in answered.headers["content-security-policy"]
    assert client.get("/reconcile/preview", params={"id": "S-none"}).status_code == 404


@pytest.mark.parametrize(
    ("origin", "may_read"),
    [
        ("http://127.0.0.1:3333", True),
        ("http://localhost:3333", True),
        ("https://example.org", False),
        ("http://localhost.example.org", False),
        ("null", False),
    ],
)
def test_only_pages_of_this_machine_may_read_answers(client: TestClient, origin: str, may_read: bool) -> None:
    answered = client.get("/reconcile", headers={"Origin": origin})

    assert answered.headers.get("access-control-allow-origin") == (origin if may_read else None)
    assert "access-control-allow-origin" not in client.get("/catalog", headers={"Origin": origin}).headers


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"queries": "["}, 422),
        ({"queries": "[" * 100_000}, 422),
        ({"queries": '{"a":' * 5_000 + "1" + "}" * 5_000}, 422),
        ({"queries": '{"a": {}}'}, 422),
        ({"queries": '{"a": {"query": ""}}'}, 422),
        ({"queries": '{"a": {"query": "x", "evil": 1}}'}, 422),
        ({"queries": json.dumps({"a": {"query": "x" * 20_000}})}, 422),
        ({"queries": json.dumps({str(number): {"query": "x"} for number in range(10_000)})}, 422),
        ({"queries": "{}", "extend": "{}"}, 409),
        ({"queries": "{}", "callback": "f"}, 422),
        ({"extend": json.dumps({"ids": ["S"] * 1001, "properties": []})}, 422),
        ({"extend": json.dumps({"ids": [], "properties": [{"id": "no_such"}]})}, 422),
        ({}, 422),
        ({"queries": " " * (MOST_BYTES + 1)}, 413),
    ],
)
def test_what_is_too_much_or_wrong_is_refused_clearly(client: TestClient, fields: dict[str, str], status: int) -> None:
    answered = client.post("/reconcile", data=fields, headers={"content-type": "application/x-www-form-urlencoded"})

    assert answered.status_code == status
    assert answered.json()["detail"]
    assert "xxxxx" not in answered.text
    assert "Traceback" not in answered.text


@pytest.mark.parametrize("content", [b"queries=%ff%fe", b"queries=\xff\xfe"])
def test_a_form_that_is_not_utf_8_is_refused(client: TestClient, content: bytes) -> None:
    answered = client.post("/reconcile", content=content, headers={"content-type": "application/x-www-form-urlencoded"})

    assert answered.status_code == 422
    assert "UTF-8" in answered.json()["detail"]


def test_what_is_no_form_is_refused(client: TestClient) -> None:
    assert client.post("/reconcile", json={"queries": {}}).status_code == 415


def test_a_full_batch_is_answered(client: TestClient) -> None:
    assert len(asked(client, {str(number): {"query": "Twin Mills"} for number in range(MOST_QUERIES)})) == MOST_QUERIES


def test_a_name_of_ten_thousand_letters_and_one_of_signs_find_nothing_and_break_nothing(client: TestClient) -> None:
    for name in ("x" * 10_000, "\u202e\u0000\ufeff", "' OR 1=1 --", "{{7*7}}", "💥" * 100):
        assert candidates(client, query=name) == [] or name


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(client: TestClient, method: str) -> None:
    assert client.request(method, "/reconcile").status_code == 405
