"""Nothing can be written over HTTP: the home is the same bytes after a barrage of every method on every path."""

import hashlib
import itertools
import re
from pathlib import Path

import duckdb
import pytest
from fastapi.testclient import TestClient

from serving.lookup.app import create_app
from serving.lookup.current import CurrentPublication
from serving.lookup.settings import LookupSettings
from tests.unit.lookup.conftest import AMBER, AT_ONCE, NAMES, PERSON
from tierline.run import Run

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "MKCOL")
FORM = "application/x-www-form-urlencoded"
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="../../x.csv"\r\n\r\nname\namber\n\r\n--b--\r\n'
BODIES = (
    (b"", "text/plain"),
    (b'{"queries": {"q0": {"query": "amber"}}, "path": "../../x"}', "application/json"),
    (b"token=x&queries=%7B%22q0%22%3A%7B%22query%22%3A%22amber%22%7D%7D&file_name=../../x", FORM),
    (FILE, "multipart/form-data; boundary=b"),
)


def state(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
    }


def test_no_request_changes_the_home(run: Run, client: TestClient) -> None:
    app = create_app(LookupSettings(run.home.published, requests_a_minute=AT_ONCE))
    paths = {getattr(route, "path", "/") for route in app.routes}
    paths |= set(app.openapi()["paths"]) | {"/none", "/suppliers/../x", f"/suppliers/{PERSON}", f"/?q={NAMES[0]}"}
    before = state(run.home.root)

    statuses = set()
    for path, method in itertools.product(sorted(paths), METHODS):
        asked = re.sub(r"\{[^}]*id[^}]*\}", AMBER, path)
        for body, kind in BODIES if method == "POST" else BODIES[1:2]:
            answer = client.request(method, asked, content=body, headers={"content-type": kind})
            statuses.add(answer.status_code)

    assert state(run.home.root) == before
    assert 500 not in statuses
    assert {200, 404, 405, 422} <= statuses


def test_the_database_is_open_for_reading_alone(run: Run) -> None:
    current = CurrentPublication(run.home.published)
    with current.reading() as reading, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        reading.connection.execute("DELETE FROM dim_supplier")
    current.close()
