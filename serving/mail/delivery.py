"""Hands messages to a mail server: encrypted and verified unless the relay is on this machine."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from tierline.credentials import credential_value, credential_variable
from tierline.errors import ConfigError, MailError
from tierline.log import get_logger
from tierline.mail_settings import MailSettings

_TRY_AGAIN: Final = range(400, 500)
_PAUSE_SECONDS: Final = 5.0
_LOG = get_logger(__name__)


def deliver(message: EmailMessage, settings: MailSettings, base: Path, pause: Callable[[float], None]) -> None:
    """Hands one message to the server; where it asks to come again or is not reached, tries as often as configured.

    `pause` waits so many seconds between tries. Raises MailError, which never holds the password, or ConfigError where
    the password is not set.
    """
    for attempt in range(1, settings.attempts + 1):
        try:
            _hand_over(message, settings, base)
        except (OSError, smtplib.SMTPException) as error:
            if attempt == settings.attempts or not _may_pass(error):
                raise MailError(_reason(error, settings), remedy=_remedy(error)) from None
            _LOG.warning("mail: try %d of %d: %s", attempt, settings.attempts, _reason(error, settings))
            pause(_PAUSE_SECONDS * attempt)
        else:
            return


def _hand_over(message: EmailMessage, settings: MailSettings, base: Path) -> None:
    with _session(settings, base) as server:
        if settings.user is not None:
            server.login(settings.user, _password(settings))
        refused = server.send_message(message)
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)


@contextmanager
def _session(settings: MailSettings, base: Path) -> Iterator[smtplib.SMTP]:
    context = _trust(settings, base) if settings.security != "none" else None
    limit = settings.timeout_seconds
    if settings.security == "tls":
        with smtplib.SMTP_SSL(settings.host, settings.port, timeout=limit, context=context) as server:
            yield server
        return
    with smtplib.SMTP(settings.host, settings.port, timeout=limit) as server:
        if context is not None:
            server.starttls(context=context)
        yield server


def _trust(settings: MailSettings, base: Path) -> ssl.SSLContext:
    file = None if settings.ca_file is None else base / settings.ca_file
    try:
        return ssl.create_default_context(cafile=None if file is None else str(file))
    except (OSError, ssl.SSLError) as error:
        raise ConfigError("mail.ca_file holds no certificates that can be read", remedy="Name a PEM file.") from error


def _password(settings: MailSettings) -> str:
    name = str(settings.credential)
    value = credential_value(name)
    if not value:
        raise ConfigError(
            f"the credential '{name}' is not set",
            remedy=f"Set {credential_variable(name)}, or in Airflow the password of connection '{name}'.",
        )
    return value


def _may_pass(error: Exception) -> bool:
    """Says whether the same call may go through later: no answer, or an answer that asks to come again."""
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError | smtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in _TRY_AGAIN for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code in _TRY_AGAIN
    return True


def _reason(error: Exception, settings: MailSettings) -> str:
    """Gives why, without what a server may repeat of addresses or of a password."""
    where = f"{settings.host}:{settings.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {where} is not trusted: {error.verify_message}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{where} does not offer what is asked for: encryption, or signing in"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{where} refused to sign in (code {error.smtp_code})"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"{where} refused the recipient (code {', '.join(map(str, codes))})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{where} refused the message (code {error.smtp_code})"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return f"{where} did not answer within {settings.timeout_seconds:g} s"
    return f"{where} could not be reached ({type(error).__name__})"


def _remedy(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "Name the certificate of your own authority in mail.ca_file; verification is never switched off."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "Ask for a port with STARTTLS, or set mail.security to tls."
    return "Mend it and run `tierline send` again; whoever has the message already does not get it twice."
