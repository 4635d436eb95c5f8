"""How bad it would be: the severity of what is present at a site, kept apart from likelihood (METHOD §3)."""

import polars as pl

from scoring.catalogue import Catalogue
from scoring.evidence import event_weight, gating_rows
from scoring.keys import CELL, SITE_NUMBER

_SURVEYS = ("offsite_survey", "onsite_survey")
_LEAST_SCOPE = 1.0


def site_severity(ranked: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives severity, severity_basis and gating_severity (1–5) by site_number: the largest of its present indicators.

    Severity of an indicator = max(scale, ½ scale + ¼ scope + ¼ irremediability), the shares from the seed; scope is
    the highest level that what is known reaches. Where nothing tells it, it counts as its lowest level, which never
    brings severity below scale, and the basis says so. `gating_severity` is reckoned from the rows alone that may gate
    a band, and NULL where none is present by them. A site without such an indicator has no row.
    """
    columns = (CELL, "event_number", "weight", "source_type", "names_no_site", "supplier_id", "kind", "live")
    live = ranked.select(columns).filter((pl.col("kind") == "adverse") & pl.col("live"))
    told = _largest(_severities(live, catalogue)).select(SITE_NUMBER, "severity", _basis())
    gating = _largest(_severities(gating_rows(ranked), catalogue)).select(SITE_NUMBER, gating_severity="severity")
    return told.join(gating, on=SITE_NUMBER, how="left").sort(SITE_NUMBER)


def _severities(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives severity, scale, scope (NULL where not told) and irremediability of each indicator that is present."""
    present_minimum, count = catalogue.parameters["present_weight_minimum"], len(catalogue.indicators)
    graded = catalogue.indicators.select(
        *("indicator_id", "name", "irremediability"),
        pl.col("severity").alias("scale"),
        pl.int_range(pl.len(), dtype=pl.Int64).alias("place"),
    ).filter(pl.col("scale").is_not_null())
    present = event_weight(rows, "present").filter(pl.col("present") >= present_minimum)
    shares = {name: catalogue.parameters[f"severity_{name}_share"] for name in ("scale", "scope", "irremediability")}
    known = pl.col("scope").fill_null(_LEAST_SCOPE)
    together = (
        shares["scale"] * pl.col("scale")
        + shares["scope"] * known
        + shares["irremediability"] * pl.col("irremediability")
    )
    return (
        present.with_columns((pl.col(CELL) // count).alias(SITE_NUMBER), (pl.col(CELL) % count).alias("place"))
        .join(graded, on="place")
        .join(_extent(rows.join(present, on=CELL, how="semi")), on=CELL, how="left")
        .with_columns(_sites_of_supplier().alias("sites"))
        .with_columns(_scope(catalogue.scopes).alias("scope"))
        .with_columns(pl.max_horizontal("scale", together).alias("severity"))
    )


def _extent(rows: pl.DataFrame) -> pl.DataFrame:
    waves = pl.col("event_number").filter(pl.col("source_type").is_in(_SURVEYS))
    return rows.group_by(CELL).agg(
        pl.col("event_number").n_unique().alias("events"),
        waves.n_unique().alias("survey_waves"),
        (~pl.col("names_no_site")).any().alias("names_the_site"),
        pl.col("supplier_id").first(),
    )


def _sites_of_supplier() -> pl.Expr:
    """Gives at how many sites of the supplier the indicator is present by facts that name them."""
    return pl.col("names_the_site").sum().over("supplier_id", "indicator_id")


def _scope(levels: pl.DataFrame) -> pl.Expr:
    reached = [
        pl.when(pl.col(measure) >= minimum).then(pl.lit(scope))
        for measure, minimum, scope in levels.select("measure", "minimum", "scope").iter_rows()
    ]
    return pl.max_horizontal(*reached)


def _largest(severities: pl.DataFrame) -> pl.DataFrame:
    ordered = severities.sort(SITE_NUMBER, "severity", "place", descending=[False, True, False])
    return ordered.filter(pl.col(SITE_NUMBER).is_first_distinct())


def _basis() -> pl.Expr:
    scope = pl.when(pl.col("scope").is_null()).then(pl.lit("scope not told")).otherwise(_level("scope"))
    parts = pl.concat_str([_level("scale"), scope, _level("irremediability")], separator=", ")
    return pl.format("{} ({}): {}", "name", "indicator_id", parts).alias("severity_basis")


def _level(name: str) -> pl.Expr:
    return pl.format(f"{name} {{}} of 5", pl.col(name).cast(pl.Int64))
