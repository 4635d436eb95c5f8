"""Sealed files: landed bytes of restricted sources, encrypted in pieces with a key of their own (AES-256-GCM).

A file has a random salt, from which and the key of the store its own key is derived (HKDF-SHA256, RFC 5869). Each piece
is sealed with its number and whether it is the last, so that none can be left out, moved or cut off unseen.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tierline.errors import FetchError

_MARK = b"TIERLINE-SEALED-1"
_SALT_BYTES = 16
_PIECE_BYTES = 1 << 20
_TAG_BYTES = 16
_PURPOSE = b"landed file of a restricted source"


def is_sealed(path: Path) -> bool:
    """Tells whether a file is sealed; raises OSError where it cannot be read."""
    with path.open("rb") as stream:
        return stream.read(len(_MARK)) == _MARK


def seal_file(plain: Path, sealed: Path, key: bytes, mode: int) -> None:
    """Writes the sealed form of a file, synced; the folder must be there."""
    salt = os.urandom(_SALT_BYTES)
    cipher = _cipher(key, salt)
    descriptor = os.open(sealed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with plain.open("rb") as source, os.fdopen(descriptor, "wb") as target:
        target.write(_MARK + salt)
        for number, (piece, is_last) in enumerate(_pieces(source.read, _PIECE_BYTES)):
            target.write(cipher.encrypt(_nonce(number, is_last=is_last), piece, None))
        target.flush()
        os.fsync(target.fileno())


def open_sealed(sealed: Path, plain: Path, key: bytes, mode: int) -> None:
    """Writes the bytes of a sealed file as they were; raises FetchError where key or file are not what they were."""
    descriptor = os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with sealed.open("rb") as source, os.fdopen(descriptor, "wb") as target:
        source.read(len(_MARK))
        cipher = _cipher(key, source.read(_SALT_BYTES))
        try:
            for number, (piece, is_last) in enumerate(_pieces(source.read, _PIECE_BYTES + _TAG_BYTES)):
                target.write(cipher.decrypt(_nonce(number, is_last=is_last), piece, None))
        except InvalidTag:
            raise FetchError(
                f"the landed file {sealed.name} cannot be opened: its key is another one, or its bytes changed",
                remedy="Restore keys/restricted.key as it was when the file was fetched, or fetch the source again.",
            ) from None


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=_PURPOSE).derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _pieces(read: Callable[[int], bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Yields the pieces that a file is read in, and whether each is the last; an empty file is one empty piece."""
    piece = read(size)
    while True:
        following = read(size)
        yield piece, not following
        if not following:
            return
        piece = following
