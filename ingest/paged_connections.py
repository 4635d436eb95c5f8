"""Connections to interfaces that give their records page by page."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from ingest.connection_base import HttpConnection
from ingest.json_path import json_path

_OCDS_TIME = "%Y-%m-%dT%H:%M:%S"


_HOW_IT_IS_READ = {
    "page_size",
    "size_parameter",
    "most_pages",
    "most_records",
    "overlap_days",
    "reads_twice",
    "last_page_may_be_empty",
    "absent_means_none",
    "record_id",
}


class _PagedConnection(HttpConnection):
    parameters: dict[str, str | int] = Field(default={}, description="Query parameters that every request has.")
    most_pages: int = Field(default=10_000, ge=1, description="Most pages of one question; more is a fault.")

    @field_validator("*", mode="after")
    @classmethod
    def _paths_are_paths(cls, value: object) -> object:
        if isinstance(value, str) and value.startswith("$"):
            json_path(value)
        return value

    @property
    def identity(self) -> dict[str, Any]:
        """What decides which records come; not how large pages are and how they are watched."""
        return {name: value for name, value in super().identity.items() if name not in _HOW_IT_IS_READ}


class OcdsApiConnection(_PagedConnection):
    """Release packages by windows of time. Where the records are in a package is said by `format.records`."""

    kind: Literal["ocds_api"]
    start: date = Field(description="First day to ask for.")
    window: Literal["days", "month"] = Field(default="days", description="Whether windows are days or whole months.")
    window_days: int = Field(default=7, ge=1, description="days: length of a window.")
    overlap_days: int = Field(
        default=3, ge=1, description="Days after its end during which a window is read again, for what comes late."
    )
    from_parameter: str = Field(default="updatedFrom", description="Parameter with the lower end of a window.")
    until_parameter: str | None = Field(
        default="updatedTo", description="Parameter with the upper end; null: the lower end names the whole window."
    )
    time_format: str = Field(default=_OCDS_TIME, description="How both are written, in UTC, as strftime has it.")
    each: dict[str, tuple[str, ...]] = Field(
        default={}, max_length=1, description="A parameter and its values: each window is asked for with each of them."
    )
    paging: Literal["none", "next_link", "cursor"] = Field(default="next_link", description="What leads to a page.")
    next_path: str = Field(default="$.links.next", description="next_link: path of the address of the next page.")
    cursor_path: str = Field(default="$.nextCursor", description="cursor: path of the cursor of the next page.")
    cursor_parameter: str = Field(default="cursor", description="cursor: parameter that takes it.")
    size_parameter: str | None = Field(default=None, description="Parameter with the number of records a page.")
    page_size: int = Field(default=100, ge=1, description="Records a page, where there is such a parameter.")
    most_records: int | None = Field(
        default=None, ge=2, description="Most records that the interface gives for one question, where it cuts off."
    )
    most_pages: int = Field(default=1000, ge=1, description="Most pages of one window; one with more is halved.")
    reads_twice: bool = Field(
        default=False, description="Whether a window is read until two readings agree; for links that hold an offset."
    )
    last_page_may_be_empty: bool = Field(
        default=False, description="Whether an empty page after others is the end; else it is a fault."
    )
    absent_means_none: bool = Field(
        default=False, description="Whether a package without a list of releases means that there are none."
    )

    @model_validator(mode="after")
    def _windows_can_be_told(self) -> Self:
        if self.window == "days" and self.until_parameter is None:
            raise ValueError("windows of days need until_parameter; without it give window: month")
        return self


class KoboApiConnection(_PagedConnection):
    """Submissions of one form of a KoboToolbox server, which are read as a whole each time."""

    kind: Literal["kobo_api"]
    asset: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9]+$", description="Id of the form: the part of its address after /forms/."
    )
    page_size: int = Field(default=1000, ge=1, le=1000, description="Submissions a page.")
    credential_header: str | None = Field(default="Authorization", description="Header that carries the token.")
    credential_prefix: str = Field(default="Token", description="Word before the token.")
    credential_required: bool = Field(default=True, description="Whether nothing can be fetched without a token.")


class OpenSupplyHubApiConnection(_PagedConnection):
    """Production locations of Open Supply Hub, by name and id with `search_after`."""

    kind: Literal["opensupplyhub_api"]
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$", description="ISO 3166 code; none: all countries.")
    page_size: int = Field(default=100, ge=1, description="Locations a page.")
    requests_per_minute: int = Field(default=90, ge=1, le=6000, description="Most requests a minute to one host.")
    credential_header: str | None = Field(default="Authorization", description="Header that carries the token.")
    credential_prefix: str = Field(default="Token", description="Word before the token.")
    credential_required: bool = Field(default=True, description="Whether nothing can be fetched without a token.")


class RestJsonConnection(_PagedConnection):
    """Any interface that answers in JSON. Where the records are in an answer is said by `format.records`."""

    kind: Literal["rest_json"]
    paging: Literal["none", "page", "offset", "next_link", "cursor"] = Field(
        default="none", description="What leads to the next page."
    )
    page_parameter: str = Field(default="page", description="page: parameter with its number.")
    first_page: int = Field(default=1, ge=0, description="page: number of the first.")
    offset_parameter: str = Field(default="offset", description="offset: parameter with the records before the page.")
    next_path: str = Field(default="$.next", description="next_link: path of the address of the next page.")
    cursor_path: str = Field(default="$.next_cursor", description="cursor: path of the cursor of the next page.")
    cursor_parameter: str = Field(default="cursor", description="cursor: parameter that takes it.")
    size_parameter: str | None = Field(default=None, description="Parameter with the number of records a page.")
    page_size: int = Field(default=100, ge=1, description="Records a page, where there is such a parameter.")
    total_path: str | None = Field(default=None, description="Path of the number of all records, where it is told.")
    record_id: str | None = Field(default=None, description="Path of what identifies a record; none: all of it.")
    reads_twice: bool | None = Field(
        default=None, description="Whether it is read until two readings agree; none: where pages are counted."
    )
    last_page_may_be_empty: bool = Field(
        default=False, description="next_link, cursor: whether an empty page after others is the end."
    )
    since_parameter: str | None = Field(
        default=None, description="Parameter that asks for what changed since a day; none: all comes each time."
    )
    since_format: str = Field(default="%Y-%m-%d", description="How that day is written, as strftime has it.")
    overlap_days: int = Field(default=2, ge=1, description="Days before the last fetch that are asked for again.")

    @property
    def counts_pages(self) -> bool:
        """Whether pages are asked for by number, so that records can move from one to another."""
        return self.paging in {"page", "offset"}

    @property
    def agrees_twice(self) -> bool:
        """Whether two readings must agree."""
        return self.counts_pages if self.reads_twice is None else self.reads_twice
