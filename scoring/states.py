"""What is known of each indicator at each site: one of five states, with its reason (METHOD §1)."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from scoring.catalogue import Catalogue
from scoring.derived_states import derived_states
from scoring.evidence import event_weight
from scoring.keys import CELL, SITE, SITE_NUMBER, cell_numbers
from scoring.own_rules import MITIGATION
from scoring.ranked_groups import Flags, Integers
from scoring.state_reasons import TOLD, with_state_and_reason
from scoring.tables import SUPPLIER_INDICATOR, conform
from scoring.workforce import INDICATOR as SHARE_INDICATOR
from scoring.workforce import is_share_told

_BASE_LEVELS = {"N01": ("country_level", "sector_level"), "N02": ("good_level",)}


@dataclass(frozen=True)
class Gaps:
    """What is not known and why: indicators that cannot apply, surveys that could not decide, what rules lacked.

    `not_assessable` has the columns supplier_id, site_id (empty: each site of the supplier), indicator_id and missing.
    """

    not_applicable: pl.DataFrame
    undetermined: pl.DataFrame
    not_assessable: pl.DataFrame


@dataclass(frozen=True)
class States:
    """The states of all cells: sites by their number, indicators by their id, the indicators of a site side by side.

    `told` holds what is said of any: state, reason, adverse_weight, clean_weight (Σ r·f) and asked_in_vain, once for
    all cells of an indicator of which nothing is told; `told_of` the place in it of each cell.
    """

    told: pl.DataFrame
    told_of: Integers

    def are(self, *states: str) -> Flags:
        """Says which cells are in one of the states: an array of sites by indicators."""
        return self._at_cells(pl.col("state").is_in(states))

    def were_asked_in_vain(self) -> Flags:
        """Says at which cells a survey asked and could not decide: an array of sites by indicators."""
        return self._at_cells(pl.col("asked_in_vain").fill_null(False))

    def table(self, sites: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
        """Gives a row a cell, in the order of sites and indicators, with the columns of SUPPLIER_INDICATOR."""
        ids = catalogue.indicators["indicator_id"]
        of_site = pl.Series(np.repeat(np.arange(len(sites)), len(ids)))
        told = self.told.select("state", "reason", "adverse_weight", "clean_weight")[pl.Series(self.told_of.ravel())]
        keys = (sites[key].gather(of_site) for key in SITE)
        indicators = ids.gather(pl.Series(np.tile(np.arange(len(ids)), len(sites))))
        return conform(told.with_columns(*keys, indicators), SUPPLIER_INDICATOR)

    def _at_cells(self, condition: pl.Expr) -> Flags:
        flags: Flags = self.told.select(condition.alias("flag"))["flag"].to_numpy()
        return flags[self.told_of]


def site_states(ranked: pl.DataFrame, sites: pl.DataFrame, gaps: Gaps, catalogue: Catalogue) -> States:
    """Gives the state of every site × indicator of the catalogue, and why.

    A clean row that workers contradict adds no weight and still makes the indicator contradicted; one too old to count
    as a look makes no state. Observations win over a claim that the indicator does not apply. What rows of other
    indicators say of contradictions and rehearsed answers goes before all else.
    """
    ids = catalogue.indicators["indicator_id"]
    rows = _told_rows(ranked, catalogue)
    told = [
        *_adverse(rows, catalogue),
        *_clean(rows, catalogue),
        *_mitigated(rows, catalogue),
        _looked_long_ago(rows),
        *(
            cell_numbers(frame, ids).drop_nulls(CELL)
            for frame in (*_gaps(gaps, sites), derived_states(ranked, catalogue))
        ),
    ]
    silent, told_of = _silent(sites, catalogue)
    is_told = np.zeros(told_of.size, dtype=np.bool_)
    for frame in told:
        is_told[frame[CELL].to_numpy()] = True
    cells = np.flatnonzero(is_told)
    place = np.cumsum(is_told) - 1
    heard = silent[pl.Series(told_of.ravel()[cells])].with_columns(_beside(told, place, len(cells)))
    told_of.ravel()[cells] = len(silent) + np.arange(len(cells))
    unheard = silent.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in TOLD.items())
    every = pl.concat([unheard, heard.select(unheard.columns)])
    stated = with_state_and_reason(every, catalogue.parameters["present_weight_minimum"])
    return States(stated.with_columns(pl.col("adverse_weight", "clean_weight").fill_null(0.0)), told_of)


def _beside(told: Iterable[pl.DataFrame], place: Integers, count: int) -> Iterable[pl.Series]:
    """Gives the columns of TOLD for so many cells; `place` says of each cell of the grid where it stands among them."""
    columns = {
        name: pl.Series(name, [None], dtype).gather([0] * 0).extend_constant(None, count)
        for name, dtype in TOLD.items()
    }
    for frame in told:
        source = np.full(count, len(frame), dtype=np.int64)
        source[place[frame[CELL].to_numpy()]] = np.arange(len(frame))
        at = pl.Series(source)
        for column in frame.select(name for name in TOLD if name in frame.columns):
            columns[column.name] = column.cast(TOLD[column.name]).extend_constant(None, 1).gather(at)
    return columns.values()


def _silent(sites: pl.DataFrame, catalogue: Catalogue) -> tuple[pl.DataFrame, Integers]:
    """Gives what each indicator has where nothing is told, and of each site × indicator its place in it.

    Indicators of inherent risk have one row more for each way in which levels or shares are missing.
    """
    indicators = _indicators(catalogue)
    levels = {indicator: _missing_levels(names) for indicator, names in _BASE_LEVELS.items()}
    levels[SHARE_INDICATOR] = pl.when(is_share_told()).then(pl.lit(""))
    missing = sites.select(**levels)
    parts = [indicators.with_columns(pl.lit(None, pl.String).alias("missing"))]
    told_of = np.tile(np.arange(len(indicators)), (len(sites), 1))
    for place, indicator in enumerate(indicators["indicator_id"]):
        if indicator in levels:
            ways = missing[indicator].drop_nulls().unique().sort()
            numbers = pl.Series(range(len(ways)), dtype=pl.Int64) + sum(len(part) for part in parts)
            told_of[:, place] = missing[indicator].replace_strict(ways, numbers, default=place).to_numpy()
            parts.append(indicators[[place] * len(ways)].with_columns(ways.alias("missing")))
    return pl.concat(parts), told_of


def _indicators(catalogue: Catalogue) -> pl.DataFrame:
    with_sources = catalogue.indicators.join(_eligible_sources(catalogue), on="indicator_id", how="left")
    return with_sources.select("indicator_id", "eligible_sources", pl.col("kind").alias("indicator_kind")).sort(
        "indicator_id"
    )


def _missing_levels(names: tuple[str, ...]) -> pl.Expr:
    """Gives the missing levels as words, empty where all are known."""
    words = [pl.when(pl.col(name).is_null()).then(pl.lit(name.replace("_", " "))) for name in names]
    return pl.concat_str(words, separator=" and ", ignore_nulls=True)


def _eligible_sources(catalogue: Catalogue) -> pl.DataFrame:
    named = catalogue.eligible.join(catalogue.sources, on="source_type").sort(
        "indicator_id", "reliability_clean", "source_type", descending=[False, True, False]
    )
    return named.group_by("indicator_id", maintain_order=True).agg(
        pl.col("source_name").str.to_lowercase().str.join(", ").alias("eligible_sources")
    )


def _told_rows(ranked: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives what states need of the rows that are live; `sources` is a bit for the name of their source."""
    names = _source_words(catalogue)
    said = (
        catalogue.sources["source_name"]
        .str.to_lowercase()
        .replace_strict(names, [1 << bit for bit in range(len(names))], return_dtype=pl.Int64)
    )
    bit = pl.col("source_type").replace_strict(catalogue.sources["source_type"], said)
    columns = (CELL, "kind", "bears_on_state", "counted", "event_number", "weight", "event_date")
    return ranked.select(*columns, "live", bit.alias("sources")).filter("live")


