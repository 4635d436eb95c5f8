"""The body of an answer on its way to disk: unpacked, counted, hashed and limited while it streams."""

import hashlib
import os
import zlib
from pathlib import Path

from ingest.connectors.content import SNIFFED_BYTES
from ingest.connectors.pacing import Interrupted
from ingest.unpacking import ExpansionLimit
from tierline.errors import FetchError
from tierline.files import private_stream

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_PIECE_BYTES = 1 << 20
_ALGORITHMS = ("sha256", "sha1", "md5")
_PLAIN = {"", "identity"}
_PACKED = {"gzip", "x-gzip", "deflate"}


class BodyFile:
    """A file that takes the body of an answer, in as many parts as it comes; readable by its owner alone.

    `received` counts bytes as they were sent, `size` those written; `furthest` is the most that was ever received.
    """

    def __init__(self, target: Path, name: str, *, most_bytes: int, limit: ExpansionLimit) -> None:
        self._stream = private_stream(target)
        self._name, self._most_bytes, self._limit = name, most_bytes, limit
        self.furthest = 0
        self.restart("")

    def restart(self, encoding: str) -> None:
        """Forgets what was written; the next bytes are the first, packed as `Content-Encoding` says."""
        packing = encoding.strip().casefold()
        if packing not in _PLAIN | _PACKED:
            raise FetchError(f"{self._name} is packed as '{packing}', which was not asked for")
        self._stream.seek(0)
        self._stream.truncate()
        self._packing = packing
        self._unpacker = zlib.decompressobj(_GZIP_OR_ZLIB) if packing in _PACKED else None
        self.received = self.size = 0
        self.start = b""
        self._digests = {algorithm: hashlib.new(algorithm, usedforsecurity=False) for algorithm in _ALGORITHMS}

    @property
    def is_packed(self) -> bool:
        """Whether the bytes are packed for the way, so that they cannot be asked for from their middle."""
        return self._unpacker is not None

    def write(self, chunk: bytes) -> None:
        """Takes the next bytes; raises FetchError where they become too many, Interrupted where they are damaged."""
        self.received += len(chunk)
        self.furthest = max(self.furthest, self.received)
        if self._unpacker is None:
            self._keep(chunk)
            return
        try:
            self._unpack(chunk)
        except zlib.error:
            raise Interrupted("it is packed and damaged") from None

    def _unpack(self, chunk: bytes) -> None:
        while chunk and self._unpacker is not None:
            if self._unpacker.eof:
                self._unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
            self._keep(self._unpacker.decompress(chunk, _PIECE_BYTES))
            chunk = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail

    def _keep(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._most_bytes:
            raise FetchError(
                f"{self._name} has more than {self._most_bytes:,} bytes",
                remedy="If it is sound, raise max_bytes of the source's connection.",
            )
        if self._unpacker is not None:
            self._limit.check(self.size, self.received, self._name)
        if len(self.start) < SNIFFED_BYTES:
            self.start += piece[: SNIFFED_BYTES - len(self.start)]
        for digest in self._digests.values():
            digest.update(piece)
        self._stream.write(piece)

    def finish(self) -> None:
        """Puts the whole body on disk; raises Interrupted where its packing does not end."""
        if self._unpacker is not None and not self._unpacker.eof and self.received:
            raise Interrupted("it is packed and does not end")
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def checksum(self, algorithm: str) -> str:
        """Gives the hash of what was written, in hexadecimal digits."""
        return self._digests[algorithm].hexdigest()

    def close(self) -> None:
        """Closes the file."""
        self._stream.close()
