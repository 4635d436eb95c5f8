"""Connections that bring whole files over HTTP."""

from typing import Literal

from pydantic import Field, field_validator

from ingest.connection_base import HttpConnection, sound_url


class HttpFileConnection(HttpConnection):
    """One file or several at fixed addresses; {as_of}, {year}, {month} and {day} are filled in from the run's day."""

    kind: Literal["http_file"]
    further_urls: tuple[str, ...] = Field(default=(), description="More files of the same shape, after `url`.")
    checksum_url: str | None = Field(
        default=None,
        description="Text with the SHA-256, SHA-1 or MD5 of the file behind `url`, as sha256sum writes it.",
    )

    @field_validator("further_urls")
    @classmethod
    def _are_addresses(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sound_url(url) for url in urls)

    @field_validator("checksum_url")
    @classmethod
    def _is_an_address_too(cls, url: str | None) -> str | None:
        return None if url is None else sound_url(url)


class OpenSanctionsBulkConnection(HttpConnection):
    """One resource of an OpenSanctions data set, as its index describes it."""

    kind: Literal["opensanctions_bulk"]
    url: str = Field(
        default="https://data.opensanctions.org/datasets/latest", description="Folder above the data sets."
    )
    dataset: str = Field(default="default", pattern=r"^[a-z0-9_]+$", description="Data set, such as 'sanctions'.")
    resource: Literal["targets.simple.csv", "entities.ftm.json"] = Field(
        default="targets.simple.csv", description="Which file of the data set."
    )


class GleifFileConnection(HttpConnection):
    """One golden copy of GLEIF: a zip with one CSV."""

    kind: Literal["gleif_file"]
    url: str = Field(
        default="https://goldencopy.gleif.org/api/v2/golden-copies/publishes/latest",
        description="Where the latest publish is described.",
    )
    copy_of: Literal["lei2", "rr", "repex"] = Field(
        description="lei2: legal entities; rr: relationships; repex: why a parent is not reported."
    )


class SamExclusionsConnection(HttpConnection):
    """The daily public extract of SAM.gov's exclusions: a zip with one CSV."""

    kind: Literal["sam_exclusions"]
    url: str = Field(default="https://api.sam.gov/data-services/v1/extracts", description="Where extracts are given.")
    credential_parameter: str | None = Field(default="api_key", description="Query parameter that carries the secret.")
    credential_required: bool = Field(default=True, description="Whether nothing can be fetched without a secret.")
