"""The shape of what is read from a JSON text in one pass: DuckDB's `json_transform` turns it into columns.

A shape is the name of a type, an object of shapes by key, or an array of one shape.
"""

import json
import re
from dataclasses import dataclass

from tierline.warehouse import quote_identifier

Shape = str | dict[str, "Shape"] | list["Shape"]
TEXT, JSON = "VARCHAR", "JSON"
_STEP = re.compile(r'\."(?P<name>[^"]+)"|\[(?P<index>\d+)\]')


@dataclass(frozen=True)
class Step:
    """One step of a path: the key of an object, or the place in an array from 0."""

    key: str | int

    @property
    def sql(self) -> str:
        """The SQL that takes this step, to stand behind the expression of what is above."""
        return f"[{self.key + 1}]" if isinstance(self.key, int) else f".{quote_identifier(self.key)}"


def steps_of(path: str) -> list[Step]:
    """Gives the steps of a path as `json_path` writes it, without `[*]`."""
    return [Step(found["name"] or int(found["index"])) for found in _STEP.finditer(path)]


def reached_by(steps: list[Step]) -> str:
    """Gives the SQL that leads from a column to what is at the end of the steps."""
    return "".join(step.sql for step in steps)


def with_leaf(shape: Shape | None, steps: list[Step], leaf: Shape) -> Shape | None:
    """Gives the shape with a leaf at the end of the steps; None where something else stands in the way.

    Names of columns do not tell capitals from small letters, so neither may keys within one shape.
    """
    if not steps:
        return leaf if shape is None or shape == leaf else None
    key, below = steps[0].key, steps[1:]
    if isinstance(key, int):
        if not (shape is None or isinstance(shape, list)):
            return None
        grown = with_leaf(shape[0] if shape else None, below, leaf)
        return None if grown is None else [grown]
    if not (shape is None or isinstance(shape, dict)):
        return None
    keys = shape or {}
    if key not in keys and any(other.lower() == key.lower() for other in keys):
        return None
    grown = with_leaf(keys.get(key), below, leaf)
    return None if grown is None else {**keys, key: grown}


def shape_text(shape: Shape) -> str:
    """Gives a shape as `json_transform` takes it."""
    return json.dumps(shape, ensure_ascii=False)
