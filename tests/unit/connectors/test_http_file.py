"""Files at fixed addresses: the same present state whatever the server does, or the error and the state of before."""

import errno
import gzip
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from ingest.spec import parse_spec
from ingest.steps import fetch_source, load
from tests.unit.connectors.scripted import OTHER_HOST, Answer, FakeClock, Scripted, ScriptedServer, ranged
from tests.unit.ingest.conftest import CSV_SOURCE, SURVEY_SOURCE, Installation
from tierline.errors import ConfigError, FetchError, TierlineError
from tierline.run import Run

HEADING = b"id,name,country\n"
OLD = HEADING + b"M1,Ada,VN\n"
NEW = HEADING + b"".join(b"M%d,Maker %d,VN\n" % (number, number) for number in range(500))
CSV = {"Content-Type": "text/csv"}
CANARY = "CANARY5150"
BOMB = gzip.compress(bytes(80 * 2**20), compresslevel=1)
PAGE = b"<!DOCTYPE html><html><body>Try later</body></html>"


@pytest.fixture
def makers(installation: Installation, server: ScriptedServer) -> Installation:
    """An installation with one source, `makers`, at /makers.csv."""
    return at(installation, server.url("/makers.csv"))


def at(installation: Installation, url: str, **options: Any) -> Installation:
    keys = options.pop("connection", {})
    connection = {"kind": "http_file", "url": url, "requests_per_minute": 6000, **keys}
    installation.declare(CSV_SOURCE, None, connection=connection, **options)
    return installation


def fetch(installation: Installation, run_id: str = "r1", name: str = "makers", **options: Any) -> dict[str, Any]:
    return fetch_source(installation.run(run_id), name, clock=FakeClock().clock, **options)


def landed(installation: Installation) -> dict[str, bytes]:
    """Every byte of the landing but those of the lock."""
    folder = installation.run().home.landing
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(installation: Installation) -> list[tuple[Any, ...]]:
    return installation.query("SELECT supplier_ref, name, country_code FROM canonical.supplier ORDER BY ALL")


def test_a_file_is_fetched_and_loaded(makers: Installation, server: ScriptedServer) -> None:
    server.script("/makers.csv", Answer(NEW, headers=CSV))

    outcome = fetch(makers)

    assert outcome["files"] == [{"name": "makers.csv", "sha256": hashlib.sha256(NEW).hexdigest(), "bytes": len(NEW)}]
    assert (outcome["status"], outcome["bytes"], outcome["arrived"]) == ("landed", len(NEW), 1)
    assert load(makers.run())["sources"]["makers"]["loaded"] == 500


@pytest.mark.parametrize(
    "answers",
    [
        [Answer(b"", 500), Answer(b"", 502), ranged(NEW)],
        [Answer(b"", 429, {"Retry-After": "7"}), ranged(NEW)],
        [
            Answer(
                b"",
                429,
                {"Retry-After": "Sun, 01 Nov 2026 10:00:09 GMT", "Date": "Sun, 01 Nov 2026 10:00:00 GMT"},
            ),
            ranged(NEW),
        ],
        [ranged(NEW, cut=3000), ranged(NEW)],
        [ranged(NEW, cut=3000), Answer(NEW, headers=CSV)],
        [ranged(OLD * 90, '"old"', cut=900), ranged(NEW, '"new"')],
        [Answer(NEW, headers=CSV, length=len(NEW) - 40), ranged(NEW)],
        [Answer(gzip.compress(NEW), headers={**CSV, "Content-Encoding": "gzip"})],
    ],
)
def test_the_rows_are_those_of_the_well_behaved_server(
    makers: Installation, server: ScriptedServer, answers: list[Scripted]
) -> None:
    server.script("/makers.csv", ranged(NEW))
    fetch(makers)
    load(makers.run())
    expected = rows(makers)
    server.script("/makers.csv", ranged(OLD, '"before"'))
    fetch(makers, "r2")
    server.script("/makers.csv", *answers)

    fetch(makers, "r3")
    load(makers.run("r3"))

    assert rows(makers) == expected
    assert len(expected) == 500


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"", 500),
        Answer(b"", 404),
        Answer(b"", 429, {"Retry-After": "7"}),
        Answer(NEW, headers=CSV, sent=3000),
        Answer(NEW, headers=CSV, length=len(NEW) - 40),
        Answer(NEW, headers={"Content-Type": "image/png"}),
        Answer(PAGE, headers={"Content-Type": "text/html"}),
        Answer(PAGE, headers=CSV),
        Answer(BOMB, headers={"Content-Encoding": "gzip"}),
        Answer(gzip.compress(NEW)[:-20], headers={"Content-Type": "application/gzip"}),
        Answer(b"", 302, {"Location": "/makers.csv"}),
        Answer(b"", headers=CSV),
    ],
)
def test_a_fetch_that_fails_changes_nothing_of_the_landing_and_of_what_is_loaded(
    makers: Installation, server: ScriptedServer, answer: Answer
) -> None:
    server.script("/makers.csv", Answer(OLD, headers=CSV))
    fetch(makers)
    load(makers.run())
    before = landed(makers), rows(makers)
    server.script("/makers.csv", answer)

    with pytest.raises(FetchError) as raised:
        fetch(makers, "r2")
    outcome = load(makers.run("r2"))

    assert raised.value.source == "makers"
    assert raised.value.remedy
    assert outcome["sources"]["makers"]["status"] == "failed"
    assert (landed(makers), rows(makers)) == before


