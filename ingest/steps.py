"""The steps of ingest that the command line and the DAG call: fetch one source, load all, survey, check."""

from typing import Any

from ingest.connectors.clock import Clock
from ingest.fetch import fetch_into_landing
from ingest.landing import LandedFile
from ingest.load import fetch_step, load_sources, one_line, sources_folder
from ingest.restricted_store import require_private_store
from ingest.spec import SourceSpec, load_spec
from tierline.errors import FetchError, TierlineError
from tierline.log import get_logger
from tierline.run import Run
from tierline.settings import Settings

_LOG = get_logger(__name__)


def fetch_source(run: Run, source_name: str, *, full: bool = False, clock: Clock | None = None) -> dict[str, Any]:
    """Lands the files of one configured source; gives its present files: names, hashes, sizes and announced totals.

    Of a restricted source neither hashes nor sizes are given, as answers could be tried until they fit.
    `full` forgets what earlier fetches left. Raises FetchError where the source cannot be fetched whole; what landed
    before is then as it was, and the load step of the run knows. Raises ConfigError where the source is unknown or
    wrongly declared or configured.
    """
    config = run.settings.source(source_name)
    spec = load_spec(config.id, sources_folder(run))
    try:
        require_consent(run.settings, spec)
        if spec.is_restricted:
            require_private_store(run.home)
        result = fetch_into_landing(run, config, spec, full=full, clock=clock)
    except TierlineError as error:
        error.source = source_name
        run.write_outcome(fetch_step(source_name), {"status": "failed", "error": one_line(error)})
        raise
    status = "landed" if result.is_changed else "unchanged"
    size = {} if spec.is_restricted else {"bytes": sum(file.size for file in result.files)}
    outcome = {
        "status": status,
        "source": source_name,
        "files": [_told(file, is_restricted=spec.is_restricted) for file in result.files],
        **size,
        "arrived": result.arrived,
    }
    run.write_outcome(fetch_step(source_name), outcome)
    told = "".join(f", {count} {unit}" for unit, count in size.items())
    _LOG.info("%s %s: %d files%s; %d are new", source_name, status, len(result.files), told, result.arrived)
    return outcome


def _told(file: LandedFile, *, is_restricted: bool) -> dict[str, Any]:
    content = {} if is_restricted else {"sha256": file.sha256, "bytes": file.size}
    announced = {} if file.announced_total is None else {"announced_total": file.announced_total}
    return {"name": file.name, **content, **announced}


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


def require_consent(settings: Settings, spec: SourceSpec) -> None:
    """Raises FetchError where a source's licence asks for consent that the configuration does not give."""
    if spec.licence.consent_required and spec.id not in settings.accepted_licences:
        raise FetchError(
            f"its licence ({spec.licence.name}) asks for consent that the configuration does not give",
            remedy=f"Read {spec.licence.url or 'the licence'}, then add {spec.id} to accepted_licences.",
        )
