"""The record of a check: plain data with a hash that anybody can make again from the list and the publication."""

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from serving.findings import Finding, finding_of
from serving.screening.check import NONE_OF_THEM, RECORD_VERSION, Asked, checked
from serving.screening.columns import Column
from serving.screening.reading import Publication, Row
from serving.screening.table import Limits, Table
from tierline.errors import ContractError
from tierline.files import sha256_of_bytes

ATTACHMENT: Final = "record.json"
_PDF: Final = b"%PDF"
_EMBEDDED = re.compile(rb"/Type\s*/EmbeddedFile\b[^>]*?(?:>>[^>]*?)*?>>\s*stream\r?\n")
_MOST_BYTES: Final = 500 * 2**20


@dataclass(frozen=True)
class Kept:
    """A record as it was kept: its data, the hash that stands beside them, and the language it was told in."""

    record: Row
    sha256: str
    language: str


def canonical(record: Mapping[str, Any]) -> bytes:
    """Gives the bytes that are hashed: JSON in ASCII, keys sorted, no blanks (the same data, the same bytes)."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def hash_of(record: Mapping[str, Any]) -> str:
    """Gives the SHA-256 of the canonical bytes of a record."""
    return sha256_of_bytes(canonical(record))


def kept_text(record: Mapping[str, Any], language: str) -> str:
    """Gives the record with its hash as JSON in ASCII, as it is kept beside the PDF and inside of it."""
    return f'{{"language":"{language}","record":{canonical(record).decode()},"sha256":"{hash_of(record)}"}}\n'


def read_kept(content: bytes) -> Kept:
    """Gives the record of a JSON file, or the one attached to a PDF; raises ContractError where there is none."""
    text = _attached(content) if content.startswith(_PDF) else content
    try:
        told = json.loads(text)
        kept = Kept(told["record"], str(told["sha256"]), str(told["language"]))
        version = kept.record["record_version"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ContractError(
            "the file is no record of a check", remedy="Name the record.json or the PDF as it was written."
        ) from error
    if version != RECORD_VERSION:
        raise ContractError(
            "the record has a shape that this version does not read",
            remedy="Verify it with the version of Tierline that wrote it.",
        )
    return kept


def asked_again(kept: Kept, content: bytes, table: Table) -> Asked:
    """Gives what was asked, from a record and the list itself; raises ContractError where the record does not say."""
    told = kept.record["asked"]
    try:
        columns = {
            role: Column(one["column"] - 1, str(one["heading"]), str(one["seen_by"]))
            for role, one in told["columns"].items()
        }
        return Asked(
            file_name=str(told["file_name"]),
            content=content,
            table=table,
            columns=columns,
            checked_on=date.fromisoformat(told["checked_on"]),
            confirmed={int(one["row"]): str(one["supplier_id"]) for one in told["confirmed"]},
            by_role=str(told["confirmed_by_role"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ContractError("the record does not say what was asked", remedy="Name the record as written.") from error


def findings_of(kept: Kept, asked: Asked | None, publication: Publication | None, limits: Limits) -> list[Finding]:
    """Gives what holds of a record: its own hash, the list, the publication, and every answer made again.

    Without the list or the publication, what needs them is not checked.
    """
    told = kept.record
    own = None if hash_of(told) == kept.sha256 else "the content was changed after the hash was made"
    findings = [finding_of("the hash is that of the content", own)]
    if asked is not None:
        other = sha256_of_bytes(asked.content) != told["asked"]["file_sha256"]
        findings.append(finding_of("the list is the one that was checked", "its bytes differ" if other else None))
    if asked is None or publication is None:
        missing = "the list was not named" if asked is None else "the publication is not here"
        return [*findings, Finding("the answers come out again", "not checked", missing)]
    again = checked(asked, publication, limits)
    parts = [part for part in sorted(told.keys() | again.keys()) if _bytes(told.get(part)) != _bytes(again.get(part))]
    return [
        *findings,
        finding_of("the publication is the one that was read", _other_publication(told, again)),
        finding_of("the answers come out again", f"what differs: {', '.join(parts)}" if parts else None),
        finding_of("list and publication give the hash again", _other_hash(again, kept.sha256)),
    ]


def _other_publication(told: Row, again: Row) -> str | None:
    one, other = told["publication"], again["publication"]
    return None if one == other else f"its manifest has the hash {other['manifest_sha256']}"


def _other_hash(again: Row, sha256: str) -> str | None:
    made = hash_of(again)
    return None if made == sha256 else f"they give {made}"


def _bytes(part: Any) -> bytes:
    return json.dumps(part, sort_keys=True).encode()


def _attached(content: bytes) -> bytes:
    """Gives the file that is attached to a PDF as we write it; raises ContractError where none is."""
    found = _EMBEDDED.search(content)
    if found is None:
        raise ContractError(
            "no record is attached to the PDF", remedy="Name the PDF as it was written, or the record.json beside it."
        )
    stream = content[found.end() :]
    unpacker = zlib.decompressobj()
    try:
        return unpacker.decompress(stream, _MOST_BYTES)
    except zlib.error:
        return stream.partition(b"endstream")[0]


__all__ = ["ATTACHMENT", "NONE_OF_THEM", "Kept", "asked_again", "canonical", "findings_of", "hash_of", "kept_text",
           "read_kept"]  # fmt: skip
