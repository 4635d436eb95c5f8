"""The innermost layer of a mapping: a row for each record, or for each of its items, with the texts at their paths."""

import re

from ingest.document_paths import document_paths
from ingest.json_path import json_path
from ingest.mapping_statement import Branch
from ingest.text_sql import column_sql
from tierline.warehouse import quote_identifier

_PLAIN_FIRST_NAME = re.compile(r'\$\."(?P<name>[A-Za-z0-9_]+)"')
_ESCAPE = "\\u"


class Records:
    """The records or items of a branch; texts at paths are found in one pass over the JSON instead of one a path."""

    def __init__(self, branch: Branch) -> None:
        self._branch = branch
        self._paths: dict[int, list[str]] = {}
        self._asks_the_document = False

    def text_at(self, level: int, path: str) -> str:
        """Gives the SQL of the text at a path from the record (level 0) or an item of a level of `each`.

        Ask before `relation`, which holds the texts that were asked for.
        """
        paths = self._paths.setdefault(level, [])
        if path not in paths:
            paths.append(path)
        return f"x_{level}[{paths.index(path) + 1}]"

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
        records = f"SELECT _snapshot_sha256, _record_no, record, record AS item_0{document}{self._extraction(0)}"
        if not depth:
            return f"({records}, record AS item, {self._number()} AS item_no FROM {raw})"
        listed = f"SELECT *, {items} AS items FROM ({records} FROM {raw}{self._may_have_items()})"
        unnested = (
            "SELECT * EXCLUDE (items, found), UNNEST(found) FROM (SELECT *, unnest(items) AS found, "
            f"generate_subscripts(items, 1) AS item_no FROM ({listed}))"
        )
        extractions = "".join(self._extraction(level) for level in range(1, depth + 1))
        return f"(SELECT *, item_{depth} AS item{extractions} FROM ({unnested}))"

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

    def _listed_items(self) -> str:
        """Gives a list of structs, one an item in the order of the record, that hold the items above it as well."""
        found = f"list_transform({self._first_array()}, lambda one: struct_pack(item_1 := one))"
        for level, path in enumerate(self._branch.mapping.each[1:], start=2):
            array = _array(f"json_extract(above.item_{level - 1}, {self._branch.statement.bind(_base(path))})")
            kept = "".join(f"item_{above} := above.item_{above}, " for above in range(1, level))
            inner = f"list_transform({array}, lambda one: struct_pack({kept}item_{level} := one))"
            found = f"flatten(list_transform({found}, lambda above: {inner}))"
        return found

    def _first_array(self) -> str:
        """Gives the items of the first level from the pass that reads the record's other paths, if it is an array."""
        path = _base(self._branch.mapping.each[0])
        # a text may look like an array, but it has no first item
        array, head = self.text_at(0, path), self.text_at(0, f"{path}[0]")
        otherwise = _array(f"json_extract(record, {self._branch.statement.bind(path)})")
        return f"CASE WHEN {head} IS NOT NULL THEN {_items_of(array)} ELSE {otherwise} END"

    def _extraction(self, level: int) -> str:
        paths = self._paths.get(level)
        if not paths:
            return ""
        source = "record" if level == 0 else f"item_{level}"
        return f", json_extract_string({source}, {self._branch.statement.bind(paths)}) AS x_{level}"


def _base(path: str) -> str:
    return json_path(path.removesuffix("[*]"))


def _array(json: str) -> str:
    """Gives the SQL of the items of a JSON array as texts; some publishers write one object instead of an array."""
    return (
        f"list_transform([CAST({json} AS VARCHAR)], lambda found: CASE left(found, 1) WHEN '[' THEN "
        f"{_items_of('found')} WHEN '{{' THEN [found] ELSE CAST([] AS VARCHAR[]) END)[1]"
    )


def _items_of(array: str) -> str:
    return f"CAST(json_extract({array}, '$[*]') AS VARCHAR[])"
