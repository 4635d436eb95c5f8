"""The note beside each landed file: where it came from, when, and what its publisher announced."""

import json
from pathlib import Path
from typing import Any

from tierline.errors import FetchError

SUFFIX = ".origin.json"
KEPT = "kept_sha256"
"""Key of the hash of what is left of a file from which records were withheld."""


def read_sidecar(landed: Path) -> dict[str, Any]:
    """Gives what the note beside a landed file says; raises FetchError where it is missing or cannot be read."""
    try:
        said: dict[str, Any] = json.loads(landed.with_name(landed.name + SUFFIX).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FetchError(
            f"the note of where {landed.name} came from is missing or broken",
            remedy="Fetch the source again in full: tierline fetch --full",
        ) from error
    return said
