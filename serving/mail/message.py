"""A message as bytes: plain text, a simple HTML part, and the report attached where it fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from serving.language import Language, page_templates
from serving.mail.wording import Part
from tierline.errors import ConfigError
from tierline.files import sha256_of_bytes

_TYPES: Final = {"pdf": ("application", "pdf"), "html": ("text", "html")}
_TEXT_WIDTH: Final = 90


@dataclass(frozen=True)
class Attachment:
    """A file of a report that is attached."""

    kind: str
    path: Path


@dataclass(frozen=True)
class Letter:
    """What one message says, whoever it goes to."""

    subject: str
    parts: Sequence[Part]
    attachments: Sequence[Attachment]
    run_id: str


def fitting(kinds: Sequence[str], folder: Path, limit: int, language_code: str) -> list[Attachment]:
    """Gives the files of a report that are there and fit into so many bytes together, in the order asked for.

    A file in the language goes before the English one.
    """
    chosen, left = [], limit
    for kind in kinds:
        translated = folder / f"report.{language_code}.{kind}"
        path = translated if translated.is_file() else folder / f"report.{kind}"
        size = path.stat().st_size if path.is_file() else limit + 1
        if size <= left:
            chosen.append(Attachment(kind, path))
            left -= size
    return chosen


def message_id(run_id: str, recipient: str, audience: str, sender: str) -> str:
    """Gives the id of the message about a run for a recipient; sent again it is the same, and programs show it once."""
    digest = sha256_of_bytes(f"{run_id}\n{recipient.lower()}\n{audience}".encode())
    return f"<{digest[:40]}@{sender.rpartition('@')[2]}>"


def make_message(
    letter: Letter, *, sender: str, recipient: str, identity: str, moment: datetime, speech: Language
) -> EmailMessage:
    """Gives the message; raises ConfigError where a header cannot be made of what it is given."""
    message = EmailMessage()
    try:
        message["Subject"] = letter.subject
        message["From"] = Address(addr_spec=sender)
        message["To"] = Address(addr_spec=recipient)
    except (ValueError, IndexError) as error:
        raise ConfigError(
            "an address or the title holds what no header of a message can",
            remedy="Correct title, mail.sender or mail.to: plain addresses, no line breaks.",
        ) from error
    message["Date"] = moment
    message["Message-ID"] = identity
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(as_text(letter.parts))
    message.add_alternative(_as_html(letter, speech), subtype="html")
    for attachment in letter.attachments:
        main, sub = _TYPES[attachment.kind]
        name = f"tierline-{letter.run_id}.{attachment.kind}"
        message.add_attachment(attachment.path.read_bytes(), maintype=main, subtype=sub, filename=name)
    message["Content-Language"] = speech.code
    return message


def as_text(parts: Sequence[Part]) -> str:
    """Gives the parts as plain text, items with a dash before each."""
    said = []
    for part in parts:
        title = [part.heading, "-" * min(len(part.heading), _TEXT_WIDTH)] if part.heading else []
        said.append("\n".join([*title, *part.sentences, *(f"  - {item}" for item in part.items)]))
    return "\n\n".join(said) + "\n"


def _as_html(letter: Letter, speech: Language) -> str:
    template = page_templates("serving.mail", speech).get_template("message.html.j2")
    return template.render(subject=letter.subject, parts=letter.parts)
