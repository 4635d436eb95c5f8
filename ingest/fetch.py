"""Fetch: one source by its connection into its landing, batch by batch; what a broken fetch landed whole stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest.connection_base import HttpConnection
from ingest.connection_spec import Connection, FileConnection, configured_connection
from ingest.connectors.clock import Clock
from ingest.connectors.credentials import Secret, secret_named
from ingest.connectors.fetching import Batch, FetchedFile, FetchRequest, FetchState
from ingest.connectors.http_client import HttpClient
from ingest.connectors.registry import CONNECTORS
from ingest.landing import LandedFile, Landing, PresentState, landing_of
from ingest.landing_batch import is_as_present, land
from ingest.landing_records import Arrival, last_number
from ingest.spec import SourceSpec
from ingest.unpacking import ExpansionLimit
from tierline.errors import ConfigError, FetchError, TierlineError
from tierline.run import Run
from tierline.settings import SourceConfig


@dataclass(frozen=True)
class FetchResult:
    """The present files of a source after a fetch, whether they are other ones than before, and how many are new."""

    files: tuple[LandedFile, ...]
    is_changed: bool
    arrived: int


def fetch_into_landing(
    run: Run, config: SourceConfig, spec: SourceSpec, *, full: bool = False, clock: Clock | None = None
) -> FetchResult:
    """Fetches a source by the configured path, else by its declared connection with the configuration's changes.

    `full` forgets what earlier fetches left; so does another address, and a landed file that is gone. Raises FetchError
    where the source cannot be fetched whole, ConfigError where connection or credential are wrongly configured.
    """
    connection = connection_of(config, spec)
    secret = configured_secret(config, connection)
    landing = landing_of(run.home, config.name, spec, seals=run.settings.encrypt_restricted)
    with _told_without(secret), landing.claimed() as folder:
        before = landing.present_state()
        forgets = full or not _goes_on(landing, before, connection)
        request = FetchRequest(
            connection=connection,
            spec=spec,
            folder=folder,
            base=run.settings.base,
            http=_client(run, config, connection, secret, folder, clock),
            state=FetchState() if forgets or before is None else FetchState(before.values, before.files),
            full=forgets and before is not None,
            as_of=run.as_of,
            limit=ExpansionLimit(most_bytes=run.settings.expansion_limit_bytes),
        )
        arrival = Arrival(_origin(connection), run.run_id, run.as_of.isoformat(), connection.identity)
        return _result(before, _land_all(landing, request, before, arrival, secret))


def connection_of(config: SourceConfig, spec: SourceSpec) -> Connection:
    """Gives the connection by which a configured source is fetched; raises ConfigError where its keys are wrong."""
    if config.path is not None:
        return FileConnection(path=config.path)
    return configured_connection(spec.connection, config.connection)


def configured_secret(config: SourceConfig, connection: Connection) -> Secret | None:
    """Gives the secret that a source is configured with, None where it needs none.

    Raises ConfigError where name or place of the secret are missing, FetchError where it is not set.
    """
    if not isinstance(connection, HttpConnection):
        return None
    has_place = bool(connection.credential_header or connection.credential_parameter)
    if config.credential is None:
        if connection.credential_required:
            raise ConfigError(
                "its connection needs a credential", remedy="Add 'credential', the name of the secret, to the source."
            )
        return None
    if not has_place:
        raise ConfigError(
            f"a credential '{config.credential}' is named, and its connection has no place for it",
            remedy="Add credential_header or credential_parameter to its connection.",
        )
    return secret_named(config.credential)


def _client(
    run: Run,
    config: SourceConfig,
    connection: Connection,
    secret: Secret | None,
    folder: Path,
    clock: Clock | None,
) -> HttpClient | None:
    if not isinstance(connection, HttpConnection):
        return None
    limit = ExpansionLimit(most_bytes=run.settings.expansion_limit_bytes)
    seed = f"{run.settings.seed}:{config.name}"
    return HttpClient(connection, folder, secret=secret, limit=limit, seed=seed, clock=clock)


def _origin(connection: Connection) -> str:
    return connection.url if isinstance(connection, HttpConnection) else str(connection.path)


def _goes_on(landing: Landing, before: PresentState | None, connection: Connection) -> bool:
    """Whether what earlier fetches left is of the same connection and still there."""
    return (
        before is not None
        and before.arrival.connection == connection.identity
        and all(landing.is_intact(file) for file in before.files)
    )


def _land_all(
    landing: Landing, request: FetchRequest, before: PresentState | None, arrival: Arrival, secret: Secret | None
) -> PresentState:
    present = None if request.full else before
    number = max(last_number(landing.folder), before.batch if before else 0)
    for batch in CONNECTORS[request.connection.kind](request):
        kept = _redacted(batch, secret)
        if present is None:
            kept = replace(kept, mode="replace")
        elif is_as_present(kept, present):
            continue
        number += 1
        present = land(
            landing, kept, number=number, present=present, spec=request.spec, arrival=arrival, limit=request.limit
        )
    if present is None:
        raise FetchError("the source gave no file at all", remedy="Check its address, and what its account may read.")
    return present


def _result(before: PresentState | None, after: PresentState) -> FetchResult:
    former = [(file.name, file.sha256) for file in before.files] if before else []
    now = [(file.name, file.sha256) for file in after.files]
    return FetchResult(after.files, former != now, len(set(now) - set(former)))


def _redacted(batch: Batch, secret: Secret | None) -> Batch:
    if secret is None:
        return batch
    files = tuple(_redacted_file(file, secret) if isinstance(file, FetchedFile) else file for file in batch.files)
    return replace(batch, files=files, state=_without(secret, batch.state))


def _redacted_file(file: FetchedFile, secret: Secret) -> FetchedFile:
    return replace(
        file,
        name=secret.redacted(file.name),
        url=secret.redacted(file.url),
        headers=_without(secret, file.headers),
        position=_without(secret, file.position),
    )


def _without(secret: Secret, value: Any) -> Any:
    if isinstance(value, str):
        return secret.redacted(value)
    if isinstance(value, dict):
        return {_without(secret, key): _without(secret, part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without(secret, part) for part in value]
    return value


@contextmanager
def _told_without(secret: Secret | None) -> Iterator[None]:
    """Takes the secret out of every error that is told; one of the file system becomes a FetchError."""
    try:
        yield
    except OSError as error:
        raise FetchError(
            f"the landing cannot be read or written: {error.strerror or type(error).__name__}",
            remedy="Make room, or give the account of the run the right; then fetch again.",
        ) from None
    except TierlineError as error:
        if secret is not None:
            error.message = secret.redacted(error.message)
            error.remedy = secret.redacted(error.remedy) if error.remedy else None
            error.args = (error.message,)
        raise
