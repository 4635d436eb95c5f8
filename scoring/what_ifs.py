"""What score and band a site would have with one fact more, or one put right: the method, run on copies of the site."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

import polars as pl

from scoring.catalogue import OFFICIAL_FAMILY, Catalogue
from scoring.keys import NOT_ASSESSABLE, SITE, SITE_INDICATOR
from scoring.next_best import ORDERABLE_SOURCES, SURVEY
from scoring.score import Features, banded

ADVERSE, CLEAN, CLOSED = "adverse", "clean", "closed"
WHAT_IF: dict[str, type[pl.DataType]] = dict.fromkeys(
    ("supplier_id", "site_id", "source_type", "indicator_id", "outcome", "event", "evidence_id"), pl.String
)
AFTER: dict[str, type[pl.DataType]] = {
    "raw_score_after": pl.Float64,
    "score_after": pl.Float64,
    "band_after": pl.String,
}
_COPIES_AT_ONCE = 20_000
_COPY = ["profile", "source_type", "indicator_id", "outcome", "event"]
_FLAGS = ("in_force", "second_hand", "contested", "closure_verified_by_workers")


@dataclass(frozen=True)
class Rated:
    """Worst sites as they were scored: what is known of each indicator there, and the rows that count.

    `sites`: supplier_id, site_id. `states`: site, indicator_id, state. `evidence`: rows of `score_evidence`.
    """

    sites: pl.DataFrame
    states: pl.DataFrame
    evidence: pl.DataFrame


def what_ifs(rated: Rated, features: Features, catalogue: Catalogue) -> pl.DataFrame:
    """Gives the facts that could be had, a row each, with the columns of WHAT_IF.

    Of each indicator that is not assessable, each source that can be sent and may clear it finds it (`adverse`) or
    finds none (`clean`); a survey is not asked again what it could not decide. Each event that adds points, official
    acts aside, is put right and verified by workers (`closed`); `event` and `evidence_id` name it.
    """
    return pl.concat([_collectable(rated, features, catalogue), _closable(rated, catalogue)]).sort(list(WHAT_IF))


def rescored(
    changes: pl.DataFrame, features: Features, medians: Mapping[str, float], catalogue: Catalogue, as_of: date
) -> pl.DataFrame:
    """Gives the what-ifs with raw_score_after, score_after and band_after of their site.

    Each is a copy of its site, facts and gaps included, with that one thing changed, scored as any site. Sites without
    facts whose levels and gaps are the same share their copies.
    """
    profiled = changes.with_columns(_profile(changes, features))
    once = profiled.unique(_COPY, keep="first", maintain_order=True).with_row_index("copy")
    parts = [_scored_copies(part, features, medians, catalogue, as_of) for part in _parts(once)]
    after = pl.concat(parts) if parts else pl.DataFrame(schema={"copy": once.schema["copy"], **AFTER})
    scored_once = once.select(*_COPY, "copy").join(after, on="copy", how="left").drop("copy")
    return profiled.join(scored_once, on=_COPY, how="left", nulls_equal=True, maintain_order="left").drop("profile")


def _collectable(rated: Rated, features: Features, catalogue: Catalogue) -> pl.DataFrame:
    unknown = rated.states.filter(pl.col("state") == NOT_ASSESSABLE).join(rated.sites, on=SITE, how="semi")
    graded = catalogue.indicators.filter(pl.col("own_points").is_not_null()).select("indicator_id")
    askable = catalogue.eligible.filter(pl.col("source_type").is_in(ORDERABLE_SOURCES)).join(graded, on="indicator_id")
    asked = features.undetermined.select(SITE_INDICATOR).unique().with_columns(pl.lit(SURVEY).alias("source_type"))
    questions = (
        unknown.select(SITE_INDICATOR)
        .join(askable, on="indicator_id")
        .join(asked, on=[*SITE_INDICATOR, "source_type"], how="anti")
    )
    return _typed(questions.join(pl.DataFrame({"outcome": [ADVERSE, CLEAN]}), how="cross"))


def _closable(rated: Rated, catalogue: Catalogue) -> pl.DataFrame:
    official = catalogue.source_types_of(OFFICIAL_FAMILY)
    verifiable = catalogue.indicators.filter(pl.col("kind").is_in(["labour", "observed"])).select("indicator_id")
    adding = rated.evidence.filter(
        (pl.col("kind") == ADVERSE) & (pl.col("contribution") > 0) & ~pl.col("source_type").is_in(official)
    )
    rows = adding.join(rated.sites, on=SITE, how="semi").join(verifiable, on="indicator_id", how="semi")
    return _typed(rows.with_columns(pl.lit(CLOSED).alias("outcome"), _event_of_evidence()))


def _event_of_evidence() -> pl.Expr:
    fact_id = pl.col("evidence_id").str.strip_prefix(pl.concat_str(*(pl.col(name) + "/" for name in SITE)))
    return pl.coalesce("origin_event_id", fact_id).alias("event")


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in WHAT_IF.items()
    )


def _profile(changes: pl.DataFrame, features: Features) -> pl.Series:
    """Gives what tells the copies of two sites apart: the site itself where it has facts, else its levels and gaps."""
    sites = changes.select(SITE).unique()
    figures = [name for name, kind in features.sites.schema.items() if kind.is_numeric() or kind == pl.Boolean]
    shaped = sites.join(features.sites.select(*SITE, *figures), on=SITE, how="left")
    for name in _gap_names():
        gaps = _at_copies(getattr(features, name), sites.with_columns(pl.col("site_id").alias("copy_site")))
        listed = gaps.group_by(SITE).agg(pl.col("indicator_id").unique().sort().str.join(" ").alias(name))
        shaped = shaped.join(listed, on=SITE, how="left")
    alike = [pl.col(name).cast(pl.String).fill_null("-") for name in (*figures, *_gap_names())]
    silent = ~pl.col("supplier_id").is_in(features.facts["supplier_id"].unique().implode())
    profile = pl.when(silent).then(pl.concat_str(alike, separator="/")).otherwise(pl.concat_str(SITE, separator="/"))
    profiles = shaped.select(*SITE, profile.alias("profile"))
    return changes.join(profiles, on=SITE, how="left", maintain_order="left")["profile"]


def _gap_names() -> list[str]:
    return [field.name for field in fields(Features) if field.name not in {"sites", "facts"}]


def _parts(copies: pl.DataFrame) -> list[pl.DataFrame]:
    """Gives the copies, a bounded number at a time, all of a supplier together."""
    counts = copies.group_by("supplier_id", maintain_order=True).len()
    numbers = counts.select("supplier_id", (pl.col("len").cum_sum() // _COPIES_AT_ONCE).alias("part"))
    numbered = copies.join(numbers, on="supplier_id", how="left", maintain_order="left")
    return numbered.partition_by("part", maintain_order=True, include_key=False)


def _scored_copies(
    changes: pl.DataFrame, features: Features, medians: Mapping[str, float], catalogue: Catalogue, as_of: date
) -> pl.DataFrame:
    """Scores the copies as sites of their supplier, so that what holds for a company holds for each of them."""
    copies = changes.with_columns(pl.format("{}#{}", "site_id", "copy").alias("copy_site"))
    copied = {name: _at_copies(getattr(features, name), copies) for name in _gap_names()}
    sites = _at_copies(features.sites, copies)
    facts = _changed_facts(features, copies, as_of)
    after = banded(Features(sites=sites, facts=facts, **copied), medians, catalogue, as_of).sites
    return copies.join(after, left_on=["supplier_id", "copy_site"], right_on=SITE).select(
        "copy",
        pl.col("raw_score").alias("raw_score_after"),
        pl.col("score").alias("score_after"),
        pl.col("band").alias("band_after"),
    )


def _at_copies(frame: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    """Gives the rows of the sites, and those of their companies, at each copy."""
    places = copies.select(*SITE, "copy_site")
    of_site = frame.filter(pl.col("site_id").is_not_null()).join(places, on=SITE)
    of_company = frame.filter(pl.col("site_id").is_null()).drop("site_id").join(places, on="supplier_id")
    placed = pl.concat([of_site, of_company.select(of_site.columns)])
    return placed.with_columns(pl.col("copy_site").alias("site_id")).drop("copy_site")


def _changed_facts(features: Features, copies: pl.DataFrame, as_of: date) -> pl.DataFrame:
    facts = features.facts.join(copies.select("supplier_id").unique(), on="supplier_id", how="semi")
    of_several = _names_none_of_several(facts, features.sites)
    placed = _at_copies(facts.filter(~of_several), copies)
    return pl.concat([facts.filter(of_several), _with_closed(placed, copies), _new_facts(copies, facts.schema, as_of)])


def _names_none_of_several(facts: pl.DataFrame, sites: pl.DataFrame) -> pl.Series:
    """Says which facts stay with the company: clean ones that name none of its several sites clear no copy either."""
    counts = sites.group_by("supplier_id").agg((pl.len() > 1).alias("several"))
    several = facts.join(counts, on="supplier_id", how="left", maintain_order="left")["several"]
    return facts.select((pl.col("kind") == CLEAN) & pl.col("site_id").is_null()).to_series() & several


def _with_closed(placed: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    closed = copies.filter(pl.col("outcome") == CLOSED).select(
        "supplier_id", pl.col("copy_site").alias("site_id"), "indicator_id", "event", pl.lit(True).alias("is_closed")
    )
    event = placed.with_columns(pl.coalesce("origin_event_id", "fact_id").alias("event"))
    flagged = event.join(closed, on=[*SITE_INDICATOR, "event"], how="left", maintain_order="left")
    verified = pl.col("closure_verified_by_workers") | pl.col("is_closed").fill_null(False)
    return flagged.with_columns(verified.alias("closure_verified_by_workers")).select(placed.columns)


def _new_facts(copies: pl.DataFrame, schema: pl.Schema, as_of: date) -> pl.DataFrame:
    """Gives what a source would report on the day: at the strength of the indicator where adverse."""
    told = copies.filter(pl.col("outcome") != CLOSED).with_columns(
        pl.format("what if {}", "copy").alias("fact_id"),
        pl.col("copy_site").alias("site_id"),
        pl.col("outcome").alias("kind"),
        pl.lit(as_of).alias("event_date"),
        *(pl.lit(False).alias(name) for name in _FLAGS),
        pl.lit("reported").alias("confirmed_by"),
    )
    return told.select(
        (pl.col(name) if name in told.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )
