"""What the configuration says of mail."""

import re
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""A plain address; it has no white space, so no header can be put in with it."""
_THIS_MACHINE: Final = {"localhost", "127.0.0.1", "::1"}


class MailSettings(BaseModel):
    """How the report is sent after each run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, description="Mail server.")
    port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="Encryption; none is for a relay on this machine only."
    )
    ca_file: Path | None = Field(
        default=None, description="Certificates to trust, relative to this file; none: those of the system."
    )
    user: str | None = Field(default=None, description="Name to sign in with; none: nobody signs in.")
    credential: str | None = Field(
        default=None, description="Name of the password: TIERLINE_CREDENTIAL_<NAME>, or an Airflow connection."
    )
    sender: str = Field(description="Address that the report comes from.")
    to: tuple[str, ...] = Field(min_length=1, description="Addresses that it goes to, each in a message of its own.")
    language: str = Field(default="en", description="Language of the message, by its code.")
    audience: Literal["internal", "shareable"] = Field(
        default="internal", description="For whom: shareable tells no score, band or change, and attaches nothing."
    )
    attach: tuple[Literal["pdf", "html"], ...] = Field(
        default=("pdf", "html"), description="What is attached, in this order, as far as it fits."
    )
    attachment_limit_bytes: int = Field(
        default=10 * 2**20, ge=0, description="Most bytes attached; what is larger is named with where it lies."
    )
    report_address: str | None = Field(
        default=None, description="Address under which readers find reports; {run} in it stands for the run id."
    )
    timeout_seconds: float = Field(default=30, gt=0, description="Longest wait for an answer of the mail server.")
    attempts: int = Field(default=3, ge=1, description="How often one call tries where the server asks to come again.")

    @field_validator("sender", "to")
    @classmethod
    def _are_addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for place, address in enumerate((value,) if isinstance(value, str) else value, start=1):
            if not ADDRESS.fullmatch(address):
                raise ValueError(f"address {place} is no mail address, such as risk@example.org")
        return value

    @model_validator(mode="after")
    def _nothing_secret_goes_unencrypted(self) -> "MailSettings":
        if self.security == "none" and self.host not in _THIS_MACHINE:
            raise ValueError("without encryption only a relay on this machine may be used; set security to starttls")
        if (self.user is None) != (self.credential is None):
            raise ValueError("user and credential belong together")
        return self
