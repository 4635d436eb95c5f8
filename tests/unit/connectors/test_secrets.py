"""Secrets: where they are read, to whom they are sent, and that they are in nothing that is told or kept."""

import datetime
import ipaddress
import logging
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ingest.connectors.credentials import Secret, secret_named
from tests.unit.connectors.conftest import MakeClient
from tests.unit.connectors.scripted import OTHER_HOST, Answer, ScriptedServer
from tierline.errors import FetchError

CANARY = "CANARY/5150+secret=="
SECRET = Secret("kobo", CANARY)
BODY = Answer(b"id\n1\n", headers={"Content-Type": "text/csv"})
HEADER = {"credential_header": "Authorization", "credential_prefix": "Token"}
PARAMETER = {"credential_parameter": "api_key"}


def test_the_header_carries_the_secret(server: ScriptedServer, client: MakeClient, target: Path) -> None:
    client(secret=SECRET, **HEADER).download(server.script("/file", BODY), target)

    assert server.asked[0].headers["authorization"] == f"Token {CANARY}"


def test_the_parameter_carries_the_secret_once_and_what_is_kept_has_it_not(
    server: ScriptedServer, client: MakeClient, target: Path
) -> None:
    url = server.script("/file", BODY) + "?api_key=old&page=a%20b"

    got = client(secret=SECRET, **PARAMETER).download(url, target)

    assert server.asked[0].target == "/file?page=a%20b&api_key=CANARY%2F5150%2Bsecret%3D%3D"
    assert got.url == server.url("/file?page=a%20b")


@pytest.mark.parametrize("place", [HEADER, PARAMETER])
def test_another_host_gets_no_secret(
    server: ScriptedServer, client: MakeClient, target: Path, place: dict[str, str]
) -> None:
    server.script("/file", Answer(b"", 302, {"Location": server.url("/other", OTHER_HOST)}))
    server.script("/other", Answer(b"", 302, {"Location": server.url("/back")}))
    server.script("/back", BODY)

    client(secret=SECRET, **place).download(server.url("/file"), target)

    own, other, back = server.asked
    assert "CANARY" in own.target + own.headers.get("authorization", "")
    assert "CANARY" not in other.target + str(other.headers)
    assert "CANARY" in back.target + back.headers.get("authorization", "")


def test_a_next_address_on_another_host_gets_no_secret(server: ScriptedServer, client: MakeClient) -> None:
    server.script("/page", Answer(b"{}"))

    client(secret=SECRET, **HEADER).get_json(server.url("/page", OTHER_HOST))

    assert "authorization" not in server.asked[0].headers


def test_nobody_gets_a_secret_unencrypted(
    server: ScriptedServer, client: MakeClient, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url(""))

    with pytest.raises(FetchError, match="unencrypted"):
        client(secret=SECRET, url="http://publisher.example/", **HEADER).download("http://publisher.example/a", target)

    assert server.asked == []


@pytest.mark.parametrize("place", [HEADER, PARAMETER])
@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"", 500),
        Answer(b"", 403),
        Answer(b"x", sent=0, length=9),
        Answer(b"", 302, {"Location": f"/file?echo={CANARY}"}),
        Answer(b"", 302, {"Location": f"ftp://{CANARY}@x/"}),
        Answer(b"<html>", headers={"Content-Type": f"text/html; {CANARY}"}),
    ],
)
def test_no_error_and_no_log_has_the_secret(
    server: ScriptedServer,
    client: MakeClient,
    target: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    place: dict[str, str],
) -> None:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_KOBO", CANARY)
    caplog.set_level(logging.DEBUG)

    with pytest.raises(FetchError) as raised:
        client(secret=secret_named("kobo"), **place).download(server.script("/file", answer), target, wanted="table")

    told = [str(raised.value), *[str(error) for error in causes(raised.value)], caplog.text]
    assert any("/file" in text for text in told)
    assert "CANARY" not in "".join(told)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Every error that a trace of this one would show."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_what_the_server_says_back_is_kept_without_the_secret(
    server: ScriptedServer, client: MakeClient, target: Path
) -> None:
    url = server.script("/file", Answer(b"x", headers={"ETag": f'"{CANARY}"'}))

    got = client(secret=SECRET, **PARAMETER).download(url + f"?echo={CANARY}", target)

    assert got.headers["etag"] == '"***"'
    assert "CANARY" not in str(got)
    assert "CANARY" not in repr(SECRET)


def test_a_password_of_the_account_is_not_sent(
    server: ScriptedServer, client: MakeClient, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password CANARY\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    client().download(server.script("/file", BODY), target)

    assert "authorization" not in server.asked[0].headers


def test_the_proxy_of_the_environment_is_used(
    server: ScriptedServer, client: MakeClient, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url(""))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.script("http://publisher.example/file", BODY)

    client().download("http://publisher.example/file", target)

    assert server.asked[0].target == "http://publisher.example/file"


# where they are read


def test_a_secret_comes_from_the_environment() -> None:
    assert secret_named("sam-gov", {"TIERLINE_CREDENTIAL_SAM_GOV": " key \n"}).value == "key"


@pytest.mark.parametrize("environment", [{}, {"TIERLINE_CREDENTIAL_KOBO": " "}])
def test_a_secret_that_is_not_set_is_told_by_its_variable(environment: dict[str, str]) -> None:
    with pytest.raises(FetchError, match="is not set") as raised:
        secret_named("kobo", environment)

    assert "TIERLINE_CREDENTIAL_KOBO" in str(raised.value)


def test_a_secret_with_a_line_break_is_refused_without_telling_it() -> None:
    with pytest.raises(FetchError) as raised:
        secret_named("kobo", {"TIERLINE_CREDENTIAL_KOBO": "CANARY\nX-Header: 1"})

    assert "CANARY" not in str(raised.value)


def test_inside_a_task_airflow_is_asked_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    sdk = pytest.importorskip("airflow.sdk", reason="Airflow is not installed")
    asked: list[str] = []

    def get_connection(name: str) -> SimpleNamespace:
        asked.append(name)
        return SimpleNamespace(password="from airflow")

    monkeypatch.setattr(sdk.BaseHook, "get_connection", get_connection)
    task = {"AIRFLOW_CTX_DAG_ID": "tierline_pipeline"}

    assert secret_named("kobo", task).value == "from airflow"
    assert secret_named("kobo", {**task, "TIERLINE_CREDENTIAL_KOBO": "own"}).value == "own"
    with pytest.raises(FetchError, match="not set"):
        secret_named("kobo", {})
    assert asked == ["kobo"]


# encryption


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    day = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), day, day.replace(year=2100))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def encrypted(certificate: Path, server: ScriptedServer) -> Iterator[str]:
    """The address of an encrypted server that leads to one that is not."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(302)
            self.send_header("Location", server.url("/file"))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Says nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.handle_error = lambda *_: None  # type: ignore[method-assign]  # a cut line is expected, its traceback is noise
    web.socket = context.wrap_socket(web.socket, server_side=True)
    threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"https://127.0.0.1:{web.server_address[1]}/"
    web.shutdown()
    web.server_close()


def test_a_certificate_that_nobody_vouches_for_is_refused(encrypted: str, client: MakeClient, target: Path) -> None:
    with pytest.raises(FetchError, match="certificate of https://127"):
        client().download(encrypted, target)


def test_an_encrypted_way_is_not_left(
    encrypted: str,
    client: MakeClient,
    server: ScriptedServer,
    target: Path,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    server.script("/file", BODY)

    with pytest.raises(FetchError, match="not encrypted"):
        client().download(encrypted, target)

    assert server.asked == []
