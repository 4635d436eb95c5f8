"""Whether every source of a configuration can be fetched: declared, consented to, with files and credentials."""

from collections.abc import Iterator
from pathlib import Path

from ingest.connection_spec import FileConnection
from ingest.connectors.file import configured_files
from ingest.fetch import configured_secret, connection_of
from ingest.load import one_line
from ingest.spec import SOURCES, SourceSpec, load_spec
from ingest.steps import require_consent
from tierline.errors import ConfigError, FetchError, TierlineError
from tierline.settings import Settings, SourceConfig


def configuration_problems(settings: Settings, sources: Path = SOURCES) -> list[str]:
    """Gives what would stop a source of the configuration from being fetched, a line each; nothing is fetched.

    Credentials are looked up by their name; their values are told nowhere. Whether a server answers is not asked.
    """
    problems = [
        f"{config.name}: {text}" for config in settings.sources for text in _of_source(settings, config, sources)
    ]
    return problems + [f"accepted_licences: {text}" for text in _of_consents(settings, sources)]


def _of_source(settings: Settings, config: SourceConfig, sources: Path) -> Iterator[str]:
    try:
        spec = load_spec(config.id, sources)
    except TierlineError as error:
        yield one_line(error)
        return
    for look in (_look_at_consent, _look_at_files, _look_at_credential):
        try:
            look(settings, config, spec)
        except TierlineError as error:
            yield one_line(error)


def _look_at_consent(settings: Settings, _: SourceConfig, spec: SourceSpec) -> None:
    require_consent(settings, spec)


def _look_at_files(settings: Settings, config: SourceConfig, spec: SourceSpec) -> None:
    connection = connection_of(config, spec)
    if isinstance(connection, FileConnection):
        for path in configured_files(connection, settings.base):
            _require_readable(path)


def _require_readable(path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise FetchError(
            f"{path.name} cannot be read: {error.strerror or type(error).__name__}",
            remedy="Give the account of the run the right to read it.",
        ) from None


def _look_at_credential(_: Settings, config: SourceConfig, spec: SourceSpec) -> None:
    try:
        connection = connection_of(config, spec)
    except ConfigError:
        return  # told of its files already
    configured_secret(config, connection)


def _of_consents(settings: Settings, sources: Path) -> Iterator[str]:
    used = {config.id for config in settings.sources}
    for source_id in settings.accepted_licences:
        if source_id not in used and not (sources / source_id).is_dir():
            yield f"no source is declared as '{source_id}'. What to do: Correct the id, or take it away."
