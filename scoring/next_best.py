"""The one thing to collect at each site: who could be sent to see most of what nobody knows there (METHOD §4)."""

import numpy as np
import polars as pl

from scoring.catalogue import Catalogue
from scoring.keys import NOT_ASSESSABLE
from scoring.ranked_groups import Flags, added_along
from scoring.states import States

SURVEY = "offsite_survey"
ORDERABLE_SOURCES = (SURVEY, "unannounced_audit", "field_visit")
_NAMED = 2


def next_best_facts(states: States, catalogue: Catalogue) -> pl.Series:
    """Gives next_best_fact, a site in the order of their numbers: the source that would show most unknown points.

    A survey is not proposed for what a survey could not decide. Empty where no source would add anything.
    """
    # The order in which indicators are named: by points, severity and id.
    ordered = catalogue.indicators.with_row_index("place").sort(
        "own_points", "severity", "indicator_id", descending=[True, True, False]
    )
    ordered = ordered.filter(pl.col("own_points").is_not_null())
    places = ordered["place"].to_numpy()
    unknown = states.are(NOT_ASSESSABLE)[:, places]
    unasked = ~states.were_asked_in_vain()[:, places]
    sources = catalogue.sources.filter(pl.col("source_type").is_in(ORDERABLE_SOURCES)).sort(
        "reliability_clean", "source_type", descending=[True, False]
    )
    shown = [
        unknown & _may_clear(ordered, source, catalogue) & (unasked | (source != SURVEY))
        for source in sources["source_type"]
    ]
    points = ordered["own_points"].to_numpy()
    gains = np.array([np.where(seen.any(axis=1), added_along(points * seen), -1.0) for seen in shown])
    best = gains.argmax(axis=0)
    seen = np.choose(best[:, None], shown)
    return _worded(sources["source_name"].gather(pl.Series(best)), seen, _said(ordered))


def _may_clear(indicators: pl.DataFrame, source: str, catalogue: Catalogue) -> Flags:
    eligible = catalogue.eligible.filter(pl.col("source_type") == source)["indicator_id"]
    return np.asarray(indicators["indicator_id"].is_in(eligible.to_list()).to_numpy(), dtype=np.bool_)


def _worded(sources: pl.Series, seen: Flags, names: pl.Series) -> pl.Series:
    """Gives the source and the first indicators it would show, and how many more, as "a, b and 8 more"."""
    so_far = seen.cumsum(axis=1)
    nth = {f"name_{n}": names.gather(pl.Series((so_far >= n).argmax(axis=1))) for n in range(1, _NAMED + 2)}
    sites = pl.DataFrame({"source": sources, "count": so_far[:, -1], **nth})
    first, second, third, count = pl.col("name_1"), pl.col("name_2"), pl.col("name_3"), pl.col("count")
    rest = pl.when(count == _NAMED + 1).then(third).otherwise(pl.format("{} more", count - _NAMED))
    told = (
        pl.when(count == 1)
        .then(first)
        .when(count == _NAMED)
        .then(pl.format("{} and {}", first, second))
        .when(count > _NAMED)
        .then(pl.format("{}, {} and {}", first, second, rest))
    )
    return sites.select(pl.format("{}: would show {}", "source", told).alias("next_best_fact")).to_series()


def _said(indicators: pl.DataFrame) -> pl.Series:
    name = pl.col("name")
    said = pl.format("{}{} ({})", name.str.slice(0, 1).str.to_lowercase(), name.str.slice(1), "indicator_id")
    return indicators.select(said.alias("said")).to_series()
