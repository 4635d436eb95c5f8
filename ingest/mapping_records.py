"""The innermost layer of a mapping: a row for each record, or for each of its items, with the texts at their paths."""

import re
from dataclasses import dataclass, field

from ingest.document_paths import document_paths
from ingest.json_path import json_path
from ingest.json_shape import JSON, TEXT, Shape, Step, reached_by, shape_text, steps_of, with_leaf
from ingest.mapping_statement import Branch
from ingest.text_sql import column_sql
from tierline.warehouse import quote_identifier

_PLAIN_FIRST_NAME = re.compile(r'\$\."(?P<name>[A-Za-z0-9_]+)"')
_ESCAPE = "\\u"


@dataclass
class _Level:
    """What is read of the record (level 0) or of an item of a level of `each`.

    An item is a value of its only shape, which the pass over what is above it gives as well. Where the shapes are
    several, or the text of the item is asked for, it is its JSON text, and so is the record.
    """

    number: int
    is_text: bool
    shapes: list[Shape] = field(default_factory=list)

    @property
    def element(self) -> Shape:
        """The shape of an item within its array."""
        return JSON if self.is_text or not self.shapes else self.shapes[0]

    @property
    def text(self) -> str:
        """The SQL of the item's JSON text."""
        return f"item_{self.number}" if self.number else "record"

    def place(self, steps: list[Step], leaf: Shape) -> str:
        """Gives the SQL of what is at the end of the steps, read as the leaf says."""
        for number, shape in enumerate(self.shapes):
            if (grown := with_leaf(shape, steps, leaf)) is not None:
                self.shapes[number] = grown
                break
        else:
            self.is_text |= bool(self.shapes)
            self.shapes.append(with_leaf(None, steps, leaf) or leaf)
            number = len(self.shapes) - 1
        return f"x_{self.number}_{number}{reached_by(steps)}"


