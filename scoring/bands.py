"""Bands and actions, gates first: which rule of the seed decides a site, and a sentence that says why (METHOD §4)."""

from collections.abc import Callable
from datetime import date

import polars as pl

from scoring.catalogue import OFFICIAL_FAMILY, BandRule, Catalogue
from scoring.evidence import event_weight, gating_rows
from scoring.keys import CELL, DAYS_PER_MONTH, SITE_NUMBER
from tierline.errors import ConfigError

UNKNOWN = "Unknown"
_VIOLENCE_SOURCES = ("inspector", "worker_driven_monitor", "unannounced_audit", "announced_audit")
_OBSERVERS = ("field_visit", "inspector")
_CONFIRMED = ("identifier", "verdict")
_HAIR = 1e-9
_LONG_AGO, _FAR_AHEAD = date.min, date.max


def with_gates(sites: pl.DataFrame, ranked: pl.DataFrame, catalogue: Catalogue, present_minimum: float) -> pl.DataFrame:
    """Adds to numbered sites a column a gate, named by its rule, with the indicators that open it; NULL where shut.

    Only live adverse rows that are neither second-hand nor under appeal open a gate.
    """
    rows = gating_rows(ranked)
    for rule_id, opening in _GATES.items():
        indicators = opening(rows, catalogue.rule(rule_id), present_minimum)
        sites = sites.join(_named(indicators, catalogue, rule_id), on=SITE_NUMBER, how="left", maintain_order="left")
    return sites


