"""The contracts as a document: `docs/data-contracts.md`, written by `make docs`."""

from collections.abc import Sequence
from pathlib import Path

from ingest.contracts import CANONICAL, LEDGERS, LINEAGE, WORKER_TABLES, Contract, ContractField

DOCUMENT = Path("docs") / "data-contracts.md"
_OPENING = """# Data contracts

Generated from `ingest/contracts/` by `make docs`; do not edit.

Sources fill the canonical tables by the mapping in their `source.yml`. A record that breaks a contract is not loaded:
it goes to `ingest.quarantined_record` with its reason, so that records read = loaded + quarantined. References are
`<namespace>:<local id>`. Dates before 1900, or more than 50 years after the day a run speaks for, are impossible.
"""
_HEADER = "| field | type | unit | required | meaning | values |\n|---|---|---|---|---|---|\n"


def contracts_document() -> str:
    """Gives the document in Markdown."""
    sections = [
        _OPENING,
        "## Lineage\n\nEvery canonical table begins with these fields.\n\n" + _rows(LINEAGE),
        *(_section(contract) for contract in CANONICAL),
        *map(_section, WORKER_TABLES),
        *(_section(contract) for contract in LEDGERS),
    ]
    return "\n".join(sections)


def _section(contract: Contract) -> str:
    return f"## {contract.schema_name}.{contract.table}\n\nGrain: {contract.grain}.\n\n{_rows(contract.fields)}"


def _rows(fields: Sequence[ContractField]) -> str:
    return _HEADER + "".join(
        f"| {field.name} | {field.sql_type} | {field.unit or ''} | {'yes' if field.required else ''} "
        f"| {field.description} | {_values(field)} |\n"
        for field in fields
    )


def _values(field: ContractField) -> str:
    if field.allowed:
        return ", ".join(field.allowed)
    if field.minimum is None:
        return ""
    return f"≥ {field.minimum:g}" if field.maximum is None else f"{field.minimum:g} to {field.maximum:g}"
