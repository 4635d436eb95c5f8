"""The client: whatever a server does, the bytes are those of the well-behaved one, or the error says what is wrong."""

import gzip
import threading
import tracemalloc
from collections.abc import Callable
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

import pytest

from ingest.connectors.clock import Clock
from ingest.connectors.content import Published
from ingest.connectors.http_client import Validators
from ingest.connectors.pacing import LONGEST_RETRY_AFTER_SECONDS, HostPacer, backoff_seconds, retry_after_seconds
from tests.unit.connectors.conftest import MakeClient
from tests.unit.connectors.scripted import Answer, FakeClock, Scripted, ScriptedServer, ranged
from tierline.errors import FetchError

CONTENT = b"".join(b"M%d,Maker %d\n" % (number, number) for number in range(20_000))
CSV = {"Content-Type": "text/csv"}
WHOLE = Answer(CONTENT, headers=CSV)
PAGE = b"<!DOCTYPE html><html><body>Try later</body></html>"


def packed(content: bytes, **changes: Any) -> Answer:
    return Answer(gzip.compress(content, mtime=0), headers={**CSV, "Content-Encoding": "gzip"}, **changes)


@pytest.mark.parametrize(
    "answers",
    [
        [WHOLE],
        [Answer(b"", 500), Answer(b"", 503), WHOLE],
        [Answer(b"", 429, {"Retry-After": "7"}), WHOLE],
        [Answer(CONTENT, headers=CSV, sent=0), WHOLE],
        [Answer(CONTENT, headers=CSV, sent=5000), WHOLE],
        [ranged(CONTENT, cut=5000), ranged(CONTENT)],
        [ranged(CONTENT, cut=5000), ranged(CONTENT, cut=9000), ranged(CONTENT, '"two"', cut=7000), ranged(CONTENT)],
        [ranged(CONTENT, cut=5000), WHOLE],
        [ranged(b"old" + CONTENT, '"old"', cut=5000), ranged(CONTENT, '"new"')],
        [ranged(CONTENT, cut=5000), Answer(b"", 416), WHOLE],
        [Answer(CONTENT, headers=CSV, is_chunked=True)],
        [Answer(CONTENT, headers=CSV, is_chunked=True, sent=5000), WHOLE],
        [Answer(CONTENT, headers={**CSV, "ETag": '"one"'}, is_chunked=True, sent=5000), ranged(CONTENT)],
        [Answer(CONTENT, headers=CSV, length=len(CONTENT) - 10), WHOLE],
        [Answer(CONTENT, headers=CSV, length=len(CONTENT) + 10), WHOLE],
        [packed(CONTENT)],
        [packed(CONTENT, sent=500), WHOLE],
        [packed(CONTENT, has_length=False, sent=500), packed(CONTENT)],
        [Answer(gzip.compress(CONTENT[:999]) + gzip.compress(CONTENT[999:]), headers={"Content-Encoding": "x-gzip"})],
        [Answer(b"", 302, {"Location": "/elsewhere"}), WHOLE],
        [Answer(b"x", 302, {"Location": "/elsewhere"}, length=10**12), WHOLE],
    ],
)
def test_the_bytes_are_those_of_the_well_behaved_server(
    server: ScriptedServer, client: MakeClient, target: Path, answers: list[Scripted]
) -> None:
    server.script("/elsewhere", WHOLE)

    got = client().download(server.script("/file", *answers), target, wanted="table")

    assert target.read_bytes() == CONTENT
    assert (got.size, got.sha256) == (len(CONTENT), sha256(CONTENT).hexdigest())


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(b"", 500), "the server answered 500 (6 times in a row)"),
        (Answer(b"", 404), "refused with status 404"),
        (Answer(b"", 401), "refused with status 401"),
        (Answer(b"", 304), "refused with status 304"),
        (Answer(CONTENT, 206), "refused with status 206"),
        (Answer(CONTENT, headers=CSV, sent=5000), "broke off after 5,000"),
        (Answer(CONTENT, headers=CSV, length=len(CONTENT) - 10), "more comes than"),
        (Answer(CONTENT, headers={"Content-Type": "image/png"}), "content type is 'image/png'"),
        (Answer(PAGE, headers={"Content-Type": "text/html; charset=utf-8"}), "content type is 'text/html"),
        (Answer(PAGE, headers=CSV), "begins like something else"),
        (Answer(b"\xef\xbb\xbf\n <?xml version='1.0'?><Error/>", headers=CSV), "begins like something else"),
        (Answer(b'{"error": 1}', headers={"Content-Type": "application/json"}), "content type is 'application/json'"),
        (
            Answer(gzip.compress(bytes(80 * 2**20), compresslevel=1), headers={"Content-Encoding": "gzip"}),
            "unpacks to more than",
        ),
        (Answer(CONTENT, headers={"Content-Encoding": "br"}), "packed as 'br'"),
        (Answer(b"\x1f\x8bgarbage garbage", headers={"Content-Encoding": "gzip"}), "packed and damaged"),
        (packed(CONTENT, has_length=False, sent=500), "packed and does not end"),
        (Answer(b"", 302, {"Location": "/file"}), "redirects more than 5 times"),
        (Answer(b"", 302, {"Location": "ftp://127.0.0.1/file"}), "no address that can be asked"),
        (Answer(b"", 302, {"Location": "http://[broken/file"}), "no address that can be asked"),
        (Answer(b"", 302, {"Location": "http://127.0.0.1:notaport/file"}), "no address that can be asked"),
    ],
)
def test_a_server_that_goes_on_misbehaving_is_told_with_a_remedy(
    server: ScriptedServer, client: MakeClient, target: Path, answer: Answer, told: str
) -> None:
    with pytest.raises(FetchError) as raised:
        client().download(server.script("/file", answer), target, wanted="table")

    assert told in str(raised.value)
    assert "127.0.0.1" in str(raised.value)


