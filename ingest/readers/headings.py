"""Headings of a table: which declared columns are there, under which name, and what to say where one is missing."""

import difflib
from collections import Counter
from collections.abc import Sequence

from ingest.spec import SourceSpec
from tierline.errors import ContractError


def same_heading(name: str) -> str:
    """Gives the form in which headings are compared: no outer blanks, no difference of case."""
    return name.strip().casefold()


def names_of(spec: SourceSpec, column: str) -> list[str]:
    """Gives the headings that mean the declared column, in the order in which they are preferred."""
    return [column, *spec.column_aliases.get(column, ())]


def require_headings(headings: Sequence[str], spec: SourceSpec, file_name: str) -> None:
    """Raises ContractError where a declared column is missing, naming near headings, or stands there twice."""
    counts = Counter(same_heading(heading) for heading in headings)
    missing = [column for column in spec.columns if not any(counts[same_heading(n)] for n in names_of(spec, column))]
    if missing:
        raise ContractError(
            f"{file_name} lacks the column{'s' if len(missing) > 1 else ''} "
            + "; ".join(_with_near_headings(column, headings) for column in missing),
            remedy="Restore the heading, or add its new name to column_aliases of the source's declaration.",
        )
    declared = {same_heading(n) for column in (*spec.columns, *spec.optional_columns) for n in names_of(spec, column)}
    twice = sorted(name for name, count in counts.items() if count > 1 and name in declared)
    if twice:
        raise ContractError(
            f"{file_name} has the column '{twice[0]}' {counts[twice[0]]} times",
            remedy="Rename all but one: which of them is meant cannot be guessed.",
        )


def _with_near_headings(column: str, headings: Sequence[str]) -> str:
    visible = [heading.strip() for heading in headings if heading.strip()]
    folded = {heading.casefold(): heading for heading in visible}
    near = [folded[name] for name in difflib.get_close_matches(column.casefold(), folded, n=3, cutoff=0.4)]
    return f"'{column}' (near: {', '.join(near)})" if near else f"'{column}'"
