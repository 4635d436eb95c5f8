"""From facts to ranked evidence rows: what each fact weighs at each site, which rows count, and why others do not.

Three flags are kept apart. A row is *live* when it still speaks. It *bears on the state* of its indicator when it is
live and, where clean, no older than a look may be (ADR 4). It is *counted* when it bears points: of live rows that
share an event only the largest counts, and a clean row that workers contradict does not.
"""

from datetime import date

import numpy as np
import polars as pl

from scoring.catalogue import OFFICIAL_FAMILY, WORKER_FAMILY, Catalogue
from scoring.contested import reason_of_upheld, told_of_contests, upheld
from scoring.contradictions import without_contradicted_credit
from scoring.freshness import with_freshness
from scoring.keys import CELL, SITE, SITE_NUMBER
from scoring.own_rules import MITIGATION, adverse_points, believed_clean, mitigation_points, with_own_rules
from scoring.ranked_groups import added_in_order, places_within, starts_of
from tierline.errors import ConfigError, ContractError

SAME_EVENT = "the same event counts once, by its largest row"
"""Why a row of an event is set aside where a larger one counts; under other priors it might be the larger."""
_ADVERSE = pl.col("kind") == "adverse"
_CLEAN = pl.col("kind") == "clean"
_GATING = (
    *(SITE_NUMBER, CELL, "supplier_id", "indicator_id", "event_number", "weight", "strength", "severity", "role"),
    *("indicator_kind", "source_type", "family", "event_date", "ended_on", "in_force", "confirmed_by", "contested"),
    "names_no_site",
)
_KINDS = ("adverse", "clean", "mitigation")
_COMPANY_WIDE_KINDS = ("procurement", "network")


def weighed_rows(facts: pl.DataFrame, sites: pl.DataFrame, catalogue: Catalogue, as_of: date) -> pl.DataFrame:
    """Gives one row a fact × site: points, reliability, freshness, weight (r·f), size (signed), flags and set_aside.

    `sites` are numbered; rows stand in the order of site_number and fact_id and carry site_number, cell and
    event_number, which is the place of their event among all events by name. Company-level adverse facts apply to each
    site; a clean one only where the company is one site, because clean credit never crosses sites. What buying and ties
    show is of the company: where its source gives no credit, such a clean row holds at each site. Raises ConfigError
    for a source type or indicator that the seeds do not have, ContractError for a fact of no site.
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
    candidate = pl.col("set_aside").is_null()
    ranked = rows.with_columns(_ranks(rows)).with_columns(pl.col("rank").is_not_null().alias("counted"))
    behind = pl.when(~MITIGATION).then(pl.col("rank") - 1).otherwise(0)
    contribution = pl.when("counted").then(pl.col("size") * row_decay ** behind.cast(pl.Float64)).otherwise(0.0)
    return ranked.with_columns(
        pl.when(candidate & ~pl.col("counted")).then(pl.lit(SAME_EVENT)).otherwise("set_aside").alias("set_aside"),
        contribution.alias("contribution"),
    )


def _ranks(rows: pl.DataFrame) -> pl.Series:
    """Gives the rank of each row within its site, indicator and kind from 1; none where it does not count.

    The rows stand in the order of their facts, which decides between equal sizes.
    """
    kind = pl.col("kind").replace_strict(_KINDS, range(len(_KINDS)), return_dtype=pl.Int64)
    events = rows["event_number"].max()
    group = (pl.col(CELL) * len(_KINDS) + kind).alias("group")
    candidates = (
        rows.select(group, "event_number", pl.col("size").abs(), pl.col("set_aside").is_null().alias("candidate"))
        .with_row_index("row")
        .filter("candidate")
        .sort("group", "size", descending=[False, True], maintain_order=True)
    )
    key = pl.col("group") * (int(events if isinstance(events, int) else 0) + 1) + pl.col("event_number")
    counted = candidates.filter(key.is_first_distinct())
    ranks = np.zeros(len(rows), dtype=np.int64)
    ranks[counted["row"].to_numpy()] = places_within(counted["group"].to_numpy()) + 1
    return pl.Series("rank", ranks).replace(0, None)


def gating_rows(ranked: pl.DataFrame) -> pl.DataFrame:
    """Gives the live adverse rows that may gate a band: no second-hand row, official act under appeal or row to which
    an objection was upheld in part. One that a supplier merely objects to gates until that is decided.
    """
    under_appeal = pl.col("contested").fill_null(False) & (pl.col("family") == OFFICIAL_FAMILY)
    doubtful = pl.col("second_hand").fill_null(False) | under_appeal | pl.col("partly_upheld")
    return ranked.select(*_GATING, (_ADVERSE & pl.col("live") & ~doubtful).alias("gates")).filter("gates")


def event_weight(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Gives Σ r·f a cell over distinct events, each by its weightiest row, in a column of that name; in cell order."""
    if rows.is_empty():
        return pl.DataFrame(schema={CELL: pl.Int64, name: pl.Float64})
    ordered = rows.select(CELL, "event_number", "weight").sort(CELL, "event_number")
    cells, events, weight = (ordered[column].to_numpy() for column in ordered.columns)
    starts = np.flatnonzero(np.append(True, (np.diff(cells) != 0) | (np.diff(events) != 0)))
    of_event = cells[starts]
    first = starts_of(of_event)
    total = added_in_order(np.maximum.reduceat(weight, starts), first)
    return pl.DataFrame({CELL: of_event[first], name: total})


