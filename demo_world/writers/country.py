"""Country files in their published shapes, with invented values that follow the demo's weak states loosely."""

import polars as pl

from demo_world.countries import COUNTRIES
from demo_world.draws import Draws
from demo_world.world import World

_YEARS = 8
_COST_YEARS = 5
_COUNTRIES_UNTOLD = 2
_CPI_FIRST_YEAR, _CPI_LAST_YEAR = 1995, 2017
_TIERS = ("Tier 1    ", "Tier 2    ", "Watchlist    ", "Tier 3")


def tip_tiers(world: World) -> pl.DataFrame:
    """Gives a tier a country and year, padded with blanks as in the compiled file; NA where there was no report."""
    draws = Draws(world.seed, 0, "tiers")
    first = world.as_of.year - _YEARS
    lots = draws.uniform((len(COUNTRIES), _YEARS))
    start = draws.uniform(len(COUNTRIES))
    rows = []
    for place, country in enumerate(COUNTRIES):
        for column in range(_YEARS):
            grade = (
                0.75 * float(world.weak_state[place]) + 0.2 * float(start[place]) + 0.08 * float(lots[place, column])
            )
            reported = float(lots[place, column]) > 0.04
            rows.append(
                {
                    "countryname": country.name,
                    "iso": country.code3,
                    "year": first + column,
                    "ccode": country.cow or None,
                    "tier": _tier(grade) if reported else "NA",
                }
            )
    return pl.DataFrame(rows)


def labour_costs(world: World) -> pl.DataFrame:
    """Gives what an hour of labour costs by law, a row a country and year; invented, and two countries tell nothing."""
    draws = Draws(world.seed, 0, "labour costs")
    first = world.as_of.year - _COST_YEARS + 1
    cents = draws.whole(240, 300, len(COUNTRIES)).tolist()
    workshops = sorted(country.code for country in COUNTRIES if country.economy == "workshop")
    place = int(draws.whole(0, len(workshops) - _COUNTRIES_UNTOLD, 1)[0])
    untold = workshops[place : place + _COUNTRIES_UNTOLD]
    rows = [
        {
            "country": country.name,
            "currency": country.currency,
            "hourly_cost": (cents[row] + 8 * column) / 100,
            "valid_from": f"{first + column}-01-01",
            "valid_until": f"{first + column}-12-31",
            "basis": "fictional legal cost of an hour",
            "source": f"Fictional Labour Cost Order {first + column} of {country.name}",
        }
        for row, country in enumerate(COUNTRIES)
        for column in range(_COST_YEARS)
        if country.code not in untold
    ]
    return pl.DataFrame(rows)


def _tier(grade: float) -> str:
    return _TIERS[0 if grade < 0.22 else 1 if grade < 0.55 else 2 if grade < 0.8 else 3]


def corruption_index(world: World) -> pl.DataFrame:
    """Gives an index a country, years across (0–10, high is clean), zero where a year has no value.

    Like the compiled file whose shape it has, it ends with 2017.
    """
    draws = Draws(world.seed, 0, "corruption")
    years = range(_CPI_FIRST_YEAR, min(_CPI_LAST_YEAR, world.as_of.year - 1) + 1)
    lots = draws.uniform((len(COUNTRIES), len(years)))
    rows = []
    for place, country in enumerate(COUNTRIES):
        level = 8.6 - 6.2 * float(world.weak_state[place]) + 1.4 * (float(lots[place, -1]) - 0.5)
        row = {"country": country.name}
        for column, year in enumerate(years):
            valued = year > years[-1] - _YEARS
            row[str(year)] = f"{level + 0.3 * (float(lots[place, column]) - 0.5) if valued else 0.0:.1f}"
        rows.append(row)
    return pl.DataFrame(rows)
