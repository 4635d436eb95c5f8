"""Secrets: read from the environment or from Airflow when they are needed, and taken out of all that is told."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from tierline.credentials import credential_value, credential_variable
from tierline.errors import FetchError

_HIDDEN = "***"
_CHATTY_LOGGERS = ("urllib3.connectionpool", "urllib3.util.retry")


@dataclass(frozen=True)
class Secret:
    """A secret and its name; printing it shows the name alone."""

    name: str
    value: str = field(repr=False)

    def redacted(self, text: str) -> str:
        """Gives the text without the secret, also where it is written as in an address."""
        forms = sorted({self.value, quote(self.value, safe=""), quote(self.value), quote_plus(self.value)}, key=len)
        for form in reversed(forms):
            text = text.replace(form, _HIDDEN)
        return text


def secret_named(name: str, environment: Mapping[str, str] | None = None) -> Secret:
    """Gives the secret of that name: from TIERLINE_CREDENTIAL_<NAME>, else inside a task from Airflow's connection.

    Raises FetchError that names where it was looked for.
    """
    variable = credential_variable(name)
    value = credential_value(name, environment)
    if not value:
        raise FetchError(
            f"the credential '{name}' is not set",
            remedy=f"Set the environment variable {variable}, or in Airflow the password of connection '{name}'.",
        )
    if not value.isascii() or not value.isprintable():
        raise FetchError(
            f"the credential '{name}' holds characters that no header can carry",
            remedy=f"Set {variable} again, without line breaks.",
        )
    secret = Secret(name, value)
    _keep_out_of_logs(secret)
    return secret


class _Redaction(logging.Filter):
    """Takes secrets out of the records of libraries that log whole addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[Secret] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        for secret in self.secrets:
            text = secret.redacted(text)
        record.msg, record.args = text, ()
        return True


_REDACTION = _Redaction()


def _keep_out_of_logs(secret: Secret) -> None:
    _REDACTION.secrets.add(secret)
    for name in _CHATTY_LOGGERS:
        logging.getLogger(name).addFilter(_REDACTION)
