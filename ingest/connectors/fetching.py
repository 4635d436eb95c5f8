"""What a connector is given and what it gives back: files in batches, each landed at once and whole."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from ingest.connection_spec import Connection
from ingest.connectors.http_client import HttpClient, Validators
from ingest.landing_records import LandedFile, Mode
from ingest.spec import SourceSpec
from ingest.unpacking import ExpansionLimit
from tierline.errors import ConfigError

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class FetchState:
    """What earlier fetches of the same connection left: the state of the last batch, and the present files."""

    values: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[LandedFile, ...] = ()

    def files_of(self, url: str) -> list[LandedFile]:
        """Gives the present files that came from an address."""
        return [file for file in self.files if file.url == url]

    def validators(self, url: str) -> Validators:
        """Gives what the server said of the version that is present; empty where nothing of the address is."""
        headers = next((file.headers for file in self.files_of(url)), {})
        return Validators(headers.get("etag"), headers.get("last_modified"))


@dataclass(frozen=True)
class FetchedFile:
    """A file that a connector put into the request's folder.

    `name` is a safe file name, unique within the fetch. `headers` are etag, last_modified and content_type as they
    came. `announced_total` counts the records that the source says it (or the window) has. `position` is what rebuilds
    the state: window_from, window_to, page, cursor. `sha256` is given where it was made while the bytes streamed.
    """

    path: Path
    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    announced_total: int | None = None
    position: Mapping[str, str | int] = field(default_factory=dict)
    sha256: str | None = None


@dataclass(frozen=True)
class Batch:
    """Files that become present together, in the order in which their records count.

    `replace`: they are the whole present state; a present file that stays as it is stands among them as a LandedFile.
    `append`: they come after the present ones, and take the place of those with the same window_from and window_to.
    `state` is kept for the next fetch; it must survive JSON.
    """

    files: tuple[FetchedFile | LandedFile, ...]
    mode: Mode
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FetchRequest:
    """What a connector is given.

    `folder` is an empty folder inside the landing, from which files are moved; `base` is that of the configuration.
    `full` asks for everything in place of what is present; the state is then empty. `as_of` is the run's day: the
    upper end of time windows.
    """

    connection: Connection
    spec: SourceSpec
    folder: Path
    base: Path
    http: HttpClient | None
    state: FetchState
    full: bool
    as_of: date
    limit: ExpansionLimit

    def connection_as(self, model: type[_Model]) -> _Model:
        """Gives the connection as one of the connector's own kind; raises ConfigError where it is another."""
        if not isinstance(self.connection, model):
            raise ConfigError(f"a connection of kind '{self.connection.kind}' is not for this connector")
        return self.connection

    @property
    def client(self) -> HttpClient:
        """The client of a connection over HTTP; raises ConfigError for any other."""
        if self.http is None:
            raise ConfigError(f"a connection of kind '{self.connection.kind}' asks no server")
        return self.http


Connector = Callable[[FetchRequest], Iterator[Batch]]