def test_what_has_not_changed_is_not_fetched_again(makers: Installation, server: ScriptedServer) -> None:
    server.script("/makers.csv", ranged(NEW))
    fetch(makers)
    before = landed(makers)

    outcome = fetch(makers, "r2")

    assert server.asked[-1].headers["if-none-match"] == '"one"'
    assert (outcome["status"], outcome["arrived"], len(outcome["files"])) == ("unchanged", 0, 1)
    assert landed(makers) == before


def test_the_same_bytes_from_a_server_without_validators_are_no_change(
    makers: Installation, server: ScriptedServer
) -> None:
    server.script("/makers.csv", Answer(NEW, headers=CSV))
    fetch(makers)
    before = landed(makers)

    assert fetch(makers, "r2")["status"] == "unchanged"
    assert landed(makers) == before


def test_a_full_fetch_asks_without_condition(makers: Installation, server: ScriptedServer) -> None:
    server.script("/makers.csv", ranged(NEW))
    fetch(makers)

    outcome = fetch(makers, "r2", full=True)

    assert "if-none-match" not in server.asked[-1].headers
    assert outcome["status"] == "unchanged"
    assert len(outcome["files"]) == 1


def test_pointers_that_are_lost_cost_no_second_download(makers: Installation, server: ScriptedServer) -> None:
    server.script("/makers.csv", ranged(NEW))
    fetch(makers)
    for name in ("current.json", "state.json"):
        (makers.run().home.landing / "makers" / name).unlink()

    outcome = fetch(makers, "r2")

    assert outcome["status"] == "unchanged"
    assert "if-none-match" in server.asked[-1].headers
    assert load(makers.run("r2"))["sources"]["makers"]["loaded"] == 500


def test_a_landed_file_that_is_gone_is_fetched_again(makers: Installation, server: ScriptedServer) -> None:
    server.script("/makers.csv", ranged(NEW))
    (file,) = fetch(makers)["files"]
    (makers.run().home.landing / "makers" / file["sha256"] / "makers.csv").unlink()

    fetch(makers, "r2")

    assert load(makers.run("r2"))["sources"]["makers"]["loaded"] == 500


def test_another_address_does_not_go_on_with_the_state_of_the_first(
    makers: Installation, server: ScriptedServer
) -> None:
    server.script("/makers.csv", ranged(NEW))
    fetch(makers)
    server.script("/other.csv", ranged(OLD))

    outcome = fetch(at(makers, server.url("/other.csv")), "r2")

    assert "if-none-match" not in server.asked[-1].headers
    assert [file["name"] for file in outcome["files"]] == ["other.csv"]


