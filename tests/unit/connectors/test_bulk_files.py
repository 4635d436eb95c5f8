"""OpenSanctions, GLEIF and SAM.gov: the index is read, the wanted file verified, and the version landed once."""

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest

from ingest.landing import landing_of
from ingest.spec import load_spec
from ingest.steps import fetch_source, load
from tests.unit.connectors.scripted import OTHER_HOST, Answer, FakeClock, ScriptedServer, ranged
from tests.unit.ingest.conftest import CSV_SOURCE, Installation
from tierline.errors import FetchError

CSV = b"id,name,country\nM1,Ada,VN\nM2,Bo,VN\n"
INDEX = "/datasets/latest/default/index.json"
FILE = "/artifacts/default/20261101/targets.simple.csv"
PUBLISH = "/api/v2/golden-copies/publishes/latest"
COPY = "/storage/20261101-0000-gleif-goldencopy-lei2-golden-copy.csv.zip"
EXTRACTS = "/data-services/v1/extracts"
STORED = "/bucket/extract"


def zipped(*names: str, content: bytes = CSV) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def declare(installation: Installation, **connection: Any) -> Installation:
    credential = connection.pop("credential", None)
    keys = {"requests_per_minute": 6000, **connection}
    installation.declare(CSV_SOURCE, None, connection=keys, credential=credential)
    return installation


def fetch(installation: Installation, run_id: str = "r1", **options: Any) -> dict[str, Any]:
    return fetch_source(installation.run(run_id), "makers", clock=FakeClock().clock, **options)


def present(installation: Installation) -> Any:
    run = installation.run()
    (file,) = landing_of(run.home, "makers", load_spec("makers", run.project / "ingest" / "sources")).present_files()
    return file


# OpenSanctions


def index(server: ScriptedServer, content: bytes = CSV, version: str = "20261101120000-abc", **changes: Any) -> Answer:
    resource = {
        "name": "targets.simple.csv",
        "url": server.url(FILE),
        "checksum": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "size": len(content),
        **changes,
    }
    other = {"name": "names.txt", "url": server.url("/other"), "checksum": "0" * 40, "size": 1}
    described = {"version": version, "updated_at": "2026-11-01T12:00:00", "target_count": 2, "entity_count": 9}
    return Answer(json.dumps({**described, "resources": [other, resource]}).encode())


@pytest.fixture
def sanctions(installation: Installation, server: ScriptedServer) -> Installation:
    server.script(INDEX, index(server))
    server.script(FILE, Answer(CSV, headers={"Content-Type": "text/csv"}))
    return declare(installation, kind="opensanctions_bulk", url=server.url("/datasets/latest"))


def test_a_data_set_lands_with_its_version_and_the_number_of_its_targets(sanctions: Installation) -> None:
    outcome = fetch(sanctions)

    (file,) = outcome["files"]
    assert (file["name"], file["announced_total"]) == ("targets.simple.csv", 2)
    assert present(sanctions).position == {"version": "20261101120000-abc", "updated_at": "2026-11-01T12:00:00"}
    assert load(sanctions.run())["sources"]["makers"]["loaded"] == 2


def test_a_version_that_is_here_is_not_downloaded_again(sanctions: Installation, server: ScriptedServer) -> None:
    fetch(sanctions)
    server.asked.clear()

    assert fetch(sanctions, "r2")["status"] == "unchanged"
    assert [asked.path for asked in server.asked] == [INDEX]

    fetch(sanctions, "r3", full=True)
    assert [asked.path for asked in server.asked] == [INDEX, INDEX, FILE]


def test_a_new_version_is_downloaded(sanctions: Installation, server: ScriptedServer) -> None:
    fetch(sanctions)
    more = CSV + b"M3,Cy,VN\n"
    server.script(INDEX, index(server, more, "20261102"))
    server.script(FILE, Answer(more))

    assert fetch(sanctions, "r2")["status"] == "landed"
    assert present(sanctions).position["version"] == "20261102"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"[]", "is no index"),
        (b'{"version": "1", "resources": []}', "lists no targets.simple.csv"),
        (b'{"version": "1", "result": "failure", "resources": []}', "the publisher's last run failed"),
        (b'{"resources": [{"name": "targets.simple.csv", "url": "x"}]}', "does not say address, size and checksum"),
        (b'{"resources": {"name": "targets.simple.csv"}}', "lists no"),
    ],
)
def test_an_index_without_the_file_is_told(
    sanctions: Installation, server: ScriptedServer, answer: bytes, told: str
) -> None:
    fetch(sanctions)
    before = present(sanctions)
    server.script(INDEX, Answer(answer))

    with pytest.raises(FetchError, match=told):
        fetch(sanctions, "r2")

    assert present(sanctions) == before


@pytest.mark.parametrize("changes", [{"checksum": "0" * 40}, {"size": 5}])
def test_a_file_other_than_the_published_one_is_refused(
    sanctions: Installation, server: ScriptedServer, changes: dict[str, Any]
) -> None:
    fetch(sanctions)
    before = present(sanctions)
    server.script(INDEX, index(server, version="next", **changes))

    with pytest.raises(FetchError, match="is not what was published"):
        fetch(sanctions, "r2")

    assert present(sanctions) == before


