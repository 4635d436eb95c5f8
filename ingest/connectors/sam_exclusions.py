"""The public extract of SAM.gov's exclusions: one request with a key gives the zip of the newest day.

Parameters and file names are those of the publisher's description of the extracts interface (open.gsa.gov,
"SAM Entity Extracts API"): `fileType=EXCLUSION`, and a zip named SAM_Exclusions_Public_Extract_V2_YYDDD.ZIP with one
CSV of the same name. The answer leads to a storage host, which gets no key. It was not checked on a live server. A
personal key may ask ten times a day.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ingest.connectors.fetching import Batch, FetchedFile, FetchRequest
from ingest.connectors.file_names import safe_name
from ingest.file_connections import SamExclusionsConnection
from tierline.errors import FetchError

_PARAMETERS = {"fileType": "EXCLUSION", "sensitivity": "PUBLIC"}


def fetch(request: FetchRequest) -> Iterator[Batch]:
    """Yields one batch with the newest extract; nothing where the server says that it is the present one.

    Raises FetchError where it cannot be had, or the zip does not hold exactly one CSV.
    """
    connection = request.connection_as(SamExclusionsConnection)
    present = request.state.files[0].url if request.state.files else ""
    got = request.client.download(
        connection.url,
        request.folder / "exclusions.zip",
        params=_PARAMETERS,
        validators=request.state.validators(present),
        wanted="archive",
    )
    if got.not_modified:
        return
    extract = _extract_named(got.path)
    file = FetchedFile(
        got.path, f"{extract}.zip", got.url, got.headers, position={"extract": extract}, sha256=got.sha256
    )
    yield Batch((file,), "replace", {"extract": extract})


def _extract_named(path: Path) -> str:
    """Gives the name of the one CSV within, without its ending; it carries the day."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [PurePosixPath(name).stem for name in archive.namelist() if name.casefold().endswith(".csv")]
    except zipfile.BadZipFile:
        names = []
    if len(names) != 1 or not safe_name(names[0]):
        raise FetchError(
            f"the extract holds {len(names)} CSV files where one is wanted",
            remedy="Download it by hand and look at it; then give its path in the configuration.",
        )
    return safe_name(names[0])