def _at_sites(facts: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    owned = sites.select(*SITE, SITE_NUMBER, (pl.len().over("supplier_id") > 1).alias("several"))
    of_site = facts.filter(pl.col("site_id").is_not_null())
    of_company = facts.filter(pl.col("site_id").is_null()).drop("site_id")
    placed = [
        of_site.join(owned.drop("several"), on=SITE, how="left", maintain_order="left").with_columns(
            pl.lit(False).alias("names_no_site")
        ),
        of_company.join(owned, on="supplier_id", how="left").rename({"several": "names_no_site"}),
    ]
    for frame in placed:
        _refuse_homeless(frame.filter(pl.col(SITE_NUMBER).is_null()))
    return (
        pl.concat(placed, how="diagonal")
        .sort(SITE_NUMBER, "fact_id")
        .with_columns(pl.coalesce("origin_event_id", "fact_id").alias("event"))
        .with_columns((pl.col("event").rank("dense") - 1).cast(pl.Int64).alias("event_number"))
    )


def _refuse_homeless(facts: pl.DataFrame) -> None:
    if len(facts):
        raise ContractError(
            f"{len(facts)} facts name a supplier or site that features.ftr_site does not have; "
            f"the first is {facts['fact_id'].sort()[0]}",
            remedy="Every fact must join to ftr_site; look at the dbt models of the features.",
        )


def _with_catalogue(facts: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    indicators = catalogue.indicators.select(
        *("indicator_id", "severity", "role", "own_points", "own_sigma"),
        pl.col("kind").alias("indicator_kind"),
        pl.col("default_strength"),
    )
    source = _places_in(facts, catalogue.sources, "source_type", "reliability")
    indicator = _places_in(facts, indicators, "indicator_id", "indicator")
    graded = facts.with_columns(
        *_gathered(catalogue.sources, source, "source_type"),
        *_gathered(indicators, indicator, "indicator_id"),
        (pl.col(SITE_NUMBER) * len(indicators) + pl.lit(indicator)).alias(CELL),
        pl.lit(_eligible(catalogue).gather(indicator * len(catalogue.sources) + source)).alias("is_eligible"),
    ).with_columns(pl.coalesce("strength", "default_strength").alias("strength"))
    return graded.with_columns(
        _gathered(catalogue.strengths, _places(graded, catalogue.strengths, "strength"), "strength")
    )


def _places(rows: pl.DataFrame, seed: pl.DataFrame, key: str) -> pl.Series:
    """Gives where in the seed the key of each row stands, empty where it has none."""
    return rows[key].replace_strict(seed[key], pl.Series(range(len(seed)), dtype=pl.Int64), default=None)


def _places_in(rows: pl.DataFrame, seed: pl.DataFrame, key: str, name: str) -> pl.Series:
    places = _places(rows, seed, key)
    if places.null_count():
        _refuse_unknown(rows[key].filter(places.is_null()), name)
    return places


def _gathered(seed: pl.DataFrame, places: pl.Series, key: str) -> list[pl.Series]:
    return [column.gather(places) for column in seed.drop(key)]


def _eligible(catalogue: Catalogue) -> pl.Series:
    """Says of each indicator × source type, in the order of both seeds, whether its clean rows count."""
    pairs = catalogue.indicators.select("indicator_id").join(catalogue.sources.select("source_type"), how="cross")
    marked = catalogue.eligible.with_columns(pl.lit(True).alias("is_eligible"))
    told = pairs.join(marked, on=["indicator_id", "source_type"], how="left", maintain_order="left")
    return told["is_eligible"].fill_null(False)


def _refuse_unknown(unknown: pl.Series, seed: str) -> None:
    names = ", ".join(sorted({str(name) for name in unknown}))
    raise ConfigError(
        f"the seed {seed} has no row for {unknown.name} {names}",
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
    by_workers = _ADVERSE & live & (pl.col("family") == WORKER_FAMILY)
    opposed = pl.col(CELL).is_in(rows.select(pl.col(CELL).filter(by_workers)).to_series().unique().implode())
    return rows.with_columns(
        live.alias("live"),
        pl.when(_CLEAN & live & opposed)
        .then(pl.lit("workers of this site report the opposite"))
        .otherwise("set_aside")
        .alias("set_aside"),
    )