def _adverse(rows: pl.DataFrame, catalogue: Catalogue) -> list[pl.DataFrame]:
    live = rows.filter(pl.col("kind") == "adverse")
    return [event_weight(live, "adverse_weight"), _source_names(live, catalogue, "adverse_sources")]


def _clean(rows: pl.DataFrame, catalogue: Catalogue) -> list[pl.DataFrame]:
    heard = rows.filter((pl.col("kind") == "clean") & pl.col("bears_on_state"))
    weight = event_weight(heard.filter("counted"), "clean_weight")
    return [_source_names(heard, catalogue, "clean_sources"), weight]


def _mitigated(rows: pl.DataFrame, catalogue: Catalogue) -> list[pl.DataFrame]:
    live = rows.filter(MITIGATION)
    return [event_weight(live, "mitigation_weight"), _source_names(live, catalogue, "verifying_sources")]


def _looked_long_ago(rows: pl.DataFrame) -> pl.DataFrame:
    faded = rows.filter((pl.col("kind") == "clean") & ~pl.col("bears_on_state"))
    return faded.group_by(CELL).agg(pl.col("event_date").max().dt.year().alias("last_look"))


def _source_words(catalogue: Catalogue) -> pl.Series:
    return catalogue.sources["source_name"].str.to_lowercase().unique().sort()


def _source_names(rows: pl.DataFrame, catalogue: Catalogue, name: str) -> pl.DataFrame:
    """Gives the names of the sources a cell, once each and in order, worded once for each set of them."""
    words = _source_words(catalogue)
    sets = rows.group_by(CELL).agg(pl.col("sources").bitwise_or())
    known = sets["sources"].unique()
    worded = [", ".join(word for bit, word in enumerate(words) if one >> bit & 1) for one in known]
    return sets.select(CELL, pl.col("sources").replace_strict(known, pl.Series(worded, dtype=pl.String)).alias(name))


def _gaps(gaps: Gaps, sites: pl.DataFrame) -> list[pl.DataFrame]:
    """Gives, by site_number and indicator_id, why one cannot apply, where surveys asked in vain and what rules lacked.

    What a company lacks each of its sites lacks.
    """
    numbers = sites.select(*SITE, SITE_NUMBER)
    cannot_apply = gaps.not_applicable.join(numbers, on=SITE)
    asked = gaps.undetermined.join(numbers, on=SITE).select(SITE_NUMBER, "indicator_id").unique()
    of_site = gaps.not_assessable.filter(pl.col("site_id").is_not_null()).join(numbers, on=SITE)
    of_company = gaps.not_assessable.filter(pl.col("site_id").is_null()).drop("site_id")
    lacking = pl.concat([of_site, of_company.join(numbers, on="supplier_id")], how="diagonal")
    return [
        _together(cannot_apply, "reason", "not_applicable_reason"),
        asked.with_columns(pl.lit(True).alias("asked_in_vain")),
        _together(lacking, "missing", "named_missing"),
    ]


def _together(gaps: pl.DataFrame, words: str, name: str) -> pl.DataFrame:
    return gaps.group_by(SITE_NUMBER, "indicator_id").agg(pl.col(words).unique().sort().str.join("; ").alias(name))
