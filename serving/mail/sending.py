"""Sends the report of a run: each recipient gets one message, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from serving.language import Language, language
from serving.mail.changes import what_to_tell
from serving.mail.delivery import deliver
from serving.mail.message import Attachment, Letter, as_text, fitting, make_message, message_id
from serving.mail.record import note_sent, sending, was_sent
from serving.mail.wording import parts_of, subject_of
from tierline.errors import ConfigError, MailError
from tierline.mail_settings import ADDRESS, MailSettings
from tierline.publications import retraction_in_words, standing
from tierline.run import Run


@dataclass(frozen=True)
class SendRequest:
    """What is asked for: recipients (none: those of the configuration), only to look, or to send once more."""

    to: tuple[str, ...] = ()
    is_dry_run: bool = False
    is_forced: bool = False


@dataclass(frozen=True)
class SendOutcome:
    """How sending ended: to how many it went now, how many had it already, subject, text, and names of attachments."""

    sent: int
    already: int
    subject: str
    text: str
    attached: tuple[str, ...]


@dataclass(frozen=True)
class _Post:
    """All that the messages about one run share."""

    run: Run
    settings: MailSettings
    speech: Language
    letter: Letter
    moment: datetime
    pause: Callable[[float], None]


def send_report(run: Run, request: SendRequest, *, moment: datetime, pause: Callable[[float], None]) -> SendOutcome:
    """Sends what changed and the report of a published run to whom the configuration names; gives how it ended.

    Each recipient is noted when the server took the message, and gets none again unless forced. Publication and report
    are only read. Raises ConfigError where mail is not configured or an address is none, PublishError where the run is
    not published, MailError where the server did not take a message: the others are sent and noted.
    """
    settings = _settings(run)
    recipients = _recipients(request, settings)
    speech = language(settings.language)
    letter = _letter(run, settings, speech)
    sent = already = 0
    if not request.is_dry_run:
        post = _Post(run, settings, speech, letter, moment, pause)
        sent, already = _send_all(post, recipients, is_forced=request.is_forced)
    attached = tuple(one.path.name for one in letter.attachments)
    return SendOutcome(sent, already, letter.subject, as_text(letter.parts), attached)


def _settings(run: Run) -> MailSettings:
    if run.settings.mail is None:
        raise ConfigError("no mail is configured", remedy="Add a section 'mail': see docs/configuration.md.")
    return run.settings.mail


def _recipients(request: SendRequest, settings: MailSettings) -> tuple[str, ...]:
    wrong = [place for place, address in enumerate(request.to, start=1) if not ADDRESS.fullmatch(address)]
    if wrong:
        raise ConfigError(f"address {wrong[0]} is no mail address", remedy="Give addresses such as risk@example.org.")
    return tuple(dict.fromkeys(request.to or settings.to))


def _letter(run: Run, settings: MailSettings, speech: Language) -> Letter:
    told = what_to_tell(run.home.published, run.run_id, speech)
    entry = standing(run.home.published).retracted.get(run.run_id)
    folder = run.home.reports / run.run_id
    is_internal = settings.audience == "internal"
    attachments = _attachments(settings, folder) if is_internal else []
    lies = _where(run, settings, speech, attachments) if is_internal else ()
    parts = parts_of(told, speech, settings.audience, lies, retraction_in_words(entry) if entry else None)
    return Letter(subject_of(told, speech), parts, attachments, run.run_id)


def _attachments(settings: MailSettings, folder: Path) -> list[Attachment]:
    return fitting(settings.attach, folder, settings.attachment_limit_bytes, settings.language)


def _where(run: Run, settings: MailSettings, speech: Language, attachments: list[Attachment]) -> tuple[str, ...]:
    """Says what is attached, and where the report lies."""
    files = ", ".join(one.path.name for one in attachments)
    said = [speech.text("Attached: {files}.", files=files)] if files else []
    place = settings.report_address or f"{run.home.reports.name}/{{run}}/report.html"
    return (*said, speech.text("The whole report lies at {place}", place=place.replace("{run}", run.run_id)))


def _send_all(post: _Post, recipients: tuple[str, ...], *, is_forced: bool) -> tuple[int, int]:
    """Sends to each; gives how many got it now and how many had it already. One that fails stops no other."""
    sent = 0
    failures: list[MailError] = []
    for recipient in recipients:
        try:
            sent += _send_one(post, recipient, is_forced=is_forced)
        except MailError as error:
            failures.append(error)
    if failures:
        raise MailError(
            f"{len(failures)} of {len(recipients)} messages were not sent: {failures[0].message}",
            remedy=failures[0].remedy,
        )
    return sent, len(recipients) - sent


def _send_one(post: _Post, recipient: str, *, is_forced: bool) -> bool:
    """Sends one message and notes it at once; gives whether it was sent, which it is not where it was before."""
    settings, run_id = post.settings, post.run.run_id
    identity = message_id(run_id, recipient, settings.audience, settings.sender)
    with sending(post.run.home) as book:
        if was_sent(book, identity) and not is_forced:
            return False
        message = make_message(
            post.letter,
            sender=settings.sender,
            recipient=recipient,
            identity=identity,
            moment=post.moment,
            speech=post.speech,
        )
        deliver(message, settings, post.run.settings.base, post.pause)
        note_sent(book, post.moment, run_id, identity, settings.audience, settings.language)
    return True