# GLEIF


def publish(server: ScriptedServer, content: bytes, day: str = "2026-11-01T00:00:00Z", **changes: Any) -> bytes:
    described = {"url": server.url(COPY), "size": len(content), "record_count": 2, "type": "csv", **changes}
    return json.dumps({"data": {"publish_date": day, "lei2": {"full_file": {"csv": described}}}}).encode()


@pytest.fixture
def entities(installation: Installation, server: ScriptedServer) -> Installation:
    content = zipped("lei2.csv")
    server.script(PUBLISH, Answer(publish(server, content)))
    server.script(COPY, Answer(content, headers={"Content-Type": "application/zip"}))
    return declare(installation, kind="gleif_file", url=server.url(PUBLISH), copy_of="lei2")


def test_a_golden_copy_lands_with_its_day_and_the_number_of_its_records(
    entities: Installation, server: ScriptedServer
) -> None:
    (file,) = fetch(entities)["files"]

    assert (file["name"], file["announced_total"]) == (COPY.rpartition("/")[2], 2)
    assert present(entities).position == {"publish_date": "2026-11-01T00:00:00Z"}
    assert load(entities.run())["sources"]["makers"]["loaded"] == 2
    server.asked.clear()
    assert fetch(entities, "r2")["status"] == "unchanged"
    assert [asked.path for asked in server.asked] == [PUBLISH]


def test_a_list_of_publishes_gives_its_first(entities: Installation, server: ScriptedServer) -> None:
    content = zipped("lei2.csv")
    one = json.loads(publish(server, content))["data"]
    server.script(PUBLISH, Answer(json.dumps({"data": [one, {}]}).encode()))

    assert fetch(entities)["status"] == "landed"


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"data": []}', b'{"data": {"lei2": null}}', b'{"data": "x"}'])
def test_a_publish_of_another_shape_is_told(entities: Installation, server: ScriptedServer, body: bytes) -> None:
    server.script(PUBLISH, Answer(body))

    with pytest.raises(FetchError, match="does not describe a publish"):
        fetch(entities)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(b"<html>"), "something other than a zip archive"),
        (Answer(CSV), "something other than a zip archive"),
        (Answer(zipped("lei2.csv")[:-30]), "is not what was published"),
    ],
)
def test_a_golden_copy_that_is_broken_changes_nothing(
    entities: Installation, server: ScriptedServer, answer: Answer, told: str
) -> None:
    fetch(entities)
    before = present(entities)
    server.script(PUBLISH, Answer(publish(server, zipped("lei2.csv"), "2026-11-02")))
    server.script(COPY, answer)

    with pytest.raises(FetchError, match=told):
        fetch(entities, "r2")

    assert present(entities) == before


# SAM.gov


@pytest.fixture
def exclusions(installation: Installation, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_SAM", "CANARY5150")
    server.script(EXTRACTS, Answer(b"", 302, {"Location": server.url(STORED + "?signature=x", OTHER_HOST)}))
    server.script(STORED, ranged(zipped("SAM_Exclusions_Public_Extract_V2_26305.CSV")))
    return declare(installation, kind="sam_exclusions", url=server.url(EXTRACTS), credential="sam")


def test_the_newest_extract_lands_under_the_name_of_its_day(exclusions: Installation, server: ScriptedServer) -> None:
    (file,) = fetch(exclusions)["files"]

    first, second = server.asked
    assert first.target == EXTRACTS + "?fileType=EXCLUSION&sensitivity=PUBLIC&api_key=CANARY5150"
    assert "CANARY" not in second.target + str(second.headers)
    assert file["name"] == "SAM_Exclusions_Public_Extract_V2_26305.zip"
    assert present(exclusions).position == {"extract": "SAM_Exclusions_Public_Extract_V2_26305"}
    assert present(exclusions).url == server.url(EXTRACTS) + "?fileType=EXCLUSION&sensitivity=PUBLIC"
    assert load(exclusions.run())["sources"]["makers"]["loaded"] == 2
    assert fetch(exclusions, "r2")["status"] == "unchanged"
    assert server.asked[-1].headers["if-none-match"] == '"one"'


@pytest.mark.parametrize("names", [(), ("a.csv", "b.csv"), ("readme.txt",)])
def test_an_extract_without_exactly_one_csv_is_told(
    exclusions: Installation, server: ScriptedServer, names: tuple[str, ...]
) -> None:
    server.script(STORED, Answer(zipped(*names)))

    with pytest.raises(FetchError, match="where one is wanted"):
        fetch(exclusions)


def test_an_answer_in_json_is_no_extract(exclusions: Installation, server: ScriptedServer) -> None:
    server.script(EXTRACTS, Answer(b'{"message": "x"}', headers={"Content-Type": "application/json"}))

    with pytest.raises(FetchError, match="something other than a zip archive"):
        fetch(exclusions)


def test_without_a_key_nothing_is_asked(exclusions: Installation, server: ScriptedServer) -> None:
    declare(exclusions, kind="sam_exclusions", url=server.url(EXTRACTS))

    with pytest.raises(Exception, match="needs a credential"):
        fetch(exclusions)

    assert server.asked == []
