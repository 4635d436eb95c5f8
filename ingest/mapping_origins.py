"""Where the texts of a mapping come from: the SQL of what a record holds at an origin, as it is there and cleaned."""

import re

from ingest.document_paths import IN_SQL
from ingest.json_path import json_path
from ingest.mapping_records import Records
from ingest.mapping_spec import Condition, Origin
from ingest.mapping_statement import Branch
from ingest.text_sql import cleaned, constant_text
from tierline.warehouse import quote_identifier

_PATH_IN_SQL = re.compile(r"\b(?P<source>record|item(?:_\d+)?)\s*->>\s*'(?P<path>\$[^'*]*)'")
_ITEM_IN_SQL = re.compile(r"\bitem(?:_(?P<level>\d+))?\b")


class Origins:
    """The texts at the origins of a branch; one that costs to find is a column, found once however often it is read."""

    def __init__(self, branch: Branch, records: Records) -> None:
        self._branch = branch
        self._records = records
        self._columns: list[str] = []

    def text(self, origin: Origin) -> str:
        """Gives the SQL of the text at an origin, cleaned."""
        branch = self._branch
        if origin.chosen() == "each":
            return self.constant(origin)
        raw = self.raw_text(origin)
        text = raw if branch.spec.is_tabular else self._column(raw)
        return cleaned(text, branch.spec, branch.statement, is_tidy=branch.context.is_tidy)

    def constant(self, origin: Origin) -> str:
        """Gives the SQL of the constant that an origin `each` names."""
        constant = self._branch.constants[str(origin.each)]
        return f"CAST({self._branch.statement.bind(constant_text(constant))} AS VARCHAR)"

    def raw_text(self, origin: Origin) -> str:
        """Gives the SQL of the text at a heading or path as it is in the record."""
        if origin.column is not None:
            return quote_identifier(origin.column)
        if origin.each_column is not None:
            return quote_identifier(str(self._branch.constants[origin.each_column]))
        if origin.document_path is not None:
            return self._records.text_of_document(json_path(origin.document_path))
        level, path = self.place(origin)
        if "[*]" in path:
            return f"json_extract_string({self._records.json_of(level)}, {self._branch.statement.bind(path)})"
        return self._records.text_at(level, path)

    def raw_texts(self, condition: Condition) -> str:
        """Gives the SQL of the texts in the array that a condition is about, as a list."""
        level, _ = self.place(condition)
        return self._records.texts_at(level, json_path(str(condition.array)))

    def place(self, origin: Origin) -> tuple[int, str]:
        """Gives the level of items, 0 for the record, and the path from there of an origin in JSON."""
        if origin.path is not None:
            return len(self._branch.mapping.each), json_path(origin.path)
        return origin.level, json_path(str(origin.parent_path))

    def json_at(self, level: int) -> str:
        """Gives the SQL of the JSON text of the record (level 0) or of an item of a level of `each`."""
        return self._records.json_of(level)

    def text_of_sql(self, sql: str) -> str:
        """Gives the SQL of what the declaration's own SQL gives, as text, cleaned."""
        text = self._column(f"CAST(({self.own_sql(sql)}) AS VARCHAR)")
        return cleaned(text, self._branch.spec, self._branch.statement)

    def own_sql(self, sql: str) -> str:
        """Gives the declaration's own SQL with its plain paths read in the one pass that reads all others."""
        if self._branch.spec.is_tabular:
            return sql
        depth = len(self._branch.mapping.each)
        own = IN_SQL.sub(lambda found: self._records.text_of_document(json_path(found["path"])), sql)
        own = _PATH_IN_SQL.sub(lambda found: self._path_in_sql(found, own), own)
        for found in _ITEM_IN_SQL.finditer(own):
            level = int(found["level"] or depth)
            if level <= depth:
                self._records.json_of(level)
        return own

    def columns(self) -> str:
        """Gives the SQL of the columns that the texts asked for so far are read from, each after a comma."""
        return "".join(f", {expression} AS _raw_{number}" for number, expression in enumerate(self._columns))

    def _column(self, expression: str) -> str:
        if expression not in self._columns:
            self._columns.append(expression)
        return f"_raw_{self._columns.index(expression)}"

    def _path_in_sql(self, found: re.Match[str], sql: str) -> str:
        name, depth = found["source"], len(self._branch.mapping.each)
        level = {"record": 0, "item": depth}.get(name)
        level = int(name.removeprefix("item_")) if level is None else level
        is_bound_there = re.search(rf"lambda\s+{name}\b", sql) is not None
        try:
            path = json_path(found["path"])
        except ValueError:
            return found.group()
        return found.group() if is_bound_there or level > depth else self._records.text_at(level, path)