class Records:
    """The records or items of a branch; what is at paths is found in one pass over the JSON instead of one a path."""

    def __init__(self, branch: Branch) -> None:
        self._branch = branch
        self._levels = [_Level(number, is_text=number == 0) for number in range(len(branch.mapping.each) + 1)]
        self._asks_the_document = False

    def text_at(self, level: int, path: str) -> str:
        """Gives the SQL of the text at a path from the record (level 0) or an item of a level of `each`.

        Ask before `relation`, which holds the texts that were asked for.
        """
        return self._levels[level].place(steps_of(path), TEXT)

    def texts_at(self, level: int, path: str) -> str:
        """Gives the SQL of the texts in the array at a path, as a list; ask before `relation`, as for `text_at`."""
        return self._levels[level].place(steps_of(path), [TEXT])

    def json_of(self, level: int) -> str:
        """Gives the SQL of the JSON text of the record or an item; ask before `relation`, as for `text_at`."""
        self._levels[level].is_text = True
        return self._levels[level].text

    def text_of_document(self, path: str) -> str:
        """Gives the SQL of the text at a path of the document that the record stands in; blank where it is in none.

        Ask before `relation`, as for `text_at`.
        """
        paths = document_paths(self._branch.spec)
        if path not in paths:
            return "CAST(NULL AS VARCHAR)"
        self._asks_the_document = True
        return f"x_document[{paths.index(path) + 1}]"

    def relation(self) -> str:
        """Gives the relation of records or items, with the texts at all paths that were asked for."""
        if self._branch.spec.is_tabular:
            return self._tabular_records()
        raw, depth = self._raw(), len(self._branch.mapping.each)
        items = self._listed_items() if depth else ""
        document = ", x_document" if self._asks_the_document else ""
        records = f"SELECT _snapshot_sha256, _record_no, record{document}{self._columns(self._levels[0])}"
        if not depth:
            return f"({records}, record AS item, {self._number()} AS item_no FROM {raw})"
        listed = f"SELECT *, {items} AS items FROM ({records} FROM {raw}{self._may_have_items()})"
        unnested = (
            "SELECT * EXCLUDE (items, found), UNNEST(found) FROM (SELECT *, unnest(items) AS found, "
            f"generate_subscripts(items, 1) AS item_no FROM ({listed}))"
        )
        columns = "".join(map(self._columns, self._levels[1:]))
        innermost = f", {self._levels[-1].text} AS item" if self._levels[-1].is_text else ""
        return f"(SELECT *{columns}{innermost} FROM ({unnested}))"

    def _raw(self) -> str:
        raw = self._branch.context.raw_table
        return f"{raw} LEFT JOIN document_text USING (_snapshot_sha256)" if self._asks_the_document else raw

    def _tabular_records(self) -> str:
        spec, context = self._branch.spec, self._branch.context
        declared = "".join(
            f", {column_sql(spec, column, context.columns)} AS {quote_identifier(column)}"
            for column in (*spec.columns, *spec.optional_columns)
        )
        return f"(SELECT _snapshot_sha256, _record_no, {self._number()} AS item_no{declared} FROM {context.raw_table})"

    def _number(self) -> str:
        return "CAST(NULL AS BIGINT)" if self._branch.number is None else str(self._branch.number)

    def _may_have_items(self) -> str:
        """Gives the WHERE, after a blank, of records that name the array of items: seeking a name costs less than JSON.

        An escape, which could hide any name, counts as well.
        """
        name = _PLAIN_FIRST_NAME.match(_base(self._branch.mapping.each[0]))
        if name is None:
            return ""
        bind = self._branch.statement.bind
        quoted = name["name"] + '"'  # the quote before it is too common to be sought
        return f" WHERE contains(record, {bind(quoted)}) OR contains(record, {bind(_ESCAPE)})"

    def _columns(self, level: _Level) -> str:
        """Gives the columns `x_<level>_<number of the shape>`, each after a comma, from what the level is read from."""
        if not level.is_text:
            return f", found_{level.number} AS x_{level.number}_0"
        text = f", CAST(found_{level.number} AS VARCHAR) AS {level.text}" if level.number else ""
        source = f"found_{level.number}" if level.number else "record"
        return text + "".join(
            f", {self._read(source, shape)} AS x_{level.number}_{number}" for number, shape in enumerate(level.shapes)
        )

    def _listed_items(self) -> str:
        """Gives a list of structs, one for each innermost item, in order: `found_<level>`, itself and those above."""
        arrays = [self._array_below(level, above=f"above.found_{level.number}") for level in self._levels[1:-1]]
        found = f"list_transform({self._first_items()}, lambda one: struct_pack(found_1 := one))"
        for level, array in zip(self._levels[2:], arrays, strict=True):
            kept = "".join(f"found_{above} := above.found_{above}, " for above in range(1, level.number))
            items = self._items_of(array, level)
            inner = f"list_transform({items}, lambda one: struct_pack({kept}found_{level.number} := one))"
            found = f"flatten(list_transform({found}, lambda above: {inner}))"
        return found

    def _array_below(self, level: _Level, above: str) -> str:
        """Gives the SQL of the JSON text of the array of the next level's items."""
        path = _base(self._branch.mapping.each[level.number])
        if not level.is_text:
            grown = with_leaf(level.element if level.shapes else None, steps_of(path), JSON)
            if grown is not None:
                level.shapes = [grown]
                return above + reached_by(steps_of(path))
            level.is_text = True
        return f"json_extract({above}, {self._branch.statement.bind(path)})"

    def _first_items(self) -> str:
        """Gives the items of the first level from the pass that reads the record's other paths, if it is an array."""
        path, level = _base(self._branch.mapping.each[0]), self._levels[1]
        listed = self._levels[0].place(steps_of(path), [level.element])
        otherwise = self._items_of(f"json_extract(record, {self._branch.statement.bind(path)})", level)
        return f"coalesce({listed}, {otherwise})"

    def _items_of(self, array: str, level: _Level) -> str:
        """Gives the SQL of the items of a JSON array; some publishers write one object instead of an array."""
        whole, one = self._read("found", [level.element]), self._read("found", level.element)
        return (
            f"list_transform([{array}], lambda found: "
            f"CASE left(CAST(found AS VARCHAR), 1) WHEN '[' THEN {whole} WHEN '{{' THEN [{one}] END)[1]"
        )

    def _read(self, json: str, shape: Shape) -> str:
        return f"json_transform({json}, {self._branch.statement.bind(shape_text(shape))})"


def _base(path: str) -> str:
    return json_path(path.removesuffix("[*]"))
