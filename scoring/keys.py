"""The keys that every frame of this room is grouped by, and the names of the five states."""

import polars as pl

SITE = ["supplier_id", "site_id"]
SITE_INDICATOR = [*SITE, "indicator_id"]
SITE_NUMBER, CELL = "site_number", "cell"
"""What stands for a site, and for a site × indicator, while scores are reckoned: joins by texts cost ten times more."""
DAYS_PER_MONTH = 365.25 / 12

PRESENT, CONTRADICTED, ABSENT = "present", "contradicted", "absent"
NOT_APPLICABLE, NOT_ASSESSABLE = "not applicable", "not assessable"
OBSERVED = (PRESENT, CONTRADICTED, ABSENT)


def numbered_sites(sites: pl.DataFrame) -> pl.DataFrame:
    """Gives the sites in the order of their keys with site_number, which is their place in it from 0."""
    return sites.sort(SITE).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(SITE_NUMBER))


def cell_numbers(frame: pl.DataFrame, indicators: pl.Series) -> pl.DataFrame:
    """Adds `cell` to a frame with site_number and indicator_id: site_number · number of indicators + place.

    `indicators` are all ids of the catalogue, sorted; a row of another indicator has none.
    """
    places = pl.Series(range(len(indicators)), dtype=pl.Int64)
    place = pl.col("indicator_id").replace_strict(indicators, places, default=None)
    return frame.with_columns((pl.col(SITE_NUMBER) * len(indicators) + place).alias(CELL))
