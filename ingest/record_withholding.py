"""Takes single records out of a landed file: those of who withdrew, and those whose time is over."""

import csv
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ingest.mapping_spec import FieldMapping
from ingest.spec import SourceSpec
from ingest.unpacking import compression_of

IsWithheld = Callable[[str | None, date | None], bool]
"""Tells, from who answered and on which day, whether a record is taken out; None where the record does not say."""
_STEP = re.compile(r'\."([^"]+)"|\.([^."\[]+)')
_ENCODINGS = {"utf-8": "utf-8-sig"}


class NotWithholdable(Exception):
    """A layout whose records cannot be taken out one by one."""


@dataclass(frozen=True)
class _Places:
    """Where a record says who answered and when: headings with their aliases, or paths."""

    person: FieldMapping
    day: FieldMapping
    formats: tuple[str, ...]


def write_without(plain: Path, target: Path, spec: SourceSpec, is_withheld: IsWithheld) -> int:
    """Writes the file without the records withheld; gives how many those are.

    Raises NotWithholdable where the layout is not CSV, JSON or JSON Lines, is packed, or says who answered in more than
    one place.
    """
    places = _places(spec)
    if compression_of(plain) is not None or spec.format.kind not in _WRITERS:
        raise NotWithholdable
    return _WRITERS[spec.format.kind](plain, target, spec, places, is_withheld)


def _places(spec: SourceSpec) -> _Places:
    fields = spec.mapping[0].fields
    person = next((fields[name] for name in ("respondent_key", "case_key") if name in fields), None)
    day = next((fields[name] for name in ("submitted_on", "reported_on") if name in fields), None)
    if person is None or day is None or any((one.column or one.path) is None for one in (person, day)):
        raise NotWithholdable
    return _Places(person, day, day.formats)


def _write_table(plain: Path, target: Path, spec: SourceSpec, places: _Places, is_withheld: IsWithheld) -> int:
    encoding = _ENCODINGS.get(spec.format.encoding, spec.format.encoding)
    count = 0
    with (
        plain.open(encoding=encoding, newline="") as source,
        target.open("w", encoding=spec.format.encoding, newline="") as kept,
    ):
        rows = csv.reader(source, delimiter=spec.format.delimiter)
        writer = csv.writer(kept, delimiter=spec.format.delimiter, lineterminator="\n")
        header = next(rows, [])
        person, day = (_position(header, spec, place.column) for place in (places.person, places.day))
        writer.writerow(header)
        for row in rows:
            if is_withheld(_text(_cell(row, person)), _day(_cell(row, day), places.formats)):
                count += 1
            else:
                writer.writerow(row)
    return count


def _write_json(plain: Path, target: Path, spec: SourceSpec, places: _Places, is_withheld: IsWithheld) -> int:
    content = json.loads(plain.read_text(encoding=_ENCODINGS.get(spec.format.encoding, spec.format.encoding)))
    path = spec.format.records or ("$[*]" if isinstance(content, list) else None)
    if path is None or not path.endswith("[*]"):
        raise NotWithholdable
    records = _found(content, path.removesuffix("[*]"))
    if not isinstance(records, list):
        raise NotWithholdable
    kept = [record for record in records if not _is_out(record, places, is_withheld)]
    count = len(records) - len(kept)
    records[:] = kept
    target.write_text(json.dumps(content, ensure_ascii=False), encoding=spec.format.encoding)
    return count


def _write_lines(plain: Path, target: Path, spec: SourceSpec, places: _Places, is_withheld: IsWithheld) -> int:
    encoding = _ENCODINGS.get(spec.format.encoding, spec.format.encoding)
    count = 0
    with plain.open(encoding=encoding) as source, target.open("w", encoding=spec.format.encoding) as kept:
        for line in source:
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            if _is_out(record, places, is_withheld):
                count += 1
            else:
                kept.write(line)
    return count


_WRITERS: dict[str, Callable[[Path, Path, SourceSpec, _Places, IsWithheld], int]] = {
    "csv": _write_table,
    "json": _write_json,
    "jsonl": _write_lines,
}


def _is_out(record: Any, places: _Places, is_withheld: IsWithheld) -> bool:
    person, day = (_found(record, str(place.path)) for place in (places.person, places.day))
    return is_withheld(_text(person), _day(day, places.formats))


def _found(value: Any, path: str) -> Any:
    for quoted, plain in _STEP.findall(path):
        value = value.get(quoted or plain) if isinstance(value, dict) else None
    return value


def _position(header: list[str], spec: SourceSpec, column: str | None) -> int | None:
    names = [str(column), *spec.column_aliases.get(str(column), ())]
    headings = [heading.strip() for heading in header]
    return next((headings.index(name) for name in names if name in headings), None)


def _cell(row: list[str], position: int | None) -> str | None:
    return row[position] if position is not None and position < len(row) else None


def _text(value: Any) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None


def _day(value: Any, formats: tuple[str, ...]) -> date | None:
    text = _text(value)
    if text is None:
        return None
    for form in formats:
        try:
            return date(*time.strptime(text, form)[:3])
        except ValueError:
            continue
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
