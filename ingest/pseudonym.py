"""Pseudonyms of workers: a keyed hash whose key lives apart from the store that it protects."""

import os
import secrets
import stat
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import duckdb

from tierline.errors import ConfigError
from tierline.files import sync_folder
from tierline.home import Home

KEY_BYTES = 32
KEY_VARIABLE = "TIERLINE_PSEUDONYM_KEY"
_BLOCK_BYTES = 64


def pseudonym_key(home: Home, environment: Mapping[str, str] | None = None) -> bytes:
    """Gives the secret key of this installation's pseudonyms, made at its first use.

    `TIERLINE_PSEUDONYM_KEY` (64 or more hexadecimal digits) in the environment wins over `keys/pseudonym.key`, which is
    made with mode 0600 in a folder of mode 0700. Raises ConfigError for a key that is malformed or readable by others.
    """
    given = (os.environ if environment is None else environment).get(KEY_VARIABLE)
    if given:
        return _decoded(given, KEY_VARIABLE)
    path = home.keys / "pseudonym.key"
    if not path.exists():
        _make_key(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(
            f"other accounts may read the key of pseudonyms {path.name}",
            remedy="Take the right away (chmod 600), and treat the pseudonyms made so far as exposed.",
        )
    return _decoded(path.read_text(encoding="ascii"), path.name)


def register_pseudonym(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Gives the connection the SQL function `pseudonym(text)`: HMAC-SHA256 (RFC 2104) as 64 hexadecimal digits.

    NULL stays NULL. The key is held in variables of the connection: it is in no statement, catalogue or file.
    """
    block = (sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(_BLOCK_BYTES, b"\0")
    connection.execute("SET VARIABLE pseudonym_inner_pad = ?", [bytes(byte ^ 0x36 for byte in block)])
    connection.execute("SET VARIABLE pseudonym_outer_pad = ?", [bytes(byte ^ 0x5C for byte in block)])
    connection.execute(
        "CREATE OR REPLACE TEMP MACRO pseudonym(plain) AS sha256("
        "getvariable('pseudonym_outer_pad') || unhex(sha256(getvariable('pseudonym_inner_pad') || encode(plain))))"
    )


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(secrets.token_bytes(KEY_BYTES).hex().encode())
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key is the key
    finally:
        draft.unlink()
    sync_folder(path.parent)


def _decoded(text: str, origin: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) < KEY_BYTES:
        raise ConfigError(
            f"{origin} is no key of pseudonyms",
            remedy=f"Give at least {2 * KEY_BYTES} hexadecimal digits, or remove it and a new key is made: "
            "pseudonyms made before will then differ.",
        )
    return key
