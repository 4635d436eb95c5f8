"""From facts to ranked evidence rows: what each fact weighs at each site, which rows count, and why others do not.

Three flags are kept apart. A row is *live* when it still speaks. It *bears on the state* of its indicator when it is
live and, where clean, no older than a look may be (ADR 4). It is *counted* when it bears points: of live rows that
share an event only the largest counts, and a clean row that workers contradict does not.
"""

from datetime import date

import polars as pl

from scoring.catalogue import OFFICIAL_FAMILY, WORKER_FAMILY, Catalogue
from scoring.contested import reason_of_upheld, told_of_contests, upheld
from scoring.contradictions import without_contradicted_credit
from scoring.freshness import with_freshness
from scoring.keys import SITE, SITE_INDICATOR
from scoring.own_rules import MITIGATION, adverse_points, believed_clean, mitigation_points, with_own_rules
from tierline.errors import ConfigError, ContractError

EVENT = [*SITE_INDICATOR, "kind", "event"]
SAME_EVENT = "the same event counts once, by its largest row"
"""Why a row of an event is set aside where a larger one counts; under other priors it might be the larger."""
_ADVERSE = pl.col("kind") == "adverse"
_CLEAN = pl.col("kind") == "clean"
_COMPANY_WIDE_KINDS = ("procurement", "network")


def weighed_rows(facts: pl.DataFrame, sites: pl.DataFrame, catalogue: Catalogue, as_of: date) -> pl.DataFrame:
    """Gives one row a fact × site: points, reliability, freshness, weight (r·f), size (signed), flags and set_aside.

    Company-level adverse facts apply to each site; a clean one only where the company is one site, because clean credit
    never crosses sites. What buying and ties show is of the company: where its source gives no credit, such a clean row
    holds at each site. Raises ConfigError for a source type or indicator that the seeds do not have, ContractError for
    a fact of no site.
    """
    described = _with_catalogue(_at_sites(with_own_rules(told_of_contests(facts)), sites), catalogue)
    weighed = with_weight(with_freshness(described, as_of), catalogue)
    opposed = _with_opposition(weighed.with_columns(_set_aside().alias("set_aside")))
    looked = _ADVERSE | (pl.col("freshness") >= catalogue.parameters["observation_freshness_minimum"])
    bearing = opposed.with_columns((pl.col("live") & looked).alias("bears_on_state"))
    return without_contradicted_credit(bearing, catalogue)


def ranked_rows(rows: pl.DataFrame, row_decay: float) -> pl.DataFrame:
    """Gives the rows with counted, rank and contribution: size · row_decay^(rank − 1), ranked by size within kind.

    Of the rows of one event only the largest counts; ties go to the smaller fact_id. A row that does not count has no
    rank and contributes 0. Mitigation of different kinds stands side by side: its rank takes nothing from it.
    """
    keys = [*SITE_INDICATOR, "kind"]
    ordered = rows.sort(*keys, pl.col("size").abs(), "fact_id", descending=[*[False] * len(keys), True, False])
    candidate = pl.col("set_aside").is_null()
    first_of_event = pl.int_range(pl.len()).over([*EVENT, candidate]) == 0
    flagged = ordered.with_columns(
        (candidate & first_of_event).alias("counted"),
        pl.when(candidate & ~first_of_event).then(pl.lit(SAME_EVENT)).otherwise("set_aside").alias("set_aside"),
    )
    rank = pl.col("counted").cast(pl.Int64).cum_sum().over(keys)
    ranked = flagged.with_columns(pl.when("counted").then(rank).alias("rank"))
    behind = pl.when(~MITIGATION).then(pl.col("rank") - 1).otherwise(0)
    contribution = pl.when("counted").then(pl.col("size") * row_decay ** behind.cast(pl.Float64)).otherwise(0.0)
    return ranked.with_columns(contribution.alias("contribution"))


def gating_rows(ranked: pl.DataFrame) -> pl.DataFrame:
    """Gives the live adverse rows that may gate a band: no second-hand row, official act under appeal or row to which
    an objection was upheld in part. One that a supplier merely objects to gates until that is decided.
    """
    under_appeal = pl.col("contested").fill_null(False) & (pl.col("family") == OFFICIAL_FAMILY)
    doubtful = pl.col("second_hand").fill_null(False) | under_appeal | pl.col("partly_upheld")
    return ranked.filter(_ADVERSE & pl.col("live") & ~doubtful)


