"""Ids of suppliers that stay: who was known before keeps the id that most of its references had."""

import hashlib
from collections.abc import Iterable

import polars as pl

_DIGITS = 12


def assign_ids(components: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    """Gives `supplier_ref, supplier_id`: each component keeps the id that most of its references had.

    `components` has `node, component, seed, seed_id`: a reference, what it is joined with, what a new id is made of,
    and `short_id` of that. `ledger` has `supplier_ref, supplier_id, assigned_on` of every reference that ever had one.
    Of several ids in one component the one of most references stays, then the oldest; of several components with one id
    that with most of its references keeps it. An id is never given to another supplier: a new one comes from the seed
    of the component's first reference, and from how many ids made of it are taken.
    """
    kept = _kept_ids(components, ledger)
    fresh = (
        components.join(kept, on="component", how="anti")
        .sort("node")
        .group_by("component", maintain_order=True)
        .agg(pl.col("seed").first(), pl.col("seed_id").first())
    )
    named = pl.concat([kept, _fresh_ids(fresh, ledger["supplier_id"])])
    return components.join(named, on="component").select(pl.col("node").alias("supplier_ref"), "supplier_id")


def _kept_ids(components: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    overlaps = (
        components.join(ledger, left_on="node", right_on="supplier_ref")
        .group_by("component", "supplier_id")
        .agg(pl.len().alias("shared"), pl.col("assigned_on").min())
    )
    size = components.group_by("component").agg(pl.len().alias("size"))
    rivals = pl.max_horizontal(pl.len().over("component"), pl.len().over("supplier_id"))
    overlaps = overlaps.with_columns(rivals.alias("rivals"))
    plain = overlaps.filter(pl.col("rivals") == 1).select("component", "supplier_id")
    # a part that holds nothing else goes before one that also has an id of its own to keep
    disputed = (
        overlaps.filter(pl.col("rivals") > 1)
        .join(size, on="component")
        .sort("shared", "assigned_on", "size", "supplier_id", "component", descending=[True, *[False] * 4])
    )
    settled = _first_come(disputed.select("component", "supplier_id").iter_rows())
    return pl.concat([plain, pl.DataFrame(settled, schema=plain.schema, orient="row")])


def _first_come(disputed: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Gives each component and each id once, in the order given; only suppliers that were merged or split are here."""
    components: set[str] = set()
    ids: set[str] = set()
    settled = []
    for component, supplier_id in disputed:
        if component not in components and supplier_id not in ids:
            settled.append((component, supplier_id))
            components.add(component)
            ids.add(supplier_id)
    return settled


def _fresh_ids(fresh: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    borne = known.filter(known.is_in(fresh["seed_id"].implode()))
    is_free = pl.col("seed_id").is_unique() & ~pl.col("seed_id").is_in(borne.implode())
    free = fresh.filter(is_free).select("component", pl.col("seed_id").alias("supplier_id"))
    rest = fresh.filter(~is_free).sort("seed")
    taken = {*known, *free["supplier_id"]} if len(rest) else set()
    ids = [_next_free(seed, taken) for seed in rest["seed"]]
    return pl.concat([free, rest.select("component", pl.Series("supplier_id", ids, pl.String))])


def _next_free(seed: str, taken: set[str]) -> str:
    """Gives the first id made of the seed that is not taken, and takes it."""
    attempt = 1
    while short_id(seed, attempt) in taken:
        attempt += 1
    taken.add(short_id(seed, attempt))
    return short_id(seed, attempt)


def short_id(seed: str, attempt: int = 1) -> str:
    """Gives S and the first 12 hexadecimal digits of the SHA-256 of the seed, from the second attempt on numbered."""
    text = seed if attempt == 1 else f"{seed} {attempt}"
    return "S" + hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
