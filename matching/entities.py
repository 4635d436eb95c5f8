"""Says which references are one supplier, under which id, and what changed: the tables that the rest builds on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import polars as pl

from matching.clusters import NAME_RANK, PAIR_RANK, VERDICT_RANK, Refusal
from matching.entity_changes import entity_changes
from matching.entity_ids import assign_ids
from matching.entity_ledger import EntityLedger, without_persons
from matching.entity_scope import close_scope, concerned_rows, open_scope
from matching.linking import automatic_pairs, clusters
from matching.tables import registered, replace_concerned_rows, replace_rows, transaction
from matching.verdicts import Contradiction, Rulings, contradictions, read_verdicts, rulings

# A person's reference may hold the name, and a hash of a name can be guessed: its id comes from its first row.
_REFERENCES = """
    WITH refs AS (
        SELECT supplier_ref AS node, bool_or(is_natural_person) AS is_natural_person, min(row_id) AS first_row_id
        FROM entity_record GROUP BY supplier_ref
    )
    SELECT node, is_natural_person, CASE WHEN is_natural_person THEN first_row_id ELSE node END AS seed,
        'S' || left(sha256(CASE WHEN is_natural_person THEN first_row_id ELSE node END), 12) AS seed_id
    FROM refs ORDER BY node
"""

_ENTITIES = f"""
    CREATE OR REPLACE TEMP TABLE described_entity AS
    WITH paired AS (
        SELECT left_ref AS supplier_ref, right_ref AS other_ref, weight FROM joining_pair
        UNION ALL SELECT right_ref, left_ref, weight FROM joining_pair
    ),
    ties AS (
        SELECT supplier_ref, supplier_id, method,
            CASE method WHEN 'name' THEN {NAME_RANK} ELSE method_rank END AS tie_rank, CAST(NULL AS DOUBLE) AS weight,
            CASE WHEN supplier_ref = min(supplier_ref) OVER same_key THEN max(supplier_ref) OVER same_key
                ELSE min(supplier_ref) OVER same_key END AS other_ref
        FROM entity_link_key JOIN identified USING (supplier_ref)
        WINDOW same_key AS (PARTITION BY link_key, supplier_id)
        QUALIFY count(*) OVER same_key > 1
        UNION ALL
        SELECT paired.supplier_ref, one.supplier_id, CASE WHEN weight IS NULL THEN 'verdict' ELSE 'pair' END,
            CASE WHEN weight IS NULL THEN {VERDICT_RANK} ELSE {PAIR_RANK} END, weight, other_ref
        FROM paired
        JOIN identified AS one ON paired.supplier_ref = one.supplier_ref
        JOIN identified AS other ON paired.other_ref = other.supplier_ref AND one.supplier_id = other.supplier_id
    ),
    strongest AS (
        SELECT supplier_ref, max(weight) AS link_weight,
            first(method ORDER BY tie_rank, weight DESC NULLS LAST, other_ref) AS matched_by,
            first(other_ref ORDER BY tie_rank, weight DESC NULLS LAST, other_ref) AS linked_ref
        FROM ties GROUP BY supplier_ref
    )
    SELECT supplier_ref, supplier_id, coalesce(matched_by, 'reference') AS matched_by, link_weight, linked_ref
    FROM identified LEFT JOIN strongest USING (supplier_ref)
    ORDER BY supplier_ref
"""

_LEDGER = """
    CREATE OR REPLACE TEMP TABLE new_ledger AS
    SELECT supplier_ref, coalesce(present.supplier_id, earlier.supplier_id) AS supplier_id,
        CASE WHEN present.supplier_id IS NULL OR present.supplier_id = earlier.supplier_id THEN earlier.assigned_on
            ELSE CAST($as_of AS DATE) END AS assigned_on,
        present.supplier_id IS NOT NULL AS is_present
    FROM current_entity AS present FULL JOIN earlier_id AS earlier USING (supplier_ref)
    ORDER BY supplier_ref
"""


_KNOWN_COMPANIES = """
    SELECT supplier_ref FROM intermediate.int_supplier_records
    WHERE list_contains(CAST($refs AS VARCHAR[]), supplier_ref)
    GROUP BY supplier_ref HAVING NOT bool_or(is_natural_person)
"""

_NEW_CHANGES = """
    INSERT INTO matching.entity_change BY NAME FROM changed ANTI JOIN matching.entity_change USING (change_id)
"""

_COUNTS = """
    SELECT count(*), count(DISTINCT supplier_id), (SELECT count(*) FROM matching.refused_link)
    FROM matching.entity_ledger WHERE is_present
