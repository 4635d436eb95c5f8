"""Secrets: read from the environment or from Airflow when they are needed, and taken out of all that is told."""

import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from tierline.errors import FetchError

_VARIABLE = "TIERLINE_CREDENTIAL_"
_INSIDE_AIRFLOW = "AIRFLOW_CTX_DAG_ID"
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
    environment = os.environ if environment is None else environment
    variable = _VARIABLE + re.sub(r"[^A-Z0-9]", "_", name.upper())
    value = environment.get(variable, "").strip()
    if not value and _INSIDE_AIRFLOW in environment:
        value = _airflow_password(name)
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


def _airflow_password(name: str) -> str:
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        return str(BaseHook.get_connection(name).password or "")
    except AirflowNotFoundException:
        return ""


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
