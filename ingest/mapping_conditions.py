"""Which records or items a mapping takes: its section `when` as SQL."""

from collections.abc import Sequence

from ingest.mapping_origins import Origins
from ingest.mapping_spec import Condition
from ingest.mapping_statement import Branch
from ingest.text_sql import BLANKS, null_texts


def conditions_sql(branch: Branch, origins: Origins) -> str:
    """Gives the WHERE of a branch, after a blank; nothing where it takes all."""
    conditions = [_condition(branch, origins, condition) for condition in branch.mapping.when]
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _condition(branch: Branch, origins: Origins, condition: Condition) -> str:
    parts = []
    if condition.within is not None:
        parts.append(_is_among(branch, origins, condition, condition.within))
    if condition.not_in is not None:
        parts.append(f"NOT {_is_among(branch, origins, condition, condition.not_in)}")
    if condition.not_blank or condition.blank:
        is_blank = _is_among(branch, origins, condition, [""] if branch.spec.is_tabular else ["", "[]", "{}"])
        parts.append(is_blank if condition.blank else f"NOT {is_blank}")
    return " AND ".join(parts)


def _is_among(branch: Branch, origins: Origins, condition: Condition, texts: Sequence[str]) -> str:
    """Gives the SQL of whether what is at an origin, cleaned, is one of the texts; blank is the text ''.

    A filter is moved to where its text is read, so it names it once: what is unknown is listed, not looked for.
    """
    bind = branch.statement.bind
    if condition.chosen() == "each":
        return f"list_contains({bind(list(texts))}, {origins.constant(condition)})"
    unknown = null_texts(branch.spec)
    listed = [text for text in texts if text not in unknown] + (unknown if "" in texts else [])
    if condition.array is not None:
        trimmed = f"list_transform({origins.raw_texts(condition)}, lambda one: trim(one, {bind(BLANKS)}))"
        return f"coalesce(list_has_any({trimmed}, {bind(listed)}), false)"
    raw = origins.raw_text(condition)
    trimmed = raw if branch.context.is_tidy else f"trim({raw}, {bind(BLANKS)})"
    return f"list_contains({bind(listed)}, coalesce({trimmed}, ''))"
