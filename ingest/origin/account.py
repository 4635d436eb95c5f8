"""What `tierline origin` prints: the record and where it came from, in lines for a person."""

from collections.abc import Iterator
from typing import Any

from ingest.origin.fates import Fate
from ingest.origin.finding import Origin
from ingest.terminal_text import MOST_VALUE_CHARACTERS, cut, inert, record_lines
from tierline.errors import ContractError

_JSON_KINDS = {"json", "jsonl"}
_FACTS = {
    "origin": "came from",
    "url": "address",
    "run_id": "fetched in run",
    "as_of": "as of",
    "modified_at": "file changed at",
    "announced_total": "records announced",
    "position": "position",
    "headers": "headers",
}


def account_lines(origin: Origin) -> Iterator[str]:
    """Yields the account of a record; no text of it can act on the terminal."""
    yield f"{inert(origin.address.source)} record {origin.address.record_no}"
    if origin.address.item_no is not None:
        yield f"  {'item':<18}{origin.address.item_no} of this record"
    yield from _file_lines(origin)
    yield from _source_lines(origin)
    yield from _fate_lines(origin.fate)
    yield from _place_lines(origin)


def bytes_of(origin: Origin) -> bytes:
    """Gives the bytes of a record; raises ContractError where its file keeps no bytes of single records."""
    if origin.place.content is None:
        raise ContractError(
            "a row of a Parquet file has no bytes of its own: the file keeps columns",
            source=origin.address.source,
            record=str(origin.address.record_no),
            remedy="Leave --bytes away to see its values.",
        )
    return origin.place.content


def _file_lines(origin: Origin) -> Iterator[str]:
    yield f"  {'file':<18}{inert(origin.file.name)} ({origin.path.stat().st_size:,} bytes, hash compared)"
    yield f"  {'sha256':<18}{origin.file.sha256}"
    yield f"  {'landed at':<18}{inert(str(origin.path))}"
    if not origin.is_present:
        yield f"  {'':<18}The source has newer files since; this one is kept in the landing."
    if origin.sidecar is None:
        yield f"  {'':<18}The note beside the file is lost: where it came from is not known any more."
        return
    for key, label in _FACTS.items():
        if origin.sidecar.get(key):
            yield f"  {label:<18}{cut(_plain(origin.sidecar[key]), MOST_VALUE_CHARACTERS)}"


def _source_lines(origin: Origin) -> Iterator[str]:
    licence = origin.spec.licence
    yield f"  {'publisher':<18}{inert(origin.spec.publisher)}"
    yield f"  {'licence':<18}{inert(' '.join(filter(None, (licence.name, licence.url))))}"
    if licence.attribution:
        yield f"  {'name it as':<18}{inert(licence.attribution)}"
    yield f"  {'cite':<18}{inert(origin.spec.citation)}"


def _fate_lines(fate: Fate | None) -> Iterator[str]:
    if fate is None:
        yield f"  {'now':<18}not part of what is loaded"
    elif not fate.is_loaded:
        yield f"  {'now':<18}in quarantine, {inert(fate.reason or '')}"
        yield f"  {'':<18}What to do: {inert(fate.remedy or '')}"
    else:
        yield f"  {'now':<18}loaded"
    if fate is not None and fate.ocid is not None:
        yield f"  {'process':<18}{inert(fate.ocid)}: {len(fate.releases) + fate.more_releases} other releases"
        for release in fate.releases:
            place = f"{release.snapshot_sha256[:12]} record {release.record_no}"
            yield f"  {'':<18}{place}, id {inert(release.release_id or 'none')}, {inert(release.date or 'undated')}"
        if fate.more_releases:
            yield f"  {'':<18}and {fate.more_releases} more"


def _place_lines(origin: Origin) -> Iterator[str]:
    place = origin.place
    if place.start is None or place.end is None:
        yield f"  {'place':<18}row {origin.address.record_no} of the file; Parquet keeps columns, so a row has no bytes"
    else:
        within = inert(place.part) if place.part else "the unpacked file" if origin.packing else "the file"
        yield f"  {'place':<18}bytes {place.start:,} to {place.end:,} of {within} ({place.codec})"
    if place.values is not None:
        yield "  values"
        for name, value in place.values.items():
            yield f"    {inert(name)}: {'' if value is None else cut(value, MOST_VALUE_CHARACTERS)}"
    if place.content is not None:
        yield (
            "  text"
            if origin.spec.format.kind not in _JSON_KINDS
            else "  text, written anew; --bytes gives it literally"
        )
        yield from record_lines(place.text)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return str(value)
