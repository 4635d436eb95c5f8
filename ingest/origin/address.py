"""What a person may write to name a record: a row id, or source, beginning of the hash, and number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tierline.errors import ConfigError

_ROW_ID = re.compile(r"(?P<source>.+?):(?P<hash>[0-9a-f]{12}):(?P<record>\d+)(?::(?P<item>\d+))?(?::m\d+)?")
_HASH = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True)
class RecordAddress:
    """A record of a landed file: the source's name, the first digits of the file's SHA-256, and the number, from 1.

    `record_no` is 0 where a row stands for many records. `item_no` is the item of the record that a row stands for,
    where it stands for one.
    """

    source: str
    hash_prefix: str
    record_no: int
    item_no: int | None = None

    def __str__(self) -> str:
        return f"{self.source}:{self.hash_prefix}:{self.record_no}"


def parse_address(words: Sequence[str]) -> RecordAddress:
    """Gives the record that a row id, or the three words source, hash and number, name; raises ConfigError if none."""
    if len(words) == 1:
        found = _ROW_ID.fullmatch(words[0].strip())
        if found is None:
            raise _no_address()
        item = found["item"]
        address = RecordAddress(found["source"], found["hash"], int(found["record"]), int(item) if item else None)
    elif len(words) == 3 and _HASH.fullmatch(words[1].lower()) and words[2].isdecimal():
        address = RecordAddress(words[0], words[1].lower(), int(words[2]))
    else:
        raise _no_address()
    return address


def _no_address() -> ConfigError:
    return ConfigError(
        "that names no record",
        remedy="Give a row id (source:first 12 digits of the hash:record) as in row_id, or the three words: "
        "source, first digits of the snapshot's hash (6 at least), record number.",
    )