def decided(sites: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Adds band, band_rule, action, band_reason and inherent_level to sites with gates, score and coverage.

    A rule that asks for severity takes `gating_severity`, which doubtful and second-hand rows do not enter. Raises
    ConfigError where the rules of the seed leave a site without a band.
    """
    with_rule = sites.with_columns(deciding_rule(catalogue).alias("band_rule"))
    if with_rule["band_rule"].null_count():
        raise ConfigError(
            "the seed band_rule leaves some scores without a band", remedy="Close the gap in band_rule.csv."
        )
    rules = catalogue.band_rules
    return with_rule.with_columns(
        _by_rule({rule.rule_id: rule.band for rule in rules}).alias("band"),
        _by_rule({rule.rule_id: rule.action for rule in rules}).alias("action"),
        pl.coalesce(pl.when(pl.col("band_rule") == rule.rule_id).then(_sentence(rule)) for rule in rules).alias(
            "band_reason"
        ),
        inherent_level(catalogue).alias("inherent_level"),
    )


def deciding_rule(catalogue: Catalogue, score: pl.Expr | None = None) -> pl.Expr:
    """Gives the id of the first rule, in the order of the seed, that holds for a site with its score or that one."""
    score = pl.col("score") if score is None else score
    return pl.coalesce(pl.when(_holds(rule, score)).then(pl.lit(rule.rule_id)) for rule in catalogue.band_rules)


def band_at(catalogue: Catalogue, score: pl.Expr) -> pl.Expr:
    """Gives the band that a site would have at that score, all else as it is."""
    bands = {rule.rule_id: rule.band for rule in catalogue.band_rules}
    return deciding_rule(catalogue, score).replace_strict(bands, return_dtype=pl.String)


def inherent_level(catalogue: Catalogue) -> pl.Expr:
    """Gives the band that the score alone would give."""
    by_score = [rule for rule in catalogue.band_rules if _is_by_score(rule) and rule.band != UNKNOWN]
    score = pl.col("score")
    return pl.coalesce(
        pl.when(_within(score, rule.score_minimum, rule.score_below)).then(pl.lit(rule.band)) for rule in by_score
    )


def score_limits(catalogue: Catalogue) -> list[float]:
    """Gives the scores at which a rule begins or ceases to hold, ascending."""
    limits = {limit for rule in catalogue.band_rules for limit in (rule.score_minimum, rule.score_below)}
    return sorted(limit for limit in limits if limit is not None)


def _by_rule(values: dict[str, str]) -> pl.Expr:
    return pl.col("band_rule").replace_strict(values, return_dtype=pl.String)


def _is_by_score(rule: BandRule) -> bool:
    return (rule.score_minimum is not None or rule.score_below is not None) and rule.severity_minimum is None


def _holds(rule: BandRule, score: pl.Expr) -> pl.Expr:
    if rule.rule_id in _GATES:
        return pl.col(rule.rule_id).is_not_null()
    limits = [
        (score, rule.score_minimum, rule.score_below),
        (pl.col("gating_severity"), rule.severity_minimum, None),
        (pl.col("coverage"), rule.coverage_minimum, rule.coverage_below),
        (pl.col("confidence"), rule.confidence_minimum, None),
    ]
    return pl.all_horizontal(_within(column, low, high) for column, low, high in limits).fill_null(False)


def _within(column: pl.Expr, minimum: float | None, below: float | None) -> pl.Expr:
    conditions = [] if minimum is None else [column >= minimum]
    conditions += [] if below is None else [column < below]
    return pl.all_horizontal(pl.lit(True), *conditions)


def _official_order(rows: pl.DataFrame, rule: BandRule, _: float) -> pl.DataFrame:
    confirmed = pl.col("in_force") & pl.col("confirmed_by").is_in(_CONFIRMED) & ~pl.col("contested").fill_null(False)
    return rows.filter(confirmed & pl.col("indicator_id").is_in(rule.indicators))


def _observed(rows: pl.DataFrame, rule: BandRule, present_minimum: float) -> pl.DataFrame:
    """Gives X01 where somebody who saw the site recorded it as such; others who say so add points alone (METHOD §1)."""
    return _present(rows.filter(pl.col("source_type").is_in(_OBSERVERS)), rule, present_minimum)


def _present(rows: pl.DataFrame, rule: BandRule, present_minimum: float) -> pl.DataFrame:
    named = rows.filter(pl.col("indicator_id").is_in(rule.indicators))
    present = event_weight(named, "present").filter(pl.col("present") >= present_minimum)
    return named.join(present, on=CELL, how="semi")


def _violence(rows: pl.DataFrame, rule: BandRule, present_minimum: float) -> pl.DataFrame:
    credible = (pl.col("family") == OFFICIAL_FAMILY) | pl.col("source_type").is_in(_VIOLENCE_SOURCES)
    return _present(rows.filter(credible), rule, present_minimum)


def _strong_and_severe(rows: pl.DataFrame, rule: BandRule, _: float) -> pl.DataFrame:
    severe = pl.col("severity") >= _needed(rule, "severity_minimum")
    supported = pl.col("weight") >= _needed(rule, "weight_minimum")
    return rows.filter((pl.col("strength") == "S") & severe & supported)


def _involuntary_and_menace(rows: pl.DataFrame, rule: BandRule, _: float) -> pl.DataFrame:
    """Gives each two indicators, one of role I and one of role P, within the window of each other, one of them strong.

    An official act takes part while it is in force; what was directly observed has a rule of its own.
    """
    strong = pl.col("strength") == "S"
    role = pl.col("role")
    known_from = pl.coalesce("event_date", "ended_on", pl.lit(_LONG_AGO))
    usable = rows.filter(
        pl.col("weight") >= _needed(rule, "weight_minimum"),
        pl.col("source_type") != "self_assessment",
        pl.col("indicator_kind") != "observed",
        pl.col("in_force") | (pl.col("family") != OFFICIAL_FAMILY),
    ).select(
        SITE_NUMBER,
        "indicator_id",
        strong.alias("strong"),
        (role.is_in(["I", "I+P"]) | ((role == "I_if_strong") & strong)).alias("involuntary"),
        role.is_in(["P", "I+P"]).alias("menace"),
        known_from.alias("from"),
        pl.when("in_force").then(pl.lit(_FAR_AHEAD)).otherwise(known_from).alias("until"),
    )
    pairs = usable.filter("involuntary").join(usable.filter("menace"), on=SITE_NUMBER, suffix="_menace")
    apart = (pl.max_horizontal("from", "from_menace") - pl.min_horizontal("until", "until_menace")).dt.total_days()
    window_days = _needed(rule, "window_months") * DAYS_PER_MONTH
    close = pairs.filter(
        pl.col("indicator_id") != pl.col("indicator_id_menace"),
        apart <= window_days,
        pl.col("strong") | pl.col("strong_menace"),
    )
    menace = close.select(SITE_NUMBER, pl.col("indicator_id_menace").alias("indicator_id"))
    return pl.concat([close.select(SITE_NUMBER, "indicator_id"), menace])


def _needed(rule: BandRule, threshold: str) -> float:
    value: float | None = getattr(rule, threshold)
    if value is None:
        raise ConfigError(
            f"the seed band_rule gives no {threshold} for {rule.rule_id}", remedy="Fill it in band_rule.csv."
        )
    return value


_GATES: dict[str, Callable[[pl.DataFrame, BandRule, float], pl.DataFrame]] = {
    "official_order_in_force": _official_order,
    "forced_labour_observed": _observed,
    "involuntary_and_menace": _involuntary_and_menace,
    "credible_violence": _violence,
    "strong_severe_indicator": _strong_and_severe,
    "debarment_in_force": _official_order,
}

_GATE_SENTENCES = {
    "official_order_in_force": "In force and matched by an identifier or a person: {}",
    "forced_labour_observed": "Recorded at the site as such: {}",
    "involuntary_and_menace": "Work against the will and the menace of a penalty at one site: {}",
    "credible_violence": "By an official act, a worker-driven monitor or an audit: {}",
    "strong_severe_indicator": "Strong and severe, and well supported: {}",
    "debarment_in_force": "In force and matched by an identifier or a person: {}",
}


def _named(hits: pl.DataFrame, catalogue: Catalogue, column: str) -> pl.DataFrame:
    names = catalogue.indicators.select("indicator_id", "name")
    labelled = hits.select(SITE_NUMBER, "indicator_id").unique().join(names, on="indicator_id")
    return labelled.group_by(SITE_NUMBER).agg(
        pl.format("{} {}", "indicator_id", "name").sort().str.join("; ").alias(column)
    )


def _sentence(rule: BandRule) -> pl.Expr:
    if rule.rule_id in _GATES:
        return pl.format(_GATE_SENTENCES[rule.rule_id], pl.col(rule.rule_id))
    limits = [
        ("score", pl.col("score"), rule.score_minimum, rule.score_below, 1),
        ("severity", pl.col("gating_severity"), rule.severity_minimum, None, 1),
        ("coverage", pl.col("coverage"), rule.coverage_minimum, rule.coverage_below, 2),
        ("confidence", pl.col("confidence"), rule.confidence_minimum, None, 2),
    ]
    used = [limit for limit in limits if limit[2] is not None or limit[3] is not None]
    said = pl.concat_str([_part(*limit) for limit in used], separator=", ")
    return pl.concat_str(said.str.slice(0, 1).str.to_uppercase(), said.str.slice(1))


def _part(name: str, value: pl.Expr, minimum: float | None, below: float | None, decimals: int) -> pl.Expr:
    limits = [f"at least {minimum:g}"] if minimum is not None else []
    limits += [f"below {below:g}"] if below is not None else []
    return pl.format(f"{name} {{}} ({', '.join(limits)})", _cut(value, below, decimals).cast(pl.String))


def _cut(value: pl.Expr, below: float | None, decimals: int) -> pl.Expr:
    """Gives the value cut, not rounded, to its decimals: 69.96 must not be told as 70 and below 70."""
    scale = 10.0**decimals
    # A value such as 0.29 lies a hair below itself in binary; the nudge must not carry another over its limit.
    cut = ((value * scale + _HAIR).floor() / scale).round(decimals)
    if below is None:
        return cut
    return pl.when((value < below) & (cut >= below)).then(round(below - 1 / scale, decimals)).otherwise(cut)