def test_of_several_files_those_that_changed_come_and_all_keep_their_order(
    installation: Installation, server: ScriptedServer
) -> None:
    urls = {"further_urls": [server.url("/b/makers.csv"), server.url("/c.csv")]}
    at(installation, server.url("/a/makers.csv"), connection=urls)
    server.script("/a/makers.csv", ranged(HEADING + b"A1,a,VN\n"))
    server.script("/b/makers.csv", ranged(HEADING + b"B1,b,VN\n"))
    server.script("/c.csv", ranged(HEADING + b"C1,c,VN\n"))
    assert [file["name"] for file in fetch(installation)["files"]] == ["makers.csv", "makers-2.csv", "c.csv"]
    server.script("/a/makers.csv", ranged(HEADING + b"A2,a,VN\n", '"two"'))

    outcome = fetch(installation, "r2")
    load(installation.run("r2"))

    assert [file["name"] for file in outcome["files"]] == ["makers.csv", "makers-2.csv", "c.csv"]
    assert outcome["arrived"] == 1
    assert [row[0] for row in rows(installation)] == ["erp:A2", "erp:B1", "erp:C1"]


def test_the_day_of_the_run_is_filled_into_the_address(installation: Installation, server: ScriptedServer) -> None:
    server.script("/2026/11/makers-2026-11-01.csv", Answer(NEW, headers=CSV))
    at(installation, server.url("/{year}/{month}/makers-{as_of}.csv"))

    assert fetch(installation)["files"][0]["name"] == "makers-2026-11-01.csv"


@pytest.mark.parametrize(
    "text",
    [
        f"{hashlib.sha256(NEW).hexdigest()}\n",
        f"{'0' * 64}  other.csv\n{hashlib.sha256(NEW).hexdigest()} *makers.csv\n",
        f"{hashlib.sha1(NEW).hexdigest().upper()}  makers.csv\n",  # noqa: S324 - as publishers do
        f"MD5 (makers.csv) = {hashlib.md5(NEW).hexdigest()}",  # noqa: S324 - as publishers do
    ],
)
def test_a_published_checksum_is_verified(installation: Installation, server: ScriptedServer, text: str) -> None:
    at(installation, server.url("/makers.csv"), connection={"checksum_url": server.url("/sums")})
    server.script("/sums", Answer(text.encode(), headers={"Content-Type": "text/plain"}))
    server.script("/makers.csv", Answer(NEW, headers=CSV))
    assert fetch(installation)["status"] == "landed"

    server.script("/makers.csv", Answer(OLD, headers=CSV))
    with pytest.raises(FetchError, match="is not what was published"):
        fetch(installation, "r2")


@pytest.mark.parametrize("text", ["", "no hash", f"{'0' * 64}\n{'1' * 64}\n", "0" * 63])
def test_a_text_without_the_checksum_is_told(installation: Installation, server: ScriptedServer, text: str) -> None:
    at(installation, server.url("/makers.csv"), connection={"checksum_url": server.url("/sums")})
    server.script("/sums", Answer(text.encode(), headers={"Content-Type": "text/plain"}))

    with pytest.raises(FetchError, match="holds no checksum"):
        fetch(installation)


