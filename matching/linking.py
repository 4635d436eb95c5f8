"""Reads what joins references from the warehouse and finds the components, those apart that must be."""

import duckdb
import polars as pl

from matching.clusters import NAME_RANK, PAIR_RANK, VERDICT_RANK, Link, Refusal, components, split_component
from matching.tables import registered
from matching.verdicts import Rulings

_ENDS = {"left": pl.String, "right": pl.String}
_PAIR_ENDS = {"left_ref": pl.String, "right_ref": pl.String}

_KEY_LINKS = """
    SELECT min(supplier_ref) OVER (PARTITION BY link_key) AS "left", supplier_ref AS "right"
    FROM entity_link_key
"""

_AUTOMATIC_PAIRS = """
    SELECT left_ref, right_ref, match_weight AS weight FROM entity_pair WHERE is_automatic
    ORDER BY left_ref, right_ref
"""

# Numbers of one kind count within their country; where two companies differ in one, they are two.
_IDENTITIES = """
    SELECT supplier_ref AS node, CASE WHEN method = 'lei' THEN method
        ELSE method || ' ' || split_part(link_key, ' ', 2) END AS kind, link_key
    FROM entity_identifier WHERE method IN ('lei', 'tax_number', 'company_number')
"""

_KEYS_OF = f"""
    SELECT CASE method WHEN 'name' THEN {NAME_RANK} ELSE method_rank END AS rank, link_key, supplier_ref
    FROM entity_link_key SEMI JOIN suspicious ON supplier_ref = node
    ORDER BY rank, link_key, supplier_ref
"""


def clusters(
    connection: duckdb.DuckDBPyConnection, nodes: pl.Series, joining: pl.DataFrame, held: Rulings
) -> tuple[pl.DataFrame, list[Refusal]]:
    """Gives `node, component, linked` for all nodes, and the links that were refused.

    `linked` is the component before anything was kept apart: the smallest of all that links join.

    `joining` has the pairs that join, `left_ref, right_ref, weight`: automatic ones, and verdicts without a weight.
    """
    ends = joining.select(pl.col("left_ref").alias("left"), pl.col("right_ref").alias("right"))
    found = components(nodes, pl.concat([connection.sql(_KEY_LINKS).pl(), ends])).with_columns(
        pl.col("component").alias("linked")
    )
    identities = connection.sql(_IDENTITIES).pl()
    suspicious = found.filter(pl.col("component").is_in(_suspicious(found, identities, held).implode()))
    if suspicious.is_empty():
        return found, []
    with registered(connection, {"suspicious": suspicious.select("node")}):
        links = _links(connection, suspicious, joining)
    borne = _borne(identities.join(suspicious, on="node", how="semi"))
    splits = [
        split_component(nodes, links[component], held.apart, borne)
        for component, nodes in suspicious.group_by("component")
        .agg(pl.col("node").sort())
        .sort("component")
        .iter_rows()
    ]
    again = {node: component for split in splits for node, component in split.component.items()}
    replaced = pl.DataFrame({"node": list(again), "again": list(again.values())}, schema_overrides={"again": pl.String})
    component = pl.coalesce("again", "component").alias("component")
    return found.join(replaced, on="node", how="left").select("node", component, "linked"), [
        refusal for split in splits for refusal in split.refused
    ]


def automatic_pairs(connection: duckdb.DuckDBPyConnection, held: Rulings) -> pl.DataFrame:
    """Gives `left_ref, right_ref, weight` of the model's automatic pairs of which no verdict says otherwise.

    A pair that somebody was unsure of waits as well.
    """
    judged = pl.DataFrame([*held.apart, *held.unsure], schema=_PAIR_ENDS, orient="row")
    return connection.sql(_AUTOMATIC_PAIRS).pl().join(judged, on=["left_ref", "right_ref"], how="anti")


def _suspicious(found: pl.DataFrame, identities: pl.DataFrame, held: Rulings) -> pl.Series:
    """Gives the components that hold two identifiers of one kind, or references that a verdict keeps apart."""
    several = (
        identities.join(found, on="node").group_by("component", "kind").agg(pl.col("link_key").n_unique())
        .filter(pl.col("link_key") > 1)
    )  # fmt: skip
    where = pl.DataFrame(list(held.apart), schema=_ENDS, orient="row")
    parted = where.join(found, left_on="left", right_on="node").join(
        found.rename({"component": "other"}), left_on="right", right_on="node"
    )
    together = parted.filter(pl.col("component") == pl.col("other"))
    return pl.concat([several["component"], together["component"]]).unique()


def _links(
    connection: duckdb.DuckDBPyConnection, suspicious: pl.DataFrame, joining: pl.DataFrame
) -> dict[str, list[Link]]:
    """Gives the links of each suspicious component; a key or pair has all its members in one of them."""
    component = dict(suspicious.select("node", "component").iter_rows())
    links: dict[str, list[Link]] = {name: [] for name in component.values()}
    keys = connection.sql(_KEYS_OF).pl().group_by("rank", "link_key", maintain_order=True).agg("supplier_ref")
    for rank, key, members in keys.iter_rows():
        links[component[members[0]]].append(Link(rank, 0.0, key, tuple(members)))
    pairs = joining.join(suspicious, left_on="left_ref", right_on="node", how="semi")
    for left, right, weight in pairs.iter_rows():
        rank = VERDICT_RANK if weight is None else PAIR_RANK
        links[component[left]].append(Link(rank, weight or 0.0, "", (left, right)))
    return links


def _borne(identities: pl.DataFrame) -> dict[str, dict[str, frozenset[str]]]:
    borne: dict[str, dict[str, frozenset[str]]] = {}
    for node, kind, keys in identities.drop_nulls().group_by("node", "kind").agg("link_key").iter_rows():
        borne.setdefault(node, {})[kind] = frozenset(keys)
    return borne
