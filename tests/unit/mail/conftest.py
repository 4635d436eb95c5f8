"""A published and reported run after an earlier one, and mail servers on loopback that do as they are told."""

import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from serving.steps import publish
from tests.unit.serving.world import Rows, make_rows, make_run, write_warehouse
from tierline.mail_settings import MailSettings
from tierline.run import Run

MailOf = Callable[..., MailSettings]
PASSWORD = "a password that nobody may read"


@dataclass
class Postbox:
    """A mail server: what it took, and what it answers; `answers` are used up first."""

    answers: list[str] = field(default_factory=list)
    messages: list[EmailMessage] = field(default_factory=list)
    tries: int = 0
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd
        self.tries += 1
        if self.answers:
            return self.answers.pop(0)
        message = message_from_bytes(bytes(envelope.content or b""), policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 taken"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd
        self, server: Any, session: Any, envelope: Envelope, address: str, _: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@dataclass(frozen=True)
class Certificate:
    """A certificate of `localhost`, signed by itself."""

    certificate: Path
    key: Path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("certificate")
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(made.key), "-out", str(made.certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


@contextmanager
def _serving(box: Postbox, controller: Controller) -> Iterator[Postbox]:
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()


class _AnyPort(Controller):
    """Listens on a free port."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def relay() -> Iterator[Postbox]:
    """A relay on this machine without encryption."""
    box = Postbox()
    with _serving(box, _AnyPort(box, hostname="127.0.0.1", port=0)):
        yield box


@pytest.fixture
def plain_server() -> Iterator[Postbox]:
    """A relay of one test."""
    with relay() as box:
        yield box


@pytest.fixture
def starttls_server(certificate: Certificate) -> Iterator[Postbox]:
    """A server that wants STARTTLS and then a password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate, certificate.key)
    box = Postbox()

    def authenticated(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=is_right, handled=False)

    controller = _AnyPort(
        box, hostname="127.0.0.1", port=0, server_hostname="localhost", tls_context=context, require_starttls=True,
        authenticator=authenticated, auth_required=True,
    )  # fmt: skip
    with _serving(box, controller):
        yield box


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root where run 'earlier' is published and then 'good', in which a supplier is Critical; files of a report."""
    root = tmp_path_factory.mktemp("mailed")
    rows = make_rows()
    earlier = make_run(root, "earlier")
    write_warehouse(earlier, rows)
    publish(earlier)
    good = make_run(root, "good", title="Risk <b>report</b>")
    _make_critical(rows)
    write_warehouse(good, rows)
    publish(good)
    folder = good.home.reports / "good"
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<!DOCTYPE html><title>the report</title>", encoding="utf-8")
    (folder / "report.pdf").write_bytes(b"%PDF-1.7 the report")
    return root


def _make_critical(rows: Rows) -> None:
    row = next(row for row in rows.tables["scores.supplier_score"] if row["band"] not in {"Critical", "Unknown"})
    row["band"] = "Critical"


@pytest.fixture
def run_of(prepared: Path, tmp_path: Path) -> Callable[[MailSettings | None], Run]:
    """Gives the run 'good' in a home of its own, with mail as told."""
    shutil.copytree(prepared, tmp_path, symlinks=True, dirs_exist_ok=True)

    def made(mail: MailSettings | None) -> Run:
        run = make_run(tmp_path, "good")
        return Run(run.run_id, run.as_of, run.settings.model_copy(update={"mail": mail, "base": tmp_path}))

    return made


def mail_to(box: Postbox, **more: Any) -> MailSettings:
    """Settings that lead to a relay on this machine."""
    values = {"host": "127.0.0.1", "port": box.port, "security": "none", "sender": "risk@example.org",
              "to": ("lead@example.org",), "timeout_seconds": 20, **more}  # fmt: skip
    return MailSettings.model_validate(values)
