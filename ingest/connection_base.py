"""What every connection over HTTP has, whatever its protocol."""

from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tierline.nearest import nearest

_PLACEHOLDERS = ("as_of", "year", "month", "day")


class StrictModel(BaseModel):
    """A section whose keys are all known and whose values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HttpConnection(StrictModel):
    """What every connection over HTTP has: an address, where its secret goes, and how it treats the server."""

    kind: str
    url: str = Field(description="Address that is asked first; its host alone gets the secret.")
    credential_header: str | None = Field(
        default=None, pattern=r"^[A-Za-z][A-Za-z0-9-]*$", description="Header that carries the secret."
    )
    credential_prefix: str = Field(default="", description="Word before the secret in that header, such as 'Token'.")
    credential_parameter: str | None = Field(default=None, description="Query parameter that carries the secret.")
    credential_required: bool = Field(default=False, description="Whether nothing can be fetched without a secret.")
    requests_per_minute: int = Field(default=60, ge=1, le=6000, description="Most requests a minute to one host.")
    connect_timeout_seconds: int = Field(default=10, ge=1, description="Longest wait for a connection.")
    read_timeout_seconds: int = Field(default=60, ge=1, description="Longest silence of the server.")
    total_timeout_seconds: int = Field(
        default=3600, ge=1, description="Longest time for one file or page, with all its retries."
    )
    max_bytes: int = Field(default=5 * 2**30, ge=1, description="Most bytes of one file or page.")
    retries: int = Field(default=5, ge=0, le=20, description="Failures in a row, without any progress, that are borne.")

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        return sound_url(url)

    @model_validator(mode="after")
    def _one_place_for_the_secret(self) -> Self:
        if self.credential_header and self.credential_parameter:
            raise ValueError("give credential_header or credential_parameter, not both")
        if self.credential_required and not (self.credential_header or self.credential_parameter):
            raise ValueError("credential_required goes with credential_header or credential_parameter")
        return self

    @property
    def identity(self) -> dict[str, Any]:
        """What decides which records come: all keys but the secret's place and the treatment of the server."""
        common = HttpConnection.model_fields.keys() - {"kind", "url"}
        return self.model_dump(mode="json", exclude=set(common))


def sound_url(url: str) -> str:
    """Gives the address back; raises ValueError where it is not http(s), carries a password or an unknown blank."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("an address begins with https:// or http:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address carries no name or password; name a 'credential' in the configuration instead")
    for blank in filled_blanks(url):
        if blank not in _PLACEHOLDERS:
            raise ValueError(f"'{{{blank}}}' is unknown in an address; {nearest(blank, list(_PLACEHOLDERS))}")
    return url


def filled_blanks(url: str) -> Iterator[str]:
    """Yields the names in braces that an address has."""
    for part in url.split("{")[1:]:
        yield part.split("}")[0]
