"""The steps of ingest that the command line and the DAG call: fetch one source, load all, survey, check."""

from typing import Any

from ingest.connectors.file import matching_files
from ingest.landing import Arrival, land, landing_of
from ingest.load import fetch_step, load_sources, one_line, sources_folder
from ingest.restricted_store import require_private_store
from ingest.spec import SourceSpec, load_spec
from ingest.unpacking import ExpansionLimit
from tierline.errors import ConfigError, FetchError, TierlineError
from tierline.log import get_logger
from tierline.run import Run
from tierline.settings import SourceConfig

_LOG = get_logger(__name__)


def fetch_source(run: Run, source_name: str) -> dict[str, Any]:
    """Lands the files of one configured source; gives their names, hashes and sizes in bytes.

    Raises FetchError where they cannot be landed whole; the landing is then as before, and the load step of the run
    knows. Raises ConfigError where the source is unknown or wrongly declared.
    """
    config = run.settings.source(source_name)
    spec = load_spec(config.id, sources_folder(run))
    try:
        _require_consent(run, spec)
        if spec.is_restricted:
            require_private_store(run.home)
        landed = land(
            landing_of(run.home, source_name, spec),
            matching_files(_path(config), run.settings.base),
            spec=spec,
            arrival=Arrival(_path(config), run.run_id, run.as_of.isoformat()),
            limit=ExpansionLimit(most_bytes=run.settings.expansion_limit_bytes),
        )
    except TierlineError as error:
        error.source = source_name
        run.write_outcome(fetch_step(source_name), {"status": "failed", "error": one_line(error)})
        raise
    files = [{"name": file.name, "sha256": file.sha256, "bytes": file.size} for file in landed]
    outcome = {"status": "landed", "source": source_name, "files": files}
    run.write_outcome(fetch_step(source_name), outcome)
    _LOG.info("%s landed: %d files, %d bytes", source_name, len(landed), sum(file.size for file in landed))
    return outcome


def load(run: Run) -> dict[str, Any]:
    """Loads all landed sources into raw, canonical and quarantine; see `load_sources`."""
    return load_sources(run)


def survey(run: Run) -> dict[str, Any]:
    """Decides the classes of closed survey waves inside the restricted store; see `ingest.survey.survey`."""
    from ingest import survey as room

    return room.survey(run)


def check(run: Run) -> dict[str, Any]:
    """Checks the loaded data with Great Expectations; see `ingest.checks.check`."""
    from ingest import checks as room

    outcome: dict[str, Any] = room.check(run)
    return outcome


def _path(config: SourceConfig) -> str:
    if config.path is None:
        raise ConfigError("the configuration names no path", remedy="Add 'path': a file, a folder or a pattern.")
    return config.path


def _require_consent(run: Run, spec: SourceSpec) -> None:
    if spec.licence.consent_required and spec.id not in run.settings.accepted_licences:
        raise FetchError(
            f"its licence ({spec.licence.name}) asks for consent that the configuration does not give",
            remedy=f"Read {spec.licence.url or 'the licence'}, then add {spec.id} to accepted_licences.",
        )
