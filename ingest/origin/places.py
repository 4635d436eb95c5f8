"""Where a record is: a range of the unpacked bytes of its file, or of one part of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tierline.errors import ContractError


@dataclass(frozen=True)
class Place:
    """The bytes of a record and their range: `end` is the first byte after it.

    `part` names the file inside a workbook that the range counts in, none: the unpacked file. A record of Parquet has
    no bytes of its own: content and range are then None. `values` are its cells as raw has them, where the bytes alone
    do not tell them; `codec` reads the bytes as text.
    """

    content: bytes | None
    start: int | None
    end: int | None
    codec: str
    part: str | None = None
    values: Mapping[str, str | None] | None = None

    @property
    def text(self) -> str:
        """The bytes as text; what is none in the encoding is written out."""
        raw = self.content or b""
        return (
            raw.decode(self.codec, "surrogateescape")
            .encode("utf-8", "surrogateescape")
            .decode("utf-8", "backslashreplace")
        )


def no_such_record(name: str, record_no: int, records: int) -> ContractError:
    """Gives the error for a number beyond the last record of a file."""
    return ContractError(
        f"{name} has {records:,} records and no number {record_no:,}",
        remedy="Check the number, and that the hash is that of the file you mean.",
    )
