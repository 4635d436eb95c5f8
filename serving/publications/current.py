"""Which publication readers see, and which they would see if another were taken away."""

from pathlib import Path
from typing import Any, Final

from serving.chain import read_chain
from serving.manifest import read_manifest
from tierline.home import Home
from tierline.publications import nothing_current, standing

CURRENT: Final = "current"
DATABASE: Final = "warehouse.duckdb"


def current_publication(home: Home) -> tuple[Path, dict[str, Any]]:
    """Gives the folder that `current` points to and its manifest; raises TierlineError that says why there is none."""
    link = home.published / CURRENT
    if not link.exists():
        raise nothing_current(home.published)
    folder = link.resolve()
    return folder, read_manifest(folder)


def newest_that_holds(published: Path) -> Path | None:
    """Gives the last publication of the chain that is whole and was not retracted; None where there is none."""
    told = standing(published)
    for link in reversed(read_chain(published).links):
        if link.run_id not in told.retracted and (published / link.run_id / DATABASE).is_file():
            return published / link.run_id
    return None
