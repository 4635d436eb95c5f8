"""One thing that was held against a publication."""

from dataclasses import dataclass
from typing import Literal

State = Literal["holds", "broken", "not checked"]


@dataclass(frozen=True)
class Finding:
    """One thing that was held against a publication: what must hold, whether it does, and what was seen."""

    rule: str
    state: State
    detail: str = ""


def finding_of(rule: str, problem: str | None) -> Finding:
    """Gives the finding on a rule: it holds where there is no problem, and is broken where there is one."""
    return Finding(rule, "holds") if problem is None else Finding(rule, "broken", problem)
