"""Secret keys of this installation: each in a file of its own, outside the store that it protects."""

import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tierline.errors import ConfigError
from tierline.files import sync_folder
from tierline.home import Home

KEY_BYTES = 32


@dataclass(frozen=True)
class SecretKey:
    """One key: its file below `keys/`, the variable that wins over it, what it is, and what is lost without it."""

    file_name: str
    variable: str
    title: str
    if_exposed: str
    if_lost: str

    def path(self, home: Home) -> Path:
        """Gives where its file is."""
        return home.keys / self.file_name

    def is_given(self, home: Home, environment: Mapping[str, str] | None = None) -> bool:
        """Tells whether the key is there already, in the environment or as a file."""
        return bool(_given(self, environment)) or self.path(home).exists()

    def read(self, home: Home, environment: Mapping[str, str] | None = None) -> bytes:
        """Gives the key, made at its first use with mode 0600 in a folder of mode 0700.

        The variable holds 64 or more hexadecimal digits. Raises ConfigError for a key that is malformed or that others
        may read; the key itself is in no message.
        """
        given = _given(self, environment)
        if given:
            return self._decoded(given, self.variable)
        path = self.path(home)
        if not path.exists():
            _make(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(
                f"other accounts may read the {self.title} {path.name}",
                remedy=f"Take the right away (chmod 600), and {self.if_exposed}.",
            )
        return self._decoded(path.read_text(encoding="ascii"), path.name)

    def _decoded(self, text: str, origin: str) -> bytes:
        try:
            key = bytes.fromhex(text.strip())
        except ValueError:
            key = b""
        if len(key) < KEY_BYTES:
            raise ConfigError(
                f"{origin} is no {self.title}",
                remedy=f"Give at least {2 * KEY_BYTES} hexadecimal digits. {self.if_lost}",
            )
        return key


def _given(key: SecretKey, environment: Mapping[str, str] | None) -> str | None:
    return (os.environ if environment is None else environment).get(key.variable)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    # a name of its own, since sources are fetched side by side in one process; made with mode 0600
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(secrets.token_bytes(KEY_BYTES).hex().encode())
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another one was first: its key is the key
    finally:
        draft.unlink()
    sync_folder(path.parent)