def test_a_server_that_is_not_there_is_told(client: MakeClient, target: Path) -> None:
    with pytest.raises(FetchError, match="no connection to the server"):
        client().download("http://127.0.0.1:9/file", target)


def test_a_cut_body_goes_on_where_it_broke_off_and_only_the_rest_is_asked_for(
    server: ScriptedServer, client: MakeClient, target: Path
) -> None:
    client().download(server.script("/file", ranged(CONTENT, cut=5000), ranged(CONTENT)), target)

    first, second = server.asked
    assert "range" not in first.headers
    assert (second.headers["range"], second.headers["if-range"]) == ("bytes=5000-", '"one"')


@pytest.mark.parametrize(
    ("headers", "is_resumed"),
    [
        ({}, False),
        ({"ETag": 'W/"weak"'}, False),
        ({"Last-Modified": "Sun, 01 Nov 2026 10:00:00 GMT"}, False),
        ({"Last-Modified": "Sun, 01 Nov 2026 10:00:00 GMT", "Date": "Sun, 01 Nov 2026 10:00:00 GMT"}, False),
        ({"Last-Modified": "Sun, 01 Nov 2026 10:00:00 GMT", "Date": "Sun, 01 Nov 2026 10:00:05 GMT"}, True),
    ],
)
def test_a_body_goes_on_only_where_its_version_is_certain(
    server: ScriptedServer, client: MakeClient, target: Path, headers: dict[str, str], is_resumed: bool
) -> None:
    client().download(server.script("/file", Answer(CONTENT, headers=headers, sent=5000), WHOLE), target)

    assert ("range" in server.asked[1].headers) is is_resumed


def test_a_part_of_another_version_is_not_taken(server: ScriptedServer, client: MakeClient, target: Path) -> None:
    def another_version(asked: Any) -> Answer:
        headers = {"ETag": '"two"', "Content-Range": f"bytes 5000-{len(CONTENT) - 1}/{len(CONTENT)}"}
        return Answer(b"x" * (len(CONTENT) - 5000), 206, headers)

    client().download(server.script("/file", ranged(CONTENT, cut=5000), another_version, ranged(CONTENT)), target)

    assert target.read_bytes() == CONTENT


def test_a_resumed_body_with_a_wrong_checksum_is_fetched_anew(
    server: ScriptedServer, client: MakeClient, target: Path
) -> None:
    published = Published(algorithm="sha1", checksum=sha1(CONTENT, usedforsecurity=False).hexdigest())
    lying = ranged(b"x" * len(CONTENT), cut=5000)

    client().download(server.script("/file", lying, ranged(CONTENT), WHOLE), target, published=published)

    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize(
    "published",
    [Published(size=3), Published(algorithm="sha256", checksum="0" * 64), Published(algorithm="md5", checksum="0")],
)
def test_a_file_that_is_not_the_published_one_is_refused(
    server: ScriptedServer, client: MakeClient, target: Path, published: Published
) -> None:
    with pytest.raises(FetchError, match="is not what was published"):
        client().download(server.script("/file", WHOLE), target, published=published)

    assert len(server.asked) == 1


def test_as_long_as_more_comes_a_transfer_is_not_given_up(
    server: ScriptedServer, client: MakeClient, target: Path
) -> None:
    cuts = [ranged(CONTENT, cut=1000), *(part_until(cut) for cut in range(2000, 12_000, 1000))]

    client(retries=1).download(server.script("/file", *cuts, ranged(CONTENT)), target)

    assert target.read_bytes() == CONTENT


