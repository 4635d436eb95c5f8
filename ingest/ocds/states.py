"""Releases or records in, states out: for each release its process as it was known with that release."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from ingest.ocds.merging import CompiledRelease, JsonObject
from ingest.ocds.normalising import as_mapped, embedded_releases, instant, linked_release
from ingest.quarantine import BROKEN_JSON, IDENTICAL_REPEAT, Fault

MOST_RELEASES = 1_000
NOT_IDENTIFIED = Fault(
    "no identity",
    "the release has neither an ocid nor an id",
    "Ask the publisher for the ocid; without it nothing can be said to belong to the release.",
)
UNDATED = Fault(
    "not a date",
    'path "$.date" is no date, and the releases of one process are merged in the order of their dates',
    "Correct the date at the source.",
)
TOO_MANY = Fault(
    "too many releases",
    f"the process has more than {MOST_RELEASES:,} releases",
    "Look whether one ocid stands for many processes; the publisher has to tell them apart.",
)
NOTHING_EMBEDDED = Fault(
    "no release",
    "the record has neither embedded releases nor a compiled release",
    "Fetch the releases that the record links to, and load them as release packages.",
)
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A release or record: of which process, whether that has an ocid, where it stands, and its JSON."""

    process: str
    has_ocid: bool
    snapshot: str
    record_no: int
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a release or record: the JSON of its state, or the fault for which it has none."""

    source: Incoming
    state: bytes | None
    fault: Fault | None = None
    shares_id: bool = False


def states_of_releases(releases: Iterable[Incoming], file_names: dict[str, str]) -> Iterator[Outcome]:
    """Yields the state of each release, which come by process and within it in the order in which they count.

    A release that says the same as an earlier one of its process is a repeat and has no state. One that shares its id
    with another and says something else has its own, and is marked. `file_names` are the names by snapshot.
    """
    process = _Process("", file_names)
    for release in releases:
        if release.process != process.key:
            process = _Process(release.process, file_names)
        yield process.outcome(release)


def states_of_records(records: Iterable[Incoming]) -> Iterator[Outcome]:
    """Yields for each record an object with `ocid` and `states`, the oldest first.

    The states come from the embedded releases, or else there is one: the compiled release.
    """
    for record in records:
        content = _decoded(record.text)
        if content is None:
            yield Outcome(record, None, BROKEN_JSON)
            continue
        states, fault = _states_within(content)
        told = {"ocid": content.get("ocid"), "states": states}
        yield Outcome(record, None, fault) if fault else Outcome(record, _ENCODER.encode(told))


class _Process:
    """The releases of one process that were taken so far."""

    def __init__(self, key: str, file_names: dict[str, str]) -> None:
        self.key = key
        self._file_names = file_names
        self._compiled = CompiledRelease()
        self._taken: dict[Any, list[tuple[JsonObject, Incoming]]] = {}
        self._count = 0

    def outcome(self, source: Incoming) -> Outcome:
        """Takes the next release and gives its state."""
        release = _decoded(source.text)
        if release is None:
            return Outcome(source, None, BROKEN_JSON)
        others = self._taken.setdefault(str(release.get("id")), [])
        for other, taken in others:
            if other == release:
                return Outcome(source, None, self._repeats(taken))
        others.append((release, source))
        self._count += 1
        if not source.has_ocid:  # what it belongs to is not told, so it stands alone under its own id
            self._compiled = CompiledRelease()
            release = {**release, "ocid": release.get("id")}
        self._compiled.add(release)
        state = as_mapped(self._compiled.content, self._count, release_id=release.get("id"))
        return Outcome(source, _ENCODER.encode(state), shares_id=len(others) > 1 and "id" in release)

    def _repeats(self, taken: Incoming) -> Fault:
        where = f"record {taken.record_no} of {self._file_names[taken.snapshot]}"
        return Fault(
            IDENTICAL_REPEAT.code, f"{IDENTICAL_REPEAT.reason}content as {where}", remedy=IDENTICAL_REPEAT.remedy
        )


def _states_within(record: JsonObject) -> tuple[list[Any], Fault | None]:
    releases, compiled = embedded_releases(record), record.get("compiledRelease")
    if len(releases) > MOST_RELEASES:
        return [], TOO_MANY
    dated = [(instant(release.get("date")), release) for release in releases]
    if releases and (len(releases) == 1 or all(day is not None for day, _ in dated)):
        return _merged([release for _, release in sorted(dated, key=lambda pair: pair[0] or _EARLIEST)]), None
    if isinstance(compiled, dict) and compiled:
        release_id, package_url = linked_release(record)
        told = {"ocid": record.get("ocid"), **compiled}
        return [as_mapped(told, 1, release_id=release_id or compiled.get("id"), package_url=package_url)], None
    return [], UNDATED if releases else NOTHING_EMBEDDED


def _merged(releases: list[JsonObject]) -> list[msgspec.Raw]:
    compiled = CompiledRelease()
    states: list[msgspec.Raw] = []
    for place, release in enumerate(releases):
        if release in releases[:place]:
            continue
        compiled.add(release)
        # a state shares objects with the next one, so it is kept as the text that it is now
        state = as_mapped(compiled.content, len(states) + 1, release_id=release.get("id"))
        states.append(msgspec.Raw(_ENCODER.encode(state)))
    return states


def _decoded(text: str) -> JsonObject | None:
    try:
        content = _DECODER.decode(text)
    except msgspec.DecodeError:
        return None
    return content if isinstance(content, dict) else None