"""


def write_entities(connection: duckdb.DuckDBPyConnection, ledger: EntityLedger, *, as_of: date) -> dict[str, Any]:
    """Brings supplier_entity, entity_ledger, entity_change, verdict_contradiction and refused_link up to date.

    Only references that a change may reach are worked on where the tables are those of the earlier run; see
    `matching.entity_scope`. Gives counts: references, suppliers, changes by kind, refused links, and the contradictions
    in words. Natural persons are in none of the counts, as they are in none of the published tables.
    """
    held = _rulings(connection)
    is_whole = open_scope(connection, ledger, held)
    references = connection.sql(_REFERENCES).pl()
    companies = references.filter(~pl.col("is_natural_person"))
    joining = pl.concat([automatic_pairs(connection, held), _pairs(held.joined)])
    found, refused = clusters(connection, references["node"], joining, held)
    kept = without_persons(ledger, references.filter("is_natural_person")["node"])
    assigned = assign_ids(found.join(references, on="node"), kept.ids)
    current = assigned.join(companies, left_on="supplier_ref", right_on="node").select("supplier_ref", "supplier_id")
    disputed = contradictions(held)
    relations = {
        "identified": assigned,
        "joining_pair": joining,
        "current_entity": current,
        "apart_pair": _pairs(held.apart),
        "refused": _refused(refused),
        "disputed": _disputed(disputed),
        "earlier_id": kept.ids if is_whole else concerned_rows(connection, kept.ids),
        "earlier_name": kept.names,
    }
    with registered(connection, relations):
        changes = entity_changes(connection, as_of)
        with transaction(connection):
            _write(connection, as_of, is_whole=is_whole)
            _write_log(connection, kept.changes, changes, is_new=is_whole or len(kept.changes) < len(ledger.changes))
            close_scope(connection, found.select("node", "linked"), held, is_whole=is_whole)
    return {
        **_counts(connection),
        "changes": dict(sorted(changes["kind"].value_counts().iter_rows())),
        "contradictions": [one.explanation for one in disputed],
        "entity_ledger": ledger.told(),
    }


def _rulings(connection: duckdb.DuckDBPyConnection) -> Rulings:
    """Gives the verdicts that hold between references that are known and no natural persons."""
    verdicts = read_verdicts(connection)
    spoken_of = sorted({end for one in verdicts for end in (one.left, one.right)})
    rows = connection.execute(_KNOWN_COMPANIES, {"refs": spoken_of}).fetchall()
    known = {ref for (ref,) in rows}
    return rulings(one for one in verdicts if one.left in known and one.right in known)


def _write(connection: duckdb.DuckDBPyConnection, as_of: date, *, is_whole: bool) -> None:
    write = replace_rows if is_whole else replace_concerned_rows
    connection.execute(_ENTITIES)
    connection.execute(_LEDGER, {"as_of": as_of})
    write(connection, "supplier_entity", "described_entity")
    write(connection, "entity_ledger", "new_ledger")
    write(connection, "refused_link", "refused")
    replace_rows(connection, "verdict_contradiction", "disputed")
    connection.execute("DROP TABLE described_entity; DROP TABLE new_ledger")


def _write_log(
    connection: duckdb.DuckDBPyConnection, earlier: pl.DataFrame, changes: pl.DataFrame, *, is_new: bool
) -> None:
    """Adds the changes to the log, or writes it anew with the earlier ones; a change that is there already is one."""
    if not is_new:
        with registered(connection, {"changed": changes}):
            connection.execute(_NEW_CHANGES)
        return
    log = pl.concat([earlier, changes], how="vertical_relaxed").unique("change_id")
    with registered(connection, {"changed": log.sort("change_id")}):
        replace_rows(connection, "entity_change", "changed")


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    references, suppliers, refused = connection.execute(_COUNTS).fetchall()[0]
    return {"references": references, "suppliers": suppliers, "refused_links": refused}


def _pairs(ruled: Mapping[tuple[str, str], Any]) -> pl.DataFrame:
    ends = pl.DataFrame(sorted(ruled), schema={"left_ref": pl.String, "right_ref": pl.String}, orient="row")
    return ends.with_columns(pl.lit(None, pl.Float64).alias("weight"))


def _refused(refused: list[Refusal]) -> pl.DataFrame:
    names = {PAIR_RANK: "pair", NAME_RANK: "name"}
    rows = {
        (min(one.left, one.right), max(one.left, one.right),
         names.get(one.link.rank) or one.link.key.split(" ", 1)[0], one.reason)
        for one in refused
    }  # fmt: skip
    schema = {"left_ref": pl.String, "right_ref": pl.String, "matched_by": pl.String, "reason": pl.String}
    return pl.DataFrame(sorted(rows), schema=schema, orient="row")


def _disputed(disputed: list[Contradiction]) -> pl.DataFrame:
    rows = [(one.left, one.right, list(one.path), one.explanation) for one in disputed]
    columns: dict[str, Any] = {"left_ref": pl.String, "right_ref": pl.String, "path": pl.List(pl.String)}
    return pl.DataFrame(rows, schema={**columns, "explanation": pl.String}, orient="row")
