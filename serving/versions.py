"""What made a publication: the version of the code, the hash of each room of it, and the libraries that shape bytes."""

import platform
import subprocess
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from tierline import __version__
from tierline.files import sha256_of_file

_ROOMS: Final = ("dbt_project", "ingest", "matching", "models", "scoring", "serving", "tierline")
_NO_CODE: Final = {"__pycache__", "fixtures", "target", "logs"}
_LIBRARIES: Final = (
    *("anyascii", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "lxml", "numpy", "polars", "pyarrow"),
    *("python-stdnum", "rapidfuzz", "scikit-learn", "scipy", "splink"),
)


def made_with() -> dict[str, str]:
    """Gives name → version of Python, the machine's kind and every library whose version may change a byte."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{name: _version_of(name) for name in _LIBRARIES},
    }


def code_hashes(project: Path) -> dict[str, str]:
    """Gives room → SHA-256 over the paths and bytes of its files, so that a difference is told by its room."""
    return {room: _hash_of_folder(project / room) for room in _ROOMS if (project / room).is_dir()}


def code_version(project: Path) -> str:
    """Gives what `git describe` says of the checkout, or the package's version where there is no checkout or no git."""
    if not (project / ".git").exists():
        return __version__
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--tags", "--dirty"],
            cwd=project,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return __version__
    return f"{__version__}+{described.stdout.strip()}"


def version_differences(manifest: Mapping[str, Any], project: Path) -> list[str]:
    """Gives a line for each version or part of the code that is not as the manifest names it."""
    now = made_with()
    lines = [
        f"{name}: {told} then, {now.get(name, 'not there')} now"
        for name, told in manifest.get("made_with", {}).items()
        if now.get(name) != told
    ]
    if manifest.get("code_version") != code_version(project):
        lines.append(f"code: {manifest.get('code_version')} then, {code_version(project)} now")
    return lines + _room_differences(manifest.get("code"), code_hashes(project))


def _room_differences(then: Mapping[str, str] | None, now: Mapping[str, str]) -> list[str]:
    if then is None:
        return ["code: the manifest is of a version that kept no hash of each room"]
    rooms = sorted(then.keys() | now.keys())
    return [f"code of {room}: its files differ" for room in rooms if then.get(room) != now.get(room)]


def _version_of(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def _hash_of_folder(folder: Path) -> str:
    digest = sha256()
    for path in _files_of(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{sha256_of_file(path)}\n".encode())
    return digest.hexdigest()


def _files_of(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and _NO_CODE.isdisjoint(path.relative_to(folder).parts[:-1]):
            yield path