def event_weight(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Gives Σ r·f a site × indicator over distinct events, each by its weightiest row, in a column of that name."""
    by_event = rows.group_by([*SITE_INDICATOR, "event"]).agg(pl.col("weight").max())
    return (
        by_event.sort(*SITE_INDICATOR, "event")
        .group_by(SITE_INDICATOR, maintain_order=True)
        .agg(pl.col("weight").sum().alias(name))
    )


def _at_sites(facts: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    owned = sites.select(SITE).with_columns(pl.len().over("supplier_id").alias("supplier_sites"))
    of_site = facts.filter(pl.col("site_id").is_not_null())
    of_company = facts.filter(pl.col("site_id").is_null()).drop("site_id")
    _refuse_homeless(of_site.join(owned, on=SITE, how="anti"))
    _refuse_homeless(of_company.join(owned, on="supplier_id", how="anti"))
    placed = [
        of_site.join(owned, on=SITE).with_columns(pl.lit(False).alias("names_no_site")),
        of_company.join(owned, on="supplier_id").with_columns((pl.col("supplier_sites") > 1).alias("names_no_site")),
    ]
    return pl.concat(placed, how="diagonal").with_columns(pl.coalesce("origin_event_id", "fact_id").alias("event"))


def _refuse_homeless(facts: pl.DataFrame) -> None:
    if len(facts):
        raise ContractError(
            f"{len(facts)} facts name a supplier or site that features.ftr_site does not have; "
            f"the first is {facts['fact_id'].sort()[0]}",
            remedy="Every fact must join to ftr_site; look at the dbt models of the features.",
        )


def _with_catalogue(facts: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    _refuse_unknown(facts, "source_type", catalogue.sources["source_type"], "reliability")
    _refuse_unknown(facts, "indicator_id", catalogue.indicators["indicator_id"], "indicator")
    indicators = catalogue.indicators.select(
        *("indicator_id", "severity", "role", "own_points", "own_sigma"),
        pl.col("kind").alias("indicator_kind"),
        pl.col("default_strength"),
    )
    eligible = catalogue.eligible.with_columns(pl.lit(True).alias("is_eligible"))
    return (
        facts.join(catalogue.sources, on="source_type")
        .join(indicators, on="indicator_id")
        .with_columns(pl.coalesce("strength", "default_strength").alias("strength"))
        .join(catalogue.strengths, on="strength", how="left")
        .join(eligible, on=["indicator_id", "source_type"], how="left")
        .with_columns(pl.col("is_eligible").fill_null(False))
    )


def _refuse_unknown(facts: pl.DataFrame, column: str, known: pl.Series, seed: str) -> None:
    unknown = facts.filter(~pl.col(column).is_in(known.to_list()) | pl.col(column).is_null())[column]
    if len(unknown):
        names = ", ".join(sorted({str(name) for name in unknown}))
        raise ConfigError(
            f"the seed {seed} has no row for {column} {names}",
            remedy=f"Add it to {seed}.csv in dbt_project/seeds/catalogue, with its source.",
        )


def with_weight(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Adds points (of the row), reliability, weight (r·f) and size to rows with freshness and columns of the seeds."""
    own = pl.col("own_points").fill_null(0.0)
    share = catalogue.parameters["clean_reliability_share"]
    per_doubling = catalogue.inherent["points_per_doubling"]
    believed = believed_clean(catalogue.parameters["coached_reliability_share"])
    credit = per_doubling * (1 - share * believed).log(2)
    scored = pl.col("own_points").is_not_null()
    return (
        rows.with_columns(
            pl.when(_ADVERSE)
            .then(pl.when(scored).then(adverse_points()).otherwise(0.0))
            .when(MITIGATION)
            .then(mitigation_points())
            .otherwise(pl.max_horizontal(credit, -own))
            .alias("points"),
            pl.when(_ADVERSE)
            .then("reliability_adverse")
            # How far verification by workers is believed is in the points of its kind.
            .when(MITIGATION)
            .then(1.0)
            .otherwise(believed)
            .alias("reliability"),
        )
        .with_columns((pl.col("reliability") * pl.col("freshness")).alias("weight"))
        .with_columns(
            pl.when(_ADVERSE)
            .then(pl.col("points") * pl.col("weight"))
            .otherwise(pl.col("points") * pl.col("freshness"))
            .alias("size")
        )
    )


def _set_aside() -> pl.Expr:
    unconfirmed = (pl.col("indicator_kind") == "official") & ~pl.col("confirmed_by").is_in(["identifier", "verdict"])
    return (
        pl.when(_ADVERSE & upheld())
        .then(reason_of_upheld())
        .when(pl.col("set_aside_reason").is_not_null())
        .then("set_aside_reason")
        .when(_ADVERSE & pl.col("closure_verified_by_workers").fill_null(False))
        .then(pl.lit("workers verified that it was put right"))
        .when(_ADVERSE & unconfirmed.fill_null(True))
        .then(pl.lit("neither an identifier nor a person confirmed the match"))
        .when(_CLEAN & ~pl.col("is_eligible"))
        .then(pl.lit("this kind of source cannot clear this indicator"))
        .when(_CLEAN & pl.col("names_no_site") & ~_holds_company_wide())
        .then(pl.lit("it names none of several sites, and clean credit never crosses sites"))
        .when(MITIGATION & pl.col("names_no_site"))
        .then(pl.lit("it names none of several sites, and what was done at one is not done at another"))
    )


def _holds_company_wide() -> pl.Expr:
    return pl.col("indicator_kind").is_in(_COMPANY_WIDE_KINDS) & (pl.col("reliability_clean") == 0)


def _with_opposition(rows: pl.DataFrame) -> pl.DataFrame:
    live = pl.col("set_aside").is_null()
    worker = pl.col("family") == WORKER_FAMILY
    opposed = (_ADVERSE & live & worker).any().over(SITE_INDICATOR)
    return rows.with_columns(
        live.alias("live"),
        pl.when(_CLEAN & live & opposed)
        .then(pl.lit("workers of this site report the opposite"))
        .otherwise("set_aside")
        .alias("set_aside"),
    )
