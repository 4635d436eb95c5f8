"""What stands before the pages: names of the service, tokens, rates, sizes, headers, and answers without traces."""

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.lookup import answers
from serving.lookup.app import create_app
from serving.lookup.rate import Rate
from serving.lookup.settings import LookupSettings
from tests.unit.lookup.conftest import AMBER, Opener

TOKEN = "a-token-of-enough-letters"
ANSWERS = ("/", "/health", "/none", f"/suppliers/{AMBER}", "/?lang=xx", "/static/style.css", "/api/search?q=a")


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_tells_browsers_to_be_careful(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "permissions-policy" in headers
    assert "server" not in headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8321", "127.0.0.1.evil.example", "", "[::2]:80", "a" * 999]
)
def test_it_is_not_asked_under_a_foreign_name(client: TestClient, host: str) -> None:
    answer = client.get("/health", headers={"host": host})

    assert answer.status_code == 421
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8321", "LOCALHOST", "[::1]:9"])
def test_it_is_asked_on_this_machine(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


def test_without_the_token_nothing_of_suppliers_is_told(open_lookup: Opener) -> None:
    client = open_lookup(token=TOKEN)

    page, answer = client.get(f"/suppliers/{AMBER}"), client.get(f"/api/suppliers/{AMBER}")
    assert (page.status_code, answer.status_code) == (401, 401)
    assert "Amber" not in page.text + answer.text
    assert answer.headers["www-authenticate"] == "Bearer"
    assert client.get("/api/openapi.json").status_code == 401
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ü"])
def test_another_token_opens_nothing(open_lookup: Opener, given: str) -> None:
    client = open_lookup(token=TOKEN)

    assert client.get("/", headers={"authorization": given.encode()}).status_code == 401


def test_the_token_opens_it_for_programs(open_lookup: Opener) -> None:
    headers = {"authorization": f"Bearer {TOKEN}"}

    assert open_lookup(token=TOKEN).get(f"/api/suppliers/{AMBER}", headers=headers).status_code == 200


def test_the_token_opens_it_for_people_by_a_cookie_no_other_site_can_use(open_lookup: Opener) -> None:
    client = open_lookup(token=TOKEN)
    refused = client.post("/sign-in", data={"token": "wrong"})
    opened = client.post("/sign-in?lang=es", data={"token": TOKEN})

    assert (refused.status_code, refused.headers.get("set-cookie")) == (401, None)
    assert (opened.status_code, opened.headers["location"]) == (303, "/?lang=es")
    cookie = opened.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/").status_code == 200


def test_too_many_requests_of_one_address_wait(open_lookup: Opener) -> None:
    client = open_lookup(requests_a_minute=30)
    told = [client.get("/health").status_code for _ in range(12)]
    refused = client.get("/health")

    assert told[:6] == [200] * 6
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 2


def test_a_bucket_fills_with_time_and_each_address_has_its_own() -> None:
    now = [0.0]
    rate = Rate(60, lambda: now[0])

    assert [rate.wait("a") for _ in range(12)] == [0.0] * 12
    assert rate.wait("a") == pytest.approx(1)
    assert rate.wait("b") == 0
    now[0] = 1.0
    assert rate.wait("a") == 0


def test_addresses_are_forgotten_and_memory_is_bounded() -> None:
    rate = Rate(60, lambda: 0.0)
    for number in range(20_000):
        rate.wait(str(number))

    assert len(rate._buckets) == 10_000


def test_a_request_that_is_too_large_is_not_read(open_lookup: Opener) -> None:
    client = open_lookup(most_body_bytes=1_000, token=TOKEN)
    form = {"content-type": "application/x-www-form-urlencoded"}

    def pieces() -> object:
        yield from (b"x" * 400 for _ in range(10))

    assert client.post("/sign-in", content=b"x" * 2_000).status_code == 413
    assert client.post("/sign-in", content=pieces(), headers=form).status_code == 413  # type: ignore[arg-type]  # pieces
    assert client.get("/health", headers={"content-length": "many"}).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    assert client.request(method, "/").status_code == 405


def test_a_head_is_a_get_without_its_body(client: TestClient) -> None:
    head, get = client.head("/about"), client.get("/about")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


def test_a_fault_is_told_without_a_trace(
    open_lookup: Opener, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr(answers, "supplier", fail)
    answer = open_lookup().get(f"/api/suppliers/{AMBER}")

    assert answer.status_code == 500
    assert "secret" not in answer.text + caplog.text
    assert "content-security-policy" in answer.headers


def test_a_request_that_comes_too_slowly_is_given_up(published: Path) -> None:
    app = create_app(LookupSettings(published, most_body_seconds=0.05))
    headers = [(b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded")]
    scope = {
        "type": "http", "method": "POST", "path": "/sign-in", "raw_path": b"/sign-in", "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "headers": headers, "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }  # fmt: skip
    told: list[int] = []

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: MutableMapping[str, Any]) -> None:
        told.extend([message["status"]] if "status" in message else [])

    asyncio.run(app(scope, receive, send))
    assert told == [408]


def test_the_log_names_nobody(open_lookup: Opener, caplog: pytest.LogCaptureFixture) -> None:
    client = open_lookup()
    with caplog.at_level("INFO", "tierline"):
        client.get("/?q=Amber+Textiles")
        client.get(f"/suppliers/{AMBER}")
        client.get("/nowhere/Amber")

    told = [record.getMessage() for record in caplog.records]
    assert [line for line in told if "/suppliers/{supplier_id} 200" in line]
    assert not [line for line in told if "Amber" in line or AMBER in line or "testclient" in line]


def test_an_audit_log_says_who_asked_for_what(open_lookup: Opener, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    client = open_lookup(audit_log=log, address="10.0.0.7")
    client.get("/?q=Amber")

    assert log.stat().st_mode & 0o777 == 0o600
    assert log.read_text() == (
        '{"at": "2026-11-01T12:00:00+00:00", "address": "10.0.0.7", "method": "GET", "path": "/",'
        ' "query": "q=Amber", "status": 200}\n'
    )
