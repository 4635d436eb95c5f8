"""The report by mail: who gets it, what it says, and what happens where a server does not take it."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from serving.mail import SendOutcome, SendRequest, send_report
from serving.mail.record import sent_ledger
from tests.unit.mail.conftest import PASSWORD, Certificate, Postbox, mail_to
from tierline.errors import ConfigError, MailError
from tierline.mail_settings import MailSettings
from tierline.publications import publications_ledger
from tierline.run import Run

RunOf = Callable[[MailSettings | None], Run]
MOMENT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def send(run: Run, request: SendRequest | None = None, waited: list[float] | None = None) -> SendOutcome:
    pause = (waited if waited is not None else []).append
    return send_report(run, request or SendRequest(), moment=MOMENT, pause=pause)


def text_of(box: Postbox, kind: str = "plain") -> str:
    part = box.messages[-1].get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_message_says_what_changed_and_why_and_carries_the_report(run_of: RunOf, plain_server: Postbox) -> None:
    outcome = send(run_of(mail_to(plain_server)))

    assert (outcome.sent, outcome.already) == (1, 0)
    message = plain_server.messages[0]
    assert message["To"] == "lead@example.org"
    assert message["Date"].datetime == MOMENT
    for kind in ("plain", "html"):
        told = text_of(plain_server, kind)
        assert "→ Critical" in told
        assert "Compared with run earlier" in told
        assert "Internal – not to be shared with suppliers." in told
        assert "no reason to end a contract" in told
    names = [part.get_filename() for part in message.iter_attachments()]
    assert "tierline-good.html" in names
    assert all(one.get_payload(decode=True) for one in message.iter_attachments())


def test_html_in_a_title_is_inert(run_of: RunOf, plain_server: Postbox) -> None:
    send(run_of(mail_to(plain_server)))

    assert "Risk <b>report</b>" in str(plain_server.messages[0]["Subject"])
    assert "<b>" not in text_of(plain_server, "html")


def test_each_gets_a_run_once_and_the_same_id_when_forced(run_of: RunOf, plain_server: Postbox) -> None:
    run = run_of(mail_to(plain_server, to=("a@example.org", "b@example.org")))

    assert send(run).sent == 2
    assert (send(run).sent, send(run).already) == (0, 2)
    assert send(run, SendRequest(to=("a@example.org",), is_forced=True)).sent == 1
    identities = [message["Message-ID"] for message in plain_server.messages]
    assert len(identities) == 3
    assert identities[2] == identities[0] != identities[1]


def test_the_record_names_no_address(run_of: RunOf, plain_server: Postbox) -> None:
    run = run_of(mail_to(plain_server))
    send(run)

    ledger = sent_ledger(run.home)
    assert [entry["run_id"] for entry in ledger.entries()] == ["good"]
    assert "lead@" not in ledger.text()


def test_a_dry_run_tells_and_sends_nothing(run_of: RunOf, plain_server: Postbox) -> None:
    run = run_of(mail_to(plain_server))

    outcome = send(run, SendRequest(is_dry_run=True))

    assert "What changed" in outcome.text
    assert (outcome.sent, plain_server.tries) == (0, 0)
    assert not sent_ledger(run.home).path.exists()


def test_a_server_that_asks_to_come_again_gets_it_again(run_of: RunOf, plain_server: Postbox) -> None:
    plain_server.answers = ["451 later", "421 later still"]
    waited: list[float] = []

    outcome = send(run_of(mail_to(plain_server)), waited=waited)

    assert (outcome.sent, plain_server.tries, len(plain_server.messages)) == (1, 3, 1)
    assert waited == sorted(waited)
    assert len(waited) == 2


def test_a_server_that_refuses_is_not_asked_again(run_of: RunOf, plain_server: Postbox) -> None:
    plain_server.answers = ["554 no"]
    run = run_of(mail_to(plain_server))
    before = _bytes_of(run)

    with pytest.raises(MailError, match="code 554"):
        send(run)

    assert plain_server.tries == 1
    assert sent_ledger(run.home).entries() == []
    assert _bytes_of(run) == before


def test_one_refused_recipient_stops_no_other(run_of: RunOf, plain_server: Postbox) -> None:
    run = run_of(mail_to(plain_server, to=("nobody@example.org", "lead@example.org")))

    with pytest.raises(MailError, match="1 of 2 messages were not sent") as raised:
        send(run)

    assert "nobody@" not in str(raised.value)
    assert [message["To"] for message in plain_server.messages] == ["lead@example.org"]
    assert len(sent_ledger(run.home).entries()) == 1


def test_a_server_that_is_silent_is_given_up(run_of: RunOf) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        box = Postbox(port=silent.getsockname()[1])
        with pytest.raises(MailError, match="did not answer within"):
            send(run_of(mail_to(box, timeout_seconds=0.2, attempts=1)))


def test_nothing_listens(run_of: RunOf) -> None:
    with pytest.raises(MailError, match="could not be reached"):
        send(run_of(mail_to(Postbox(port=1), attempts=2)))


def test_encryption_that_is_not_offered_is_an_error_and_nothing_is_sent(run_of: RunOf, plain_server: Postbox) -> None:
    with pytest.raises(MailError, match="does not offer"):
        send(run_of(mail_to(plain_server, security="starttls")))

    assert plain_server.tries == 0


def _signed_in(box: Postbox, certificate: Certificate | None, **more: Any) -> MailSettings:
    return mail_to(
        box, host="localhost", security="starttls", user="risk", credential="mail",
        ca_file=certificate.certificate if certificate else None, **more,
    )  # fmt: skip


def test_a_certificate_that_nobody_vouches_for_is_an_error(
    run_of: RunOf, starttls_server: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_MAIL", PASSWORD)

    with pytest.raises(MailError, match="is not trusted"):
        send(run_of(_signed_in(starttls_server, None)))


def test_a_certificate_of_another_host_is_an_error(
    run_of: RunOf, starttls_server: Postbox, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_MAIL", PASSWORD)

    with pytest.raises(MailError, match="is not trusted"):
        send(run_of(_signed_in(starttls_server, certificate).model_copy(update={"host": "127.0.0.1"})))


def test_with_the_right_certificate_and_password_it_is_sent(
    run_of: RunOf, starttls_server: Postbox, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_MAIL", PASSWORD)

    assert send(run_of(_signed_in(starttls_server, certificate))).sent == 1


def test_a_wrong_password_is_refused_and_never_told(
    run_of: RunOf, starttls_server: Postbox, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_MAIL", "another secret")

    with pytest.raises(MailError, match="refused to sign in") as raised:
        send(run_of(_signed_in(starttls_server, certificate)))

    assert "another secret" not in str(raised.value)


def test_a_password_that_is_not_set_is_named_by_its_variable(
    run_of: RunOf, starttls_server: Postbox, certificate: Certificate
) -> None:
    with pytest.raises(ConfigError, match="TIERLINE_CREDENTIAL_MAIL"):
        send(run_of(_signed_in(starttls_server, certificate)))


def test_what_is_too_large_is_named_with_where_it_lies(run_of: RunOf, plain_server: Postbox) -> None:
    run = run_of(
        mail_to(plain_server, attachment_limit_bytes=10, report_address="https://risk.example.org/{run}/report.html")
    )

    assert send(run).attached == ()
    assert "https://risk.example.org/good/report.html" in text_of(plain_server)


def test_what_may_be_shared_tells_no_score_and_attaches_nothing(run_of: RunOf, plain_server: Postbox) -> None:
    outcome = send(run_of(mail_to(plain_server, audience="shareable")))

    assert outcome.attached == ()
    assert not any(said in text_of(plain_server) for said in ("Critical", "points", "What changed", "High"))


def test_a_retracted_run_says_so_first(run_of: RunOf, plain_server: Postbox) -> None:
    run = run_of(mail_to(plain_server))
    with publications_ledger(run.home.published).writing() as book:
        book.add("2026-11-02T05:00:00Z", "retracted", "good", "earlier", "senior reviewer", "wrong file")

    send(run)

    assert "RETRACTED, do not use" in text_of(plain_server)


def test_in_spanish_numbers_and_days_are_spanish(run_of: RunOf, plain_server: Postbox) -> None:
    run = run_of(mail_to(plain_server, language="es"))
    (run.home.reports / "good" / "report.es.pdf").write_bytes(b"%PDF-1.7 el informe")
    assert send(run).attached == ("report.es.pdf", "report.html")

    assert plain_server.messages[0]["Content-Language"] == "es"
    assert "1 nov 2026" in text_of(plain_server)


@pytest.mark.parametrize("address", ["a@example.org\nBcc: b@example.org", "a b@example.org", "a@example.org,b@c.org"])
def test_an_address_that_would_put_in_a_header_is_refused(run_of: RunOf, plain_server: Postbox, address: str) -> None:
    with pytest.raises(ConfigError, match="no mail address"):
        send(run_of(mail_to(plain_server)), SendRequest(to=(address,)))
    with pytest.raises(ValidationError, match="no mail address"):
        mail_to(plain_server, to=(address,))


def test_a_title_of_two_lines_makes_one_header(run_of: RunOf, plain_server: Postbox) -> None:
    from serving.mail.wording import plain

    assert plain("Risk\r\nBcc: victim@example.org \u202e\x00end") == "Risk Bcc: victim@example.org end"


def test_without_mail_in_the_configuration_it_says_so(run_of: RunOf) -> None:
    with pytest.raises(ConfigError, match="no mail is configured"):
        send(run_of(None))


def test_another_machine_is_never_reached_without_encryption() -> None:
    with pytest.raises(ValidationError, match="without encryption"):
        MailSettings(host="mail.example.org", security="none", sender="a@example.org", to=("b@example.org",))


def _bytes_of(run: Run) -> dict[str, bytes]:
    folders = (run.home.published, run.home.reports)
    return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
