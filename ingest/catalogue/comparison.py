"""The command `sources test`: a declaration on its fixtures, and what it told, in words."""

from dataclasses import dataclass
from pathlib import Path

from ingest.catalogue.trial import (
    FileOutcome,
    differences,
    expected_outcomes,
    fixtures_of,
    load_fixtures,
    outcomes,
    write_expected,
)
from ingest.spec import SOURCES

_FIRST_DIFFERENCES = 10


@dataclass(frozen=True)
class TestedSource:
    """How a source did: each file's outcome, and each file's differences from what was expected."""

    source_id: str
    found: dict[str, FileOutcome]
    differences: dict[str, list[str]]

    @property
    def is_as_expected(self) -> bool:
        """Whether nothing differs."""
        return not any(self.differences.values())

    def told(self) -> str:
        """Gives what came of each file, and the first differences."""
        lines = [f"{self.source_id}: {'as expected' if self.is_as_expected else 'NOT as expected'}"]
        for name, outcome in self.found.items():
            lines.extend(_told_of_file(name, outcome))
        listed = [f"  {name}: {text}" for name, texts in self.differences.items() for text in texts]
        if listed:
            lines.append("differences")
            lines.extend(listed[:_FIRST_DIFFERENCES])
        if len(listed) > _FIRST_DIFFERENCES:
            lines.append(f"  and {len(listed) - _FIRST_DIFFERENCES} more")
        return "\n".join(lines)


def try_source(source_id: str, home: Path, sources: Path = SOURCES, *, write: bool = False) -> TestedSource:
    """Loads the fixtures of a source into a home of their own and compares them with `expected.json`.

    With `write`, what came is written to `expected.json` first, so that nothing differs. Raises ConfigError for a wrong
    declaration or one without fixtures.
    """
    fixtures = fixtures_of(source_id, sources)
    run = load_fixtures(fixtures, home, sources)
    by_name = outcomes(run, fixtures, sources)
    found = {item.path.name: by_name[item.name] for item in fixtures}
    if write:
        write_expected(source_id, found, sources)
    expected = expected_outcomes(source_id, sources)
    told = {name: differences(expected.get(name), outcome) for name, outcome in found.items()}
    told |= {name: ["there is no such fixture"] for name in expected if name not in found}
    return TestedSource(source_id, found, told)


def _told_of_file(name: str, outcome: FileOutcome) -> list[str]:
    quarantined = sum(outcome.quarantined.values())
    lines = [f"  {name}: {outcome.read} read = {outcome.loaded} loaded + {quarantined} quarantined"]
    lines.extend(f"    quarantined, {reason}: {count}" for reason, count in outcome.quarantined.items())
    lines.extend(f"    {table}: {count} rows" for table, count in outcome.canonical.items())
    if outcome.error is not None:
        lines.append(f"    failed: {outcome.error}")
    return lines
