"""Country and sector of each surveyed site, for tables of rates; read from what sources say openly."""

from pathlib import Path

import polars as pl

from ingest.contracts import FACILITY, SUPPLIER
from ingest.stores import make_tables
from tierline.run import Run
from tierline.warehouse import connect

_CROSSWALK = Path("dbt_project") / "seeds" / "crosswalks" / "sector_crosswalk.csv"

# What a site says of itself goes before what its supplier says; of several statements the first by source and row.
_PLACES = """
    WITH crosswalk AS (
        SELECT scheme, CAST(code AS VARCHAR) AS code, sector_key FROM read_csv($crosswalk, all_varchar = true)
    ), said AS (
        SELECT facility_ref, supplier_ref, country_code, sector_scheme, sector_code, sector_text, row_id
        FROM canonical.facility
        UNION ALL BY NAME
        SELECT supplier_ref, country_code, sector_scheme, sector_code, sector_text, row_id FROM canonical.supplier
    ), classified AS (
        SELECT DISTINCT sector_scheme, sector_code, sector_text FROM said
    ), sector AS (
        SELECT sector_scheme, sector_code, sector_text,
            arg_max(sector_key, (scheme = 'TEXT', length(code), code)) AS sector_key
        FROM classified JOIN crosswalk ON (
            scheme = upper(regexp_replace(sector_scheme, '[^A-Za-z]', '', 'g'))
            AND starts_with(regexp_replace(sector_code, '[^0-9A-Za-z]', '', 'g'), coalesce(code, ''))
        ) OR (
            scheme = 'TEXT'
            AND contains(' ' || regexp_replace(lower(sector_text), '[^a-z]+', ' ', 'g') || ' ', ' ' || code || ' ')
        )
        GROUP BY ALL
    ), placed AS (
        SELECT said.*, sector_key FROM said LEFT JOIN sector
            ON said.sector_scheme IS NOT DISTINCT FROM sector.sector_scheme
            AND said.sector_code IS NOT DISTINCT FROM sector.sector_code
            AND said.sector_text IS NOT DISTINCT FROM sector.sector_text
    ), site AS (
        SELECT facility_ref, min(supplier_ref) AS supplier_ref,
            arg_min(country_code, row_id) FILTER (country_code IS NOT NULL) AS country_code,
            arg_min(sector_key, row_id) FILTER (sector_key IS NOT NULL) AS sector_key
        FROM placed WHERE facility_ref IS NOT NULL GROUP BY facility_ref
    ), company AS (
        SELECT supplier_ref, arg_min(country_code, row_id) FILTER (country_code IS NOT NULL) AS country_code,
            arg_min(sector_key, row_id) FILTER (sector_key IS NOT NULL) AS sector_key
        FROM placed WHERE facility_ref IS NULL GROUP BY supplier_ref
    )
    SELECT facility_ref, coalesce(site.country_code, company.country_code) AS country_code,
        coalesce(site.sector_key, company.sector_key) AS sector_key
    FROM site LEFT JOIN company USING (supplier_ref) ORDER BY facility_ref
"""


def places_of_sites(run: Run) -> pl.DataFrame:
    """Gives facility_ref, country_code and sector_key (either may be empty) of every site that a source names."""
    with connect(run.home.warehouse, memory_limit=run.settings.memory_limit, threads=run.settings.threads) as warehouse:
        make_tables(warehouse, (SUPPLIER, FACILITY))
        return warehouse.execute(_PLACES, {"crosswalk": str(run.project / _CROSSWALK)}).pl()
