"""The base where enough cases are confirmed: their rate among the peers of a site, by empirical Bayes (METHOD §2)."""

from collections.abc import Mapping

import polars as pl

from scoring.keys import SITE

PEER_CASE = dict.fromkeys(("peer_cases", "peers", "other_cases", "other_suppliers"), pl.Int64)
"""Columns of `features.ftr_peer_case` beside its keys; empty where no peer has a confirmed case."""


def with_peer_cases(sites: pl.DataFrame, peer_cases: pl.DataFrame) -> pl.DataFrame:
    """Gives the sites with the confirmed cases among the other suppliers of their country and sector."""
    return sites.join(peer_cases.select(*SITE, *PEER_CASE), on=SITE, how="left", maintain_order="left")


def told_of_peers(sites: pl.DataFrame) -> pl.DataFrame:
    """Gives the sites with the columns that `with_peer_cases` adds, also where nobody told them."""
    return sites.with_columns(
        (pl.col(name) if name in sites.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in PEER_CASE.items()
    )


def confirmed_rate(inherent: Mapping[str, float]) -> pl.Expr:
    """Gives the rate of confirmed cases among a site's peers, drawn to that of all others; NULL where they are too few.

    Rate = (cases + k · rate of all) / (peers + k), a Beta prior of k suppliers at the rate of all. It needs as many
    independent cases among all others and among the peers as the seed says.
    """
    weight = inherent["peer_prior_suppliers"]
    rate_of_all = pl.col("other_cases") / pl.col("other_suppliers")
    enough = (pl.col("other_cases") >= inherent["other_cases_minimum"]) & (
        pl.col("peer_cases") >= inherent["peer_cases_minimum"]
    )
    return pl.when(enough).then((pl.col("peer_cases") + weight * rate_of_all) / (pl.col("peers") + weight))