def test_a_full_disk_is_told_and_changes_nothing(
    makers: Installation, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    server.script("/makers.csv", Answer(OLD, headers=CSV))
    fetch(makers)
    before = landed(makers)
    server.script("/makers.csv", Answer(NEW, headers=CSV))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        patch.setattr(Run, "write_outcome", lambda *_: None)
        with pytest.raises(FetchError, match="No space left on device"):
            fetch(makers, "r2")

    assert landed(makers) == before


# secrets and restricted sources


def test_a_secret_is_in_no_file_and_no_message(
    installation: Installation,
    server: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_MAKERS", CANARY)
    caplog.set_level("DEBUG")
    place = {"credential_parameter": "key"}
    at(installation, server.url("/makers.csv?key=old"), connection=place, credential="makers")
    echo = {"ETag": f'"{CANARY}"', **CSV}
    server.script("/makers.csv", Answer(NEW, headers=echo), Answer(b"", 302, {"Location": f"/gone?{CANARY}"}))

    fetch(installation)
    with pytest.raises(TierlineError) as raised:
        fetch(installation, "r2")

    assert f"key={CANARY}" in server.asked[0].target
    home = installation.run().home.root
    kept = b"".join(str(path).encode() + path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert CANARY not in str(raised.value) + repr(raised.value) + caplog.text
    assert CANARY.encode() not in kept
    assert b"makers.csv" in kept


def test_another_host_that_the_file_is_on_gets_no_secret(
    installation: Installation, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_MAKERS", CANARY)
    at(installation, server.url("/makers.csv"), connection={"credential_header": "X-Key"}, credential="makers")
    server.script("/makers.csv", Answer(b"", 302, {"Location": server.url("/signed.csv", OTHER_HOST)}))
    server.script("/signed.csv", Answer(NEW, headers=CSV))

    assert fetch(installation)["files"][0]["name"] == "makers.csv"

    assert [asked.headers.get("x-key") for asked in server.asked] == [CANARY, None]


def test_answers_from_a_server_land_in_the_restricted_store_alone(
    installation: Installation, server: ScriptedServer
) -> None:
    connection = {"kind": "http_file", "url": server.url("/answers.json")}
    installation.declare(SURVEY_SOURCE, None, connection=connection)
    body = b'{"results": [{"_uuid": "u1", "site": "S1", "_submission_time": "2026-08-03T10:00:00", "q": "CANARY5150"}]}'
    server.script("/answers.json", Answer(body))

    fetch(installation, name="answers")

    home = installation.run().home
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert all(home.restricted in path.parents for path in files if CANARY.encode() in path.read_bytes())
    assert {path.stat().st_mode & 0o077 for path in home.restricted.rglob("*")} == {0}
    assert load(installation.run())["sources"]["answers"]["read"] == 1


# configuration


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"connection": {"ulr": "x"}}, "unknown key 'ulr'; did you mean url"),
        ({"connection": {"kind": "http_fil"}}, "did you mean http_file"),
        ({"connection": {"url": "makers.csv"}}, "begins with https://"),
        ({"connection": {"url": "https://me:pass9word@publisher.example/"}}, "carries no name or password"),
        ({"connection": {"url": "https://publisher.example/{date}.csv"}}, "'{date}' is unknown"),
        ({"connection": {"credential_header": "A", "credential_parameter": "b"}}, "not both"),
        ({"connection": {"retries": 99}}, "retries"),
        ({"connection": {"credential_header": "A", "credential_required": True}}, "needs a credential"),
        ({"credential": "makers"}, "has no place for it"),
    ],
)
def test_a_wrong_connection_is_told_before_anything_is_asked(
    installation: Installation, server: ScriptedServer, options: dict[str, Any], told: str
) -> None:
    connection = {"kind": "http_file", "url": server.url("/makers.csv"), **options.pop("connection", {})}
    installation.declare(CSV_SOURCE, None, connection=connection, **options)

    with pytest.raises(ConfigError) as raised:
        fetch(installation)

    assert told in str(raised.value)
    assert "pass9word" not in str(raised.value)
    assert server.asked == []


def test_a_wrong_key_of_a_declared_connection_is_told_with_a_near_one() -> None:
    with pytest.raises(ConfigError, match="connection: unknown key 'ulr'; did you mean url"):
        parse_spec(CSV_SOURCE + "connection: {kind: http_file, url: 'https://a.example/', ulr: x}\n", "makers")


def test_a_declared_connection_is_used_and_single_keys_of_it_are_overridden(
    installation: Installation, server: ScriptedServer
) -> None:
    declared = CSV_SOURCE + "connection: {kind: http_file, url: 'https://publisher.example/makers.csv', retries: 0}\n"
    installation.declare(declared, None, connection={"url": server.url("/makers.csv")})
    server.script("/makers.csv", Answer(b"", 500))

    with pytest.raises(FetchError, match="1 times in a row"):
        fetch(installation)


def test_a_path_in_the_configuration_wins(installation: Installation, server: ScriptedServer, tmp_path: Path) -> None:
    installation.declare(CSV_SOURCE, "makers.csv", connection={"kind": "http_file", "url": server.url("/makers.csv")})
    installation.write("makers.csv", NEW)

    assert fetch(installation)["files"][0]["bytes"] == len(NEW)
    assert server.asked == []
