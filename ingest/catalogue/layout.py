"""How the bytes of a sample are laid out: kind, encoding, delimiter, path of the records; seen, never asked."""

import codecs
import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest.spec import Format
from ingest.unpacking import ExpansionLimit, compression_of, unpacked_chunks
from tierline.errors import ConfigError

MOST_BYTES = 8 << 20
"""How much of an unpacked CSV or JSON Lines sample is looked at."""
LARGEST_WHOLE = 64 << 20
"""How large a sample may be that can only be read whole: a JSON document, a workbook, a page, a Parquet file."""
_DATA_SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xml", ".html")
_DELIMITERS = (",", ";", "\t", "|")
_LINE_SUFFIXES = {".jsonl", ".ndjson"}
_LEAST_LINES = 2
_LINES_LOOKED_AT = 200
_DEEPEST_RECORDS = 3
_UNDEFINED_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
_C1 = range(0x80, 0xA0)


@dataclass(frozen=True)
class Layout:
    """The section `format` that fits, the unpacked bytes looked at, whether they are all, and what is to be told."""

    format: Format
    content: bytes
    is_whole: bool
    packing: str | None
    notes: tuple[str, ...] = ()


def layout_of(path: Path) -> Layout:
    """Gives how a file is laid out; raises ConfigError where that cannot be seen, FetchError for a damaged archive."""
    if not path.is_file():
        raise ConfigError(f"there is no file {path.name}", remedy="Name a sample file that exists.")
    packing = compression_of(path)
    if packing == "zip" and _is_workbook(path):
        return _whole(Layout(Format(kind="xlsx"), b"", True, None), path)
    member = _member(path) if packing == "zip" else None
    content, is_whole = _start(path, member)
    if not content.strip():
        raise ConfigError(f"{path.name} is empty", remedy="Name a sample file with records in it.")
    found = _layout_of_content(content, is_whole, path)
    return replace(found, packing=packing, format=found.format.model_copy(update={"member": member}))


def _layout_of_content(content: bytes, is_whole: bool, path: Path) -> Layout:
    if content.startswith(b"PAR1"):
        return _whole(Layout(Format(kind="parquet"), b"", True, None), path)
    encoding, notes = _encoding(content)
    text = _decoded(content, encoding, is_whole)
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return _whole(Layout(Format.model_validate({"kind": "html", "encoding": encoding}), content, True, None), path)
    if start.startswith(("{", "[")):
        is_lines = _is_json_lines(text) or any(suffix in _LINE_SUFFIXES for suffix in path.suffixes)
        return _json_layout(text, content, is_whole, encoding, notes, is_lines=is_lines)
    delimiter = _delimiter(text)
    format_ = Format.model_validate({"kind": "csv", "encoding": encoding, "delimiter": delimiter})
    return Layout(format_, _to_last_line_end(content, encoding, is_whole), is_whole, None, notes)


def _json_layout(
    text: str, content: bytes, is_whole: bool, encoding: str, notes: tuple[str, ...], *, is_lines: bool
) -> Layout:
    if is_lines:
        format_ = Format.model_validate({"kind": "jsonl", "encoding": encoding})
        return Layout(format_, _to_last_line_end(content, encoding, is_whole), is_whole, None, notes)
    if not is_whole:
        raise _too_large("a JSON document")
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except ValueError as error:
        raise ConfigError(
            f"the sample begins like JSON and is none: {error}", remedy="Check that the file is whole."
        ) from None
    path, others = _records_path(document)
    if others:
        notes = (*notes, f"other arrays of objects in the document: {', '.join(others)}")
    format_ = Format.model_validate({"kind": "json", "encoding": encoding, "records": path})
    return Layout(format_, content, True, None, notes)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def _member(path: Path) -> str | None:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX")]
    data = [name for name in names if name.lower().endswith(_DATA_SUFFIXES)]
    return data[0] if len(names) > 1 and len(data) == 1 else None


