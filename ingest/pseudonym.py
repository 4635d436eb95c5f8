"""Pseudonyms of workers: a keyed hash whose key lives apart from the store that it protects."""

import hmac
from collections.abc import Mapping
from hashlib import sha256

import duckdb

from ingest.secret_keys import SecretKey
from tierline.home import Home

PSEUDONYM_KEY = SecretKey(
    file_name="pseudonym.key",
    variable="TIERLINE_PSEUDONYM_KEY",
    title="key of pseudonyms",
    if_exposed="treat the pseudonyms made so far as exposed",
    if_lost="Or remove it and a new key is made: pseudonyms made before will then differ.",
)
_BLOCK_BYTES = 64


def pseudonym_key(home: Home, environment: Mapping[str, str] | None = None) -> bytes:
    """Gives the secret key of this installation's pseudonyms, made at its first use; see `SecretKey.read`."""
    return PSEUDONYM_KEY.read(home, environment)


def pseudonym_of(key: bytes, reference: str) -> str:
    """Gives the pseudonym that the SQL function `pseudonym` gives for the reference."""
    return hmac.new(key, reference.strip().encode(), sha256).hexdigest()


def file_pseudonym(key: bytes, file_sha256: str) -> str:
    """Gives what stands outside the restricted store for the hash of a file of answers; '' for no file.

    Who knows all of a file but one answer could try the answers until the hash fits; without the key nobody can.
    """
    return pseudonym_of(key, f"file {file_sha256}") if file_sha256 else ""


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
