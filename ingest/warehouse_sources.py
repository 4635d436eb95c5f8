"""What loading fills, as sources of the dbt project: `_loaded.yml`, written from the contracts by `make docs`."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from ingest.contracts import CANONICAL, LEDGERS, Contract, ContractField

DOCUMENT = Path("dbt_project") / "models" / "staging" / "_loaded.yml"
_OPENING = "# Generated from ingest/contracts/ by `make docs`; do not edit.\n"
_SCHEMAS = {
    "canonical": "Typed tables, one a domain, that the load step fills from every source's declared mapping.",
    "ingest": "What the load and check steps say about their own work.",
}
_GROWS_OLD: Mapping[str, tuple[str, int]] = {
    "award": ("awarded_on", 92),
    "bid": ("known_on", 92),
    "contracting_process": ("known_on", 92),
    "purchase_order_line": ("ordered_on", 31),
    "exchange_rate": ("rate_on", 7),
    "audit_finding": ("found_on", 365),
    "survey_class": ("wave_closed_on", 183),
    "list_entry": ("listed_on", 92),
    "ownership_edge": ("started_on", 365),
}
"""Day of a row and the days after which a table without a newer one is stale (expert judgement, no source)."""


def warehouse_sources() -> str:
    """Gives the YAML: every canonical table and ledger with its grain, its columns and when it is stale."""
    contracts = (*CANONICAL, *LEDGERS)
    content = {
        "version": 2,
        "sources": [
            {
                "name": schema,
                "description": description,
                "schema": schema,
                "tables": [_table(contract) for contract in contracts if contract.schema_name == schema],
            }
            for schema, description in _SCHEMAS.items()
        ],
    }
    return _OPENING + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def _table(contract: Contract) -> dict[str, Any]:
    described = {"name": contract.table, "description": f"One row {_in_words(contract.grain)}."}
    return {**described, **_freshness(contract.table), "columns": _columns(contract.all_fields)}


def _in_words(grain: str) -> str:
    """Turns 'one record of a source' into 'a record of a source', to follow 'One row'."""
    return grain.replace("one ", "a ", 1) if grain.startswith("one ") else grain


def _freshness(table: str) -> dict[str, Any]:
    if table not in _GROWS_OLD:
        return {}
    column, days = _GROWS_OLD[table]
    day = column if column == "known_on" else f"coalesce(known_on, {column})"
    return {
        "config": {
            "loaded_at_field": f"cast({day} as timestamp)",
            "freshness": {
                "warn_after": {"count": days, "period": "day"},
                "filter": day + " <= cast('{{ var(\"as_of\") }}' as date)",
            },
        }
    }


def _columns(fields: Iterable[ContractField]) -> list[dict[str, Any]]:
    return [
        {
            "name": field.name,
            "data_type": field.sql_type.lower(),
            "description": field.description,
            **({"config": {"meta": {"required": True}}} if field.required else {}),
        }
        for field in fields
    ]
