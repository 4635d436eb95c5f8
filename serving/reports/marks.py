"""What the name of a supplier carries wherever it stands: a link to its section, and that a row of it is contested."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Marks:
    """Which suppliers have a section to link to, and which have a contested row."""

    detailed: frozenset[str]
    contested: frozenset[str]