def _start(path: Path, member: str | None) -> tuple[bytes, bool]:
    """Gives the first unpacked bytes of a file, enough for one that must be read whole, and whether they are all."""
    chunks = _plain_chunks(path) if compression_of(path) is None else _unpacked(path, member)
    taken = bytearray()
    for chunk in chunks:
        taken += chunk
        most = MOST_BYTES if len(taken) < MOST_BYTES or _goes_line_by_line(taken) else LARGEST_WHOLE
        if len(taken) > most:
            return bytes(taken[:most]), False
    return bytes(taken), True


def _goes_line_by_line(start: bytearray) -> bool:
    """Tells whether a part of the file can be read alone: CSV and JSON Lines, not a JSON document or a page."""
    text = start[:MOST_BYTES].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    return not text.startswith(("{", "[", "<")) or _is_json_lines(text)


def _plain_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            yield chunk


def _unpacked(path: Path, member: str | None) -> Iterator[bytes]:
    return unpacked_chunks(path, path.name, member=member, limit=ExpansionLimit())


def _whole(layout: Layout, path: Path) -> Layout:
    if path.stat().st_size > LARGEST_WHOLE:
        raise _too_large(f"a file of kind {layout.format.kind}")
    return layout


def _too_large(what: str) -> ConfigError:
    return ConfigError(
        f"the sample is {what} of more than {LARGEST_WHOLE >> 20} MiB, which can only be read whole",
        remedy="Give a smaller sample of the same shape.",
    )


def _encoding(content: bytes) -> tuple[str, tuple[str, ...]]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ()
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        told = "the encoding is not UTF-8; {} was chosen by the bytes: check the accents in a few names"
        special = {byte for byte in set(content) if byte in _C1}
        chosen = "latin-1" if special & _UNDEFINED_IN_CP1252 or not special else "cp1252"
        return chosen, (told.format(chosen),)
    return "utf-8", ()


def _decoded(content: bytes, encoding: str, is_whole: bool) -> str:
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    return codecs.getincrementaldecoder(codec)(errors="replace").decode(content, final=is_whole)


def _to_last_line_end(content: bytes, encoding: str, is_whole: bool) -> bytes:
    """Gives the content without its last line where it was cut; a record that spans lines may still be cut."""
    if is_whole or encoding == "utf-16":
        return content
    return content[: content.rfind(b"\n") + 1] or content


def _is_json_lines(text: str) -> bool:
    """Tells whether there are two lines at least, of which the first is an object and the second begins as one."""
    lines = [line for line in text.lstrip("\ufeff").splitlines()[:3] if line.strip()]
    if len(lines) < _LEAST_LINES or not lines[0].lstrip().startswith("{"):
        return False
    try:
        json.loads(lines[0])
    except ValueError:
        return False
    return lines[1].lstrip().startswith("{")


def _delimiter(text: str) -> str:
    """Gives the delimiter under which the most records have one and the same number of cells, more than one."""
    sample = "\n".join(text.splitlines()[:_LINES_LOOKED_AT])

    def score(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(cells) for cells in csv.reader(io.StringIO(sample), delimiter=delimiter) if cells]
        except csv.Error:
            return (0.0, 0)
        width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
        return (count / len(widths), width) if width > 1 else (0.0, 0)

    return max(_DELIMITERS, key=score)


def _records_path(document: Any) -> tuple[str | None, list[str]]:
    if isinstance(document, list):
        return None, []
    found = sorted(_arrays(document, "$", 0), key=lambda item: (-item[1], item[0]))
    if not found:
        return None, []
    return found[0][0], [path for path, _ in found[1:]]


def _arrays(value: Any, path: str, depth: int) -> Iterator[tuple[str, int]]:
    if not isinstance(value, dict) or depth >= _DEEPEST_RECORDS:
        return
    for key, inner in value.items():
        step = f'{path}."{key}"' if not key.isidentifier() else f"{path}.{key}"
        if isinstance(inner, list) and sum(isinstance(item, dict) for item in inner) > len(inner) / 2:
            yield f"{step}[*]", len(inner)
        yield from _arrays(inner, step, depth + 1)