def part_until(end: int) -> Callable[[Any], Answer]:
    def answer(asked: Any) -> Answer:
        start = int(asked.headers["range"].removeprefix("bytes=").removesuffix("-"))
        headers = {"ETag": '"one"', "Content-Range": f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"}
        return Answer(CONTENT[start:], 206, headers, sent=end - start)

    return answer


def test_what_has_not_changed_does_not_come_again(server: ScriptedServer, client: MakeClient, target: Path) -> None:
    url = server.script("/file", ranged(CONTENT))
    first = client().download(url, target)

    second = client().download(url, target, validators=Validators(etag=first.headers["etag"]))

    assert (first.not_modified, second.not_modified) == (False, True)


def test_a_body_that_drips_is_given_up(server: ScriptedServer, client: MakeClient, target: Path) -> None:
    url = server.script("/file", Answer(CONTENT, headers=CSV))

    with pytest.raises(FetchError, match="did not come within 60 seconds"):
        client(fake=FakeClock(tick=25), total_timeout_seconds=60).download(url, target)


@pytest.mark.parametrize("is_chunked", [False, True])
def test_more_bytes_than_allowed_are_not_taken(
    server: ScriptedServer, client: MakeClient, target: Path, is_chunked: bool
) -> None:
    url = server.script("/file", Answer(CONTENT, headers=CSV, is_chunked=is_chunked))

    with pytest.raises(FetchError, match="more than 1,000"):
        client(max_bytes=1000).download(url, target)


def test_a_large_body_does_not_fill_the_memory(server: ScriptedServer, client: MakeClient, target: Path) -> None:
    body = bytes(48 * 2**20)
    url = server.script("/file", Answer(body))
    tracemalloc.start()

    client().download(url, target)

    assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    tracemalloc.stop()


# pace


def test_failures_are_followed_by_longer_and_longer_waits(
    server: ScriptedServer, client: MakeClient, clock: FakeClock, target: Path
) -> None:
    client().download(server.script("/file", *[Answer(b"", 500)] * 4, WHOLE), target)

    waits = [seconds for seconds in clock.slept if seconds > 0.1]
    for number, seconds in enumerate(waits):
        assert 2**number / 2 <= seconds <= 2**number + 0.02
    assert len(waits) == 4


def test_the_same_seed_gives_the_same_waits_and_no_wait_is_longer_than_a_minute() -> None:
    import random

    waits = [[backoff_seconds(number, random.Random(seed)) for number in range(1, 20)] for seed in (1, 1, 2)]
    assert waits[0] == waits[1] != waits[2]
    assert max(waits[0]) <= 60


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "99999"}, LONGEST_RETRY_AFTER_SECONDS),
        ({"Retry-After": "Sun, 01 Nov 2026 10:00:09 GMT", "Date": "Sun, 01 Nov 2026 10:00:00 GMT"}, 9),
        ({"Retry-After": "Sun, 01 Nov 2020 10:00:09 GMT", "Date": "Sun, 01 Nov 2026 10:00:00 GMT"}, 0),
        ({"Retry-After": "Sun, 01 Nov 2026 10:00:09 GMT"}, None),
        ({"Retry-After": "Sun, 01 Nov 2026 10:00:09 -0000", "Date": "Sun, 01 Nov 2026 10:00:00 GMT"}, 9),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers) == seconds


def test_what_a_server_asks_to_wait_is_waited(
    server: ScriptedServer, client: MakeClient, clock: FakeClock, target: Path
) -> None:
    client().download(server.script("/file", Answer(b"", 429, {"Retry-After": "130"}), WHOLE), target)

    assert clock.now == pytest.approx(130, abs=0.1)


def test_a_wait_that_is_too_long_ends_the_fetch_at_once(
    server: ScriptedServer, client: MakeClient, clock: FakeClock, target: Path
) -> None:
    url = server.script("/file", Answer(b"", 429, {"Retry-After": "130"}))

    with pytest.raises(FetchError, match="asked for again only in 130 seconds"):
        client(total_timeout_seconds=60).download(url, target)

    assert clock.now < 1


def test_one_host_gets_no_more_requests_a_minute_than_declared_from_all_clients_together(
    server: ScriptedServer, client: MakeClient, clock: FakeClock, target: Path
) -> None:
    pacer = HostPacer()
    url = server.script("/file", WHOLE)
    for _ in range(3):
        client(pacer=pacer, requests_per_minute=6).download(url, target)
        client(pacer=pacer, requests_per_minute=6).download(url, target)

    assert clock.now == pytest.approx(50)


def test_threads_share_the_pace_of_a_host() -> None:
    pacer, frozen = HostPacer(), Clock(lambda: 0.0, lambda _: None)
    waits: list[float] = []
    threads = [threading.Thread(target=lambda: waits.append(pacer.reserve("h", 2.0, frozen))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(waits) == [2.0 * number for number in range(20)]


# JSON


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": [1, 2]}', {"a": [1, 2]}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
        (b'{"a": ' + b"9" * 5000 + b"}", {"a": "9" * 5000}),
        (b'{"a": 1e9999}', {"a": float("inf")}),
    ],
)
def test_json_is_read_and_its_bytes_are_kept(
    server: ScriptedServer, client: MakeClient, body: bytes, value: Any
) -> None:
    page = client().get_json(server.script("/page", Answer(body)), {"a b": "c&d"})

    assert page.body == value
    assert page.raw_path.read_bytes() == body
    assert page.url.endswith("/page?a%20b=c%26d")


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"not json", b'{"a": 1}{'])
def test_what_is_not_json_is_told(server: ScriptedServer, client: MakeClient, body: bytes) -> None:
    with pytest.raises(FetchError, match="not JSON"):
        client().get_json(server.script("/page", Answer(body)))


def test_a_page_of_html_in_place_of_json_is_told(server: ScriptedServer, client: MakeClient) -> None:
    with pytest.raises(FetchError, match="something other than JSON"):
        client().get_json(server.script("/page", Answer(PAGE)))
