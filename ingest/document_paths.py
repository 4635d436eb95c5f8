"""Paths of what a JSON document says once for all of its records, such as the address of a package of releases."""

import re
from collections.abc import Iterator

from ingest.json_path import json_path
from ingest.mapping_spec import Mapping
from ingest.spec import SourceSpec

IN_SQL = re.compile(r"\bdocument\s*->>\s*'(?P<path>\$[^'*]*)'")


def document_paths(spec: SourceSpec) -> tuple[str, ...]:
    """Gives the paths that mappings read from the root of a document, each once, in the order of the declaration.

    There are none where records do not stand inside a document. Raises ValueError for a path that is none.
    """
    if spec.format.kind != "json":
        return ()
    return tuple(dict.fromkeys(json_path(path) for mapping in spec.mapping for path in _paths_of(mapping)))


def _paths_of(mapping: Mapping) -> Iterator[str]:
    for origin in mapping.origins(is_tabular=False):
        if origin.document_path is not None:
            yield origin.document_path
    for field in mapping.fields.values():
        yield from (found["path"] for found in IN_SQL.finditer(field.sql or ""))
