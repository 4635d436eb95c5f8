"""What the dbt project says of each table: grain, columns, types, values and references; read from its YAML files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tierline.errors import PublishError

_Said = Mapping[str, Any]


@dataclass(frozen=True)
class ColumnText:
    """What is said of one column."""

    name: str
    description: str
    data_type: str | None = None
    is_required: bool = False
    allowed: tuple[str, ...] = ()
    """The only values that it may have; none: any."""
    refers_to: str | None = None
    """Table and column whose values its own are, such as `dim_supplier.supplier_id`."""


@dataclass(frozen=True)
class TableText:
    """What is said of one table."""

    description: str
    columns: Mapping[str, ColumnText]


def described_tables(project: Path) -> dict[str, TableText]:
    """Gives schema.table → what the dbt project says of each model, seed and source.

    Raises PublishError where the project's folder is missing or a file of it is no YAML.
    """
    folder = project / "dbt_project"
    files = sorted(folder.glob("models/*/*.yml")) + sorted(folder.glob("seeds/*/*.yml"))
    if not files:
        raise PublishError(
            f"{folder.name} describes no table",
            remedy="Run Tierline from a checkout: the descriptions of the tables are in its dbt project.",
        )
    return {name: text for path in files for name, text in _tables_of(path)}


def _tables_of(path: Path) -> Iterator[tuple[str, TableText]]:
    content = _read(path)
    for model in content.get("models", []):
        yield f"{path.parent.name}.{model['name']}", _table(model)
    for seed in content.get("seeds", []):
        yield f"seeds.{seed['name']}", _table(seed)
    for source in content.get("sources", []):
        for table in source["tables"]:
            yield f"{source['schema']}.{table['name']}", _table(table)


def _read(path: Path) -> _Said:
    try:
        content: _Said = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise PublishError(f"{path.name} is no YAML: {error}", remedy="Correct the file in dbt_project.") from error
    return content


def _table(said: _Said) -> TableText:
    types = said.get("config", {}).get("column_types", {})
    columns = (_column(column, types.get(column["name"])) for column in said.get("columns", []))
    return TableText(said["description"], {column.name: column for column in columns})


def _column(said: _Said, data_type: str | None) -> ColumnText:
    meta = said.get("config", {}).get("meta", {})
    return ColumnText(
        name=said["name"],
        description=" ".join(str(said.get("description", "")).split()),
        data_type=said.get("data_type", data_type),
        is_required=_is_required(said, meta),
        allowed=tuple(meta.get("allowed") or _argument(said, "accepted_values", "values") or ()),
        refers_to=meta.get("refers_to") or _reference(said),
    )


def _is_required(said: _Said, meta: _Said) -> bool:
    declared = {"type": "not_null"} in said.get("constraints", [])
    return bool(meta.get("required")) or declared or "not_null" in said.get("data_tests", [])


def _reference(said: _Said) -> str | None:
    table = _argument(said, "relationships", "to")
    return f"{table.split(chr(39))[1]}.{_argument(said, 'relationships', 'field')}" if table else None


def _argument(said: _Said, test: str, argument: str) -> Any:
    """Gives an argument of the first test of that kind, unless the test only warns."""
    for one in said.get("data_tests", []):
        if isinstance(one, dict) and test in one and one[test].get("config", {}).get("severity") != "warn":
            return one[test]["arguments"][argument]
    return None
