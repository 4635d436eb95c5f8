"""What is usual where a bidder is: the inherent level of country, sector and good, from what is published."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from serving.screening.headings import heading_key
from serving.screening.reading import Publication, Row, has_table, rows_of

_MOST_GOODS: Final = 20


@dataclass(frozen=True)
class Levels:
    """The published levels: countries by code, sectors by key, goods by country; and the numbers of the method."""

    countries: Mapping[str, Row]
    sectors: Mapping[str, Row]
    goods: Mapping[str, Sequence[Row]]
    listed_goods: Mapping[str, Sequence[Row]]
    prior: Mapping[str, float]
    bands: Sequence[Row]

    @cached_property
    def sector_by_name(self) -> Mapping[str, str]:
        """Sector by its key or label as people write it."""
        named = {heading_key(key): key for key in self.sectors}
        return {**named, **{heading_key(row["sector_label"]): key for key, row in self.sectors.items()}}


def levels_of(publication: Publication) -> Levels | None:
    """Gives the levels that a publication tells; None where it is of a version that did not publish them."""
    if not has_table(publication, "dim_country_level"):
        return None
    goods = rows_of(publication, "SELECT * FROM dim_good_level ORDER BY ALL")
    listed = rows_of(publication, _LISTED_GOODS)
    return Levels(
        {row["country_code"]: row for row in rows_of(publication, "SELECT * FROM dim_country_level")},
        {row["sector_key"]: row for row in rows_of(publication, "SELECT * FROM dim_sector_level ORDER BY sector_key")},
        _by_country(goods),
        _by_country(listed),
        {row["name"]: row["value"] for row in rows_of(publication, "SELECT name, value FROM inherent_prior")},
        rows_of(publication, _BANDS),
    )


def context_of(levels: Levels, country: str | None, sector: str, good: str) -> Row:
    """Gives the context of a bidder; where sector or good is not known, a lowest and a highest level.

    Goods that lists name of its country are context and never a hit on the bidder.
    """
    sector_key = levels.sector_by_name.get(heading_key(sector)) if sector else None
    of_country = levels.goods.get(country or "", ())
    flagged = [row for row in of_country if row["good"] and _is_good(good, row["good"])]
    sector_key = sector_key or _sector_of_good(levels, good)
    parts = {
        "country": _country_range(levels, country),
        "sector": _sector_range(levels, sector_key),
        "good": _good_range(of_country, flagged, sector_key, good) if country else _any_good(levels),
    }  # fmt: skip
    about_country = levels.countries.get(country or "", {})
    low, high = (sum(part[place] for part in parts.values()) for place in (0, 1))
    return {
        "country_code": country,
        "country_level": about_country.get("country_level"),
        "country_basis": about_country.get("country_level_basis"),
        "sector_key": sector_key,
        "sector_label": levels.sectors[sector_key]["sector_label"] if sector_key else None,
        "sector_level": parts["sector"][0] if sector_key else None,
        "sector_basis": levels.sectors[sector_key]["sector_level_basis"] if sector_key else None,
        "good_level": parts["good"][0] if parts["good"][0] == parts["good"][1] else None,
        "good_basis": flagged[0]["good_level_basis"] if flagged else None,
        "lowest": inherent_band(levels, low),
        "highest": inherent_band(levels, high),
        "lowest_sum": low,
        "highest_sum": high,
        "flagged_goods": sorted({row["good"] for row in of_country if row["good"]})[:_MOST_GOODS],
        "listed_goods": [
            {key: row[key] for key in ("list_name", "entry_id", "entry_name", "status")}
            for row in levels.listed_goods.get(country or "", ())
        ][:_MOST_GOODS],
    }


def inherent_band(levels: Levels, total: float) -> str:
    """Gives the inherent level that a sum of country, sector and good level stands for.

    The probability runs log-linearly between that of the lowest and of the highest sum; points are 50 for odds of one
    to nine and 10 more for each doubling of the odds (the method, section 2). The band is that of the score alone.
    """
    prior = levels.prior
    lowest, highest = prior["lowest_level"], prior["highest_level"]
    share = (min(max(total, lowest), highest) - lowest) / (highest - lowest)
    least, most = prior["probability_at_lowest_level"], prior["probability_at_highest_level"]
    probability = least * (most / least) ** share
    reference = prior["reference_probability"]
    odds = probability / (1 - probability) * (1 - reference) / reference
    points = prior["reference_points"] + prior["points_per_doubling"] * math.log2(odds)
    score = min(100.0, max(0.0, points))
    return next(
        str(rule["band"])
        for rule in levels.bands
        if (rule["score_minimum"] is None or score >= rule["score_minimum"])
        and (rule["score_below"] is None or score < rule["score_below"])
    )


_BANDS: Final = """
    SELECT band, score_minimum, score_below FROM band_rule
    WHERE (score_minimum IS NOT NULL OR score_below IS NOT NULL) AND severity_minimum IS NULL AND band <> 'Unknown'
    ORDER BY rule_order
"""

_LISTED_GOODS: Final = """
    SELECT country_code, list_name, entry_id, name AS entry_name, status FROM dim_list_entry
    WHERE entry_kind = 'good' AND country_code IS NOT NULL AND status <> 'ended' ORDER BY ALL
"""


def _by_country(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["country_code"], []).append(row)
    return found


def _country_range(levels: Levels, country: str | None) -> tuple[float, float]:
    if country is not None and country in levels.countries:
        level = float(levels.countries[country]["country_level"])
        return level, level
    return levels.prior["country_level_minimum"], levels.prior["country_level_maximum"]


def _sector_range(levels: Levels, sector_key: str | None) -> tuple[float, float]:
    level = levels.sectors[sector_key]["sector_level"] if sector_key else None
    if level is not None:
        return float(level), float(level)
    return levels.prior["sector_level_minimum"], levels.prior["sector_level_maximum"]


def _good_range(
    of_country: Sequence[Row], flagged: Sequence[Row], sector_key: str | None, good: str
) -> tuple[float, float]:
    if flagged:
        level = max(float(row["good_level"]) for row in flagged)
        return level, level
    in_sector = [float(row["good_level"]) for row in of_country if sector_key and row["sector_key"] == sector_key]
    by_sector = min(in_sector, default=0.0)
    if good or (sector_key and not in_sector):
        return by_sector, by_sector
    return by_sector, max((float(row["good_level"]) for row in of_country if not sector_key or in_sector), default=0.0)


def _sector_of_good(levels: Levels, good: str) -> str | None:
    """Gives the sector that a flagged good belongs to, wherever it is flagged; None where there is none, or several."""
    rows = [row for rows in levels.goods.values() for row in rows if row["good"] and _is_good(good, row["good"])]
    sectors = {row["sector_key"] for row in rows}
    return sectors.pop() if len(sectors) == 1 else None


def _any_good(levels: Levels) -> tuple[float, float]:
    return levels.prior["good_level_minimum"], levels.prior["good_level_maximum"]


def _is_good(told: str, listed: str) -> bool:
    """Says whether a good that is told is a listed one: the words of the listed good stand in it, or the other way."""
    one, other = set(heading_key(told).split()), set(heading_key(listed).split())
    return bool(one and other) and (one <= other or other <= one)
