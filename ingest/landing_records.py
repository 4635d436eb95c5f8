"""What is noted in a landing: each arrival of a file in its sidecar, and from these the present state.

A batch is a number of files that became present together. Its files say in their sidecars which batch it was, how many
files it had and what the connector wanted to keep. `current.json` and `state.json` say the same shorter; where one is
lost or broken, the sidecars give it back, and a batch of which a file is missing never landed.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from ingest.sidecar import SUFFIX
from tierline.files import write_json_atomically

CURRENT = "current.json"
STATE = "state.json"
Mode = Literal["replace", "append"]
_BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class LandedFile:
    """One file in the landing: its name as it came, the SHA-256 of its bytes and its size in bytes.

    What came over HTTP has its address without any secret, the headers etag, last_modified and content_type, the number
    of records that the source announced, and its position in the source: window_from, window_to, page, cursor.
    """

    name: str
    sha256: str
    size: int
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    announced_total: int | None = None
    position: Mapping[str, str | int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Arrival:
    """How a batch came: the configured path or address, the run that fetched it, and the connection's identity."""

    origin: str
    run_id: str
    as_of: str
    connection: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchRecord:
    """One batch as its sidecars tell it; `values` is what the connector keeps for the next fetch."""

    number: int
    mode: Mode
    arrival: Arrival
    values: Mapping[str, Any]
    files: tuple[LandedFile, ...]


@dataclass(frozen=True)
class PresentState:
    """What a source is now: the last batch, and all present files in the order in which their records count."""

    batch: int
    arrival: Arrival
    values: Mapping[str, Any]
    files: tuple[LandedFile, ...]


def after_batch(present: PresentState | None, batch: BatchRecord) -> PresentState:
    """Gives the present state once a batch has landed.

    An appended window takes the place of the same window; everything else that is appended comes last.
    """
    before = present.files if present and batch.mode == "append" else ()
    return PresentState(batch.number, batch.arrival, batch.values, _appended(before, batch.files))


def _appended(before: Sequence[LandedFile], new: Sequence[LandedFile]) -> tuple[LandedFile, ...]:
    windows = {window for file in new if (window := _window(file))}
    place = next((index for index, file in enumerate(before) if _window(file) in windows), len(before))
    head = [file for file in before[:place] if _window(file) not in windows]
    tail = [file for file in before[place:] if _window(file) not in windows]
    return (*head, *new, *tail)


def _window(file: LandedFile) -> tuple[Any, Any] | None:
    bounds = file.position.get("window_from"), file.position.get("window_to")
    return None if bounds == (None, None) else bounds


def write_present(folder: Path, present: PresentState, mode: int) -> None:
    """Writes `current.json` and `state.json`, each in one step."""
    noted = asdict(present)
    values = noted.pop("values")
    current = {**noted.pop("arrival"), **noted}
    write_json_atomically(folder / CURRENT, current, mode)
    write_json_atomically(folder / STATE, {"batch": present.batch, "values": values}, mode)


def read_current(folder: Path) -> PresentState | None:
    """Gives the present state without what the connector keeps; None where `current.json` is missing or broken."""
    try:
        said = json.loads((folder / CURRENT).read_text(encoding="utf-8"))
        files = tuple(LandedFile(**entry) for entry in said["files"])
        arrival = Arrival(said["origin"], said["run_id"], said["as_of"], said.get("connection", {}))
        return PresentState(int(said.get("batch", 0)), arrival, {}, files)
    except _BROKEN:
        return None


def read_values(folder: Path, batch: int) -> Mapping[str, Any] | None:
    """Gives what the connector keeps since a batch; None where `state.json` is missing, broken or of another batch."""
    try:
        said = json.loads((folder / STATE).read_text(encoding="utf-8"))
        values: dict[str, Any] = said["values"]
        return values if said["batch"] == batch else None
    except _BROKEN:
        return None


def rebuilt(folder: Path, landed_by: date | None = None) -> PresentState | None:
    """Gives the present state as the sidecars tell it, or that of a day; None where they tell of no whole batch.

    The state of the day `landed_by` knows the batches that runs for that day or an earlier one have landed.
    """
    present = None
    for batch in whole_batches(folder):
        if landed_by is None or batch.arrival.as_of <= landed_by.isoformat():
            present = after_batch(present, batch)
    return present


def whole_batches(folder: Path) -> list[BatchRecord]:
    """Gives the batches of which every file is noted, in order."""
    notes: dict[int, dict[int, tuple[dict[str, Any], LandedFile]]] = defaultdict(dict)
    for note, file in _arrivals(folder):
        notes[note["batch"]][note["index"]] = note, file
    batches = []
    for number, files in sorted(notes.items()):
        (first, _), *_rest = files.values()
        if sorted(files) == list(range(first["of"])):
            arrival = Arrival(first["origin"], first["run_id"], first["as_of"], first["connection"])
            ordered = tuple(file for _, (_, file) in sorted(files.items()))
            batches.append(BatchRecord(number, first["mode"], arrival, first["values"], ordered))
    return batches


def last_number(folder: Path) -> int:
    """Gives the highest number that any batch had, whole or not; 0 where there was none."""
    return max((note["batch"] for note, _ in _arrivals(folder)), default=0)


def note_batch(folder: Path, batch: BatchRecord, terms: Mapping[str, Any], mode: int) -> None:
    """Adds the arrival of each file of a batch to its sidecar, beside the terms of its source."""
    shared = {"batch": batch.number, "of": len(batch.files), "mode": batch.mode, "values": batch.values}
    for index, file in enumerate(batch.files):
        path = folder / file.sha256 / (file.name + SUFFIX)
        said = asdict(file)
        bytes_of_it = {key: said.pop(key) for key in ("name", "sha256")}
        arrival = {**asdict(batch.arrival), **shared, "index": index, **said}
        noted = {**terms, **asdict(batch.arrival), **bytes_of_it, **said, "arrivals": [*_arrivals_in(path), arrival]}
        write_json_atomically(path, noted, mode)


def _arrivals(folder: Path) -> Iterator[tuple[dict[str, Any], LandedFile]]:
    for path in sorted(folder.glob("[!.]*/[!.]*" + SUFFIX)):
        for note in _arrivals_in(path):
            try:
                yield _checked(note), _file_of(path, note)
            except _BROKEN:
                continue


def _arrivals_in(path: Path) -> list[dict[str, Any]]:
    try:
        return [note for note in json.loads(path.read_text(encoding="utf-8"))["arrivals"] if isinstance(note, dict)]
    except _BROKEN:
        return []


def _checked(note: dict[str, Any]) -> dict[str, Any]:
    if not all(isinstance(note[key], int) for key in ("batch", "index", "of")) or note["mode"] not in get_args(Mode):
        raise ValueError("no arrival")
    return note


def _file_of(path: Path, note: dict[str, Any]) -> LandedFile:
    return LandedFile(
        path.name.removesuffix(SUFFIX),
        path.parent.name,
        note["size"],
        note["url"],
        note["headers"],
        note["announced_total"],
        note["position"],
    )
