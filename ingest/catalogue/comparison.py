"""The command `sources test`: a declaration on its fixtures, and what it told, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.catalogue.trial import (
    FileOutcome,
    Fixture,
    differences,
    expected_outcomes,
    fixtures_of,
    load_fixtures,
    outcomes,
    write_expected,
)
from ingest.contracts import QUARANTINED_RECORD
from ingest.quarantine import DUPLICATE_KEY, REPEATS
from ingest.spec import SOURCES
from tierline.run import Run
from tierline.warehouse import connect

_FIRST_DIFFERENCES = 10
_FIRST_REASONS = 10
_NAMES_ANOTHER_RECORD = (DUPLICATE_KEY.code, *REPEATS)


@dataclass(frozen=True)
class CountedReason:
    """Why records of one file are in quarantine, with the column that it lies in, and how many they are."""

    code: str
    reason: str
    count: int


@dataclass(frozen=True)
class TestedSource:
    """How a source did: each file's outcome, reasons of quarantine and differences from what was expected.

    `written` is the file that now expects what came, None where only a comparison was asked for.
    """

    source_id: str
    found: dict[str, FileOutcome]
    differences: dict[str, list[str]]
    reasons: dict[str, list[CountedReason]] = field(default_factory=dict)
    written: Path | None = None

    @property
    def is_as_expected(self) -> bool:
        """Whether nothing differs."""
        return not any(self.differences.values())

    def told(self) -> str:
        """Gives what came of each file, why records are in quarantine, and the first differences."""
        lines = [f"{self.source_id}: {self._verdict()}"]
        for name, outcome in self.found.items():
            lines.extend(_told_of_file(name, outcome, self.reasons.get(name, [])))
        listed = [f"  {name}: {text}" for name, texts in self.differences.items() for text in texts]
        if listed:
            lines.append("differences")
            lines.extend(listed[:_FIRST_DIFFERENCES])
        if len(listed) > _FIRST_DIFFERENCES:
            lines.append(f"  and {len(listed) - _FIRST_DIFFERENCES} more")
        return "\n".join(lines)

    def _verdict(self) -> str:
        if not self.is_as_expected:
            return "NOT as expected"
        if self.written is None:
            return "as expected"
        read = sum(outcome.read for outcome in self.found.values())
        loaded = sum(outcome.loaded for outcome in self.found.values())
        waiting = f"; {read - loaded} wait in quarantine: is that right?" if read > loaded else ""
        return f"wrote {self.written.name}: {loaded} of {read} records are loaded{waiting}"


def try_source(source_id: str, home: Path, sources: Path = SOURCES, *, write: bool = False) -> TestedSource:
    """Loads the fixtures of a source into a home of their own and compares them with `expected.json`.

    With `write`, what came is written to `expected.json` first, so that nothing differs. Raises ConfigError for a wrong
    declaration or one without fixtures.
    """
    fixtures = fixtures_of(source_id, sources)
    run = load_fixtures(fixtures, home, sources)
    by_name = outcomes(run, fixtures, sources)
    found = {item.path.name: by_name[item.name] for item in fixtures}
    written = write_expected(source_id, found, sources) if write else None
    expected = expected_outcomes(source_id, sources)
    told = {name: differences(expected.get(name), outcome) for name, outcome in found.items()}
    told |= {name: ["there is no such fixture"] for name in expected if name not in found}
    return TestedSource(source_id, found, told, _counted_reasons(run, fixtures), written)


def _counted_reasons(run: Run, fixtures: Iterable[Fixture]) -> dict[str, list[CountedReason]]:
    with connect(run.home.warehouse, read_only=True) as store:
        return {
            item.path.name: [
                CountedReason(*row)
                for row in store.execute(
                    f"SELECT reason_code, reason, count(*) FROM {QUARANTINED_RECORD.qualified_name} "
                    "WHERE source_name = $name GROUP BY ALL ORDER BY count(*) DESC, reason",
                    {"name": item.name},
                ).fetchall()
            ]
            for item in fixtures
        }


def _told_of_file(name: str, outcome: FileOutcome, reasons: list[CountedReason]) -> list[str]:
    quarantined = sum(outcome.quarantined.values())
    lines = [f"  {name}: {outcome.read} read = {outcome.loaded} loaded + {quarantined} quarantined"]
    for code, count in outcome.quarantined.items():
        lines.append(f"    quarantined, {code}: {count}")
        lines.extend(_told_of_reasons([reason for reason in reasons if reason.code == code]))
    for table, count in outcome.canonical.items():
        lines.append(f"    {table}: {count} rows")
        lines.extend(_told_of_fields(outcome.filled.get(table, {})))
    if outcome.error is not None:
        lines.append(f"    failed: {outcome.error}")
    return lines


def _told_of_fields(filled: dict[str, int]) -> Iterator[str]:
    """Yields in how many rows each mapped field is filled, and which never are: their path may be misspelt."""
    given = [f"{name} {count}" for name, count in filled.items() if count]
    never = [name for name, count in filled.items() if not count]
    if given:
        yield f"      filled: {', '.join(given)}"
    if never:
        yield f"      NEVER filled: {', '.join(never)}"


def _told_of_reasons(reasons: list[CountedReason]) -> Iterator[str]:
    if not reasons or reasons[0].code in _NAMES_ANOTHER_RECORD:
        return
    yield from (f"      {reason.reason}: {reason.count}" for reason in reasons[:_FIRST_REASONS])
    if len(reasons) > _FIRST_REASONS:
        yield f"      and {len(reasons) - _FIRST_REASONS} other reasons"
