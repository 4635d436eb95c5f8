"""What protecting workers costs: time against a bare group-by, rates against the truth, and the order of countries.

The survey is made of hashes, so it is the same every time; it is fictional, and so are its rates.
"""

import json
import resource
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import duckdb
import numpy as np
import polars as pl

from ingest.releases.rate_ledger import told_rates
from ingest.releases.rates import decide_rates
from ingest.releases.shrinking import shrunk_shares
from ingest.survey_classes import decide_classes, read_rule, read_thresholds
from ingest.withdrawals import make_withdrawals
from tierline.run import PROJECT
from tierline.warehouse import connect

OUTPUT = PROJECT / "build" / "bench" / "survey_release.json"
ANSWERS = 5_000_000
MEMORY_LIMIT = "1GB"
COUNTRIES, SECTORS, INDICATORS = 40, 12, 10
_SITES_SHARE = 0.002
_BANDS = ((1, 9), (10, 19), (20, 49), (50, 99), (100, 1_000_000))

# Sites differ in size by a power law; each has a rate of its own around that of its country.
_SURVEY = """
    CREATE TEMP TABLE last_version AS
    SELECT 'bench' AS source_id, 'erp:V' || site AS supplier_ref, 'erp:F' || site AS facility_ref, '2026-Q2' AS wave_id,
        'w' || worker AS respondent_key, 'F' || printf('%02d', indicator) AS indicator_id,
        CASE WHEN (hash(worker, indicator) % 100000) / 100000 < greatest(0.01, least(0.9,
            0.03 + 0.3 * pow((site % $countries) / $countries, 2) + 0.1 * ((hash(site, 'rate') % 1000) / 1000 - 0.5)
        )) THEN 'adverse' ELSE 'not_adverse' END AS answer,
        DATE '2026-07-30' AS closes_on, CAST(NULL AS DATE) AS known_on
    FROM (
        SELECT i AS worker, CAST($sites * pow((hash(i, 'site') % 1000000) / 1000000, 3) AS BIGINT) AS site
        FROM range($workers) AS t(i)
    ), range($indicators) AS u(indicator)
"""
_BARE = """
    SELECT source_id, wave_id, indicator_id, facility_ref, count(DISTINCT respondent_key),
        count(DISTINCT respondent_key) FILTER (answer = 'adverse')
    FROM last_version GROUP BY ALL
"""
_BY_SITE = """
    SELECT facility_ref, count(*) AS respondents, count(*) FILTER (answer = 'adverse') AS adverse,
        any_value(CAST(facility_ref[6:] AS BIGINT)) AS site
    FROM last_version WHERE indicator_id = 'F01' GROUP BY facility_ref ORDER BY facility_ref
"""

_CELLS = """
    SELECT facility_ref, indicator_id, count(*) AS respondents,
        count(*) FILTER (answer = 'adverse') AS adverse_respondents
    FROM last_version GROUP BY ALL ORDER BY ALL
"""


def main(answers: int = ANSWERS) -> int:
    """Measures and writes the results; gives 0."""
    with (
        tempfile.TemporaryDirectory() as folder,
        connect(Path(folder) / "bench.duckdb", memory_limit=MEMORY_LIMIT, temp_directory=Path(folder)) as store,
    ):
        sites = max(int(answers * _SITES_SHARE), COUNTRIES)
        numbers = {"workers": answers // INDICATORS, "indicators": INDICATORS, "sites": sites, "countries": COUNTRIES}
        store.execute(_SURVEY, numbers)
        make_withdrawals(store)
        store.execute("CREATE TABLE terms AS SELECT 'bench' AS source_name, 3650 AS retention_days")
        bare = _timed(lambda: store.execute(_BARE).fetchall())
        protected = _timed(lambda: decide_rates(store, _places(sites), bytes(32), date(2026, 8, 1), "bench"))
        measured = {
            "answers": answers,
            "memory_limit": MEMORY_LIMIT,
            "bare_group_by": bare,
            "protected_rates": protected,
            "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "rates": _rates(store),
            "site_rates_by_size": _by_site_size(store),
            "answers_read_from_classes_percent": _read_from_classes(store),
        }
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(measured, indent=2))
    return 0


def _timed(work: Any) -> dict[str, float]:
    clock, processors = perf_counter(), process_time()
    work()
    return {"seconds": round(perf_counter() - clock, 2), "processor_seconds": round(process_time() - processors, 2)}


def _places(sites: int) -> pl.DataFrame:
    numbers = range(sites + 1)
    return pl.DataFrame(
        {
            "facility_ref": [f"erp:F{number}" for number in numbers],
            "country_code": [f"C{number % COUNTRIES:02d}" for number in numbers],
            "sector_key": [f"sector{number // COUNTRIES % SECTORS}" for number in numbers],
        }
    )


def _rates(store: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Told rates by country against the counts in the store, and the order of countries with and without protection."""
    from scipy.stats import spearmanr

    true = store.execute("""
        SELECT country_code, indicator_id, 100 * avg(CAST(is_adverse AS INTEGER)) AS rate
        FROM rate_respondent GROUP BY ALL
    """).pl()
    rates = told_rates(store, ["bench"], date(2026, 8, 1)).filter(pl.col("breakdown") == "country")
    told = rates.filter(pl.col("state") == "told").join(true, on=["country_code", "indicator_id"])
    order = spearmanr(told["rate_percent"], told["rate"]).statistic if told.height > 2 else None
    return {
        "cells": rates.height,
        "told": told.height,
        "mean_absolute_error_percent": round(float(np.abs((told["rate_percent"] - told["rate"]).to_numpy()).mean()), 2),
        "rank_correlation_of_told": None if order is None else round(float(order), 3),
    }


def _by_site_size(store: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Errors of each site's own share and of the shrunk one against its true rate; inside the store, never told."""
    sites = store.execute(_BY_SITE).pl()
    deviation = store.execute("SELECT (hash(s, 'rate') % 1000) / 1000 - 0.5 FROM (SELECT unnest(?) AS s)",
        [sites["site"].to_list()]).fetchnumpy()  # fmt: skip
    place = (sites["site"].to_numpy() % COUNTRIES) / COUNTRIES
    true = np.clip(0.03 + 0.3 * place**2 + 0.1 * next(iter(deviation.values())), 0.01, 0.9)
    adverse, size = sites["adverse"].to_numpy(), sites["respondents"].to_numpy()
    own, shrunk = np.abs(adverse / size - true), np.abs(shrunk_shares(adverse, size) - true)
    return [
        {
            "respondents": f"{low} to {high}",
            "sites": int(band.sum()),
            "own_error_percent": round(100 * float(own[band].mean()), 2),
            "shrunk_error_percent": round(100 * float(shrunk[band].mean()), 2),
        }
        for low, high in _BANDS
        if (band := (size >= low) & (size <= high)).any()
    ]


def _read_from_classes(store: duckdb.DuckDBPyConnection) -> float:
    """Share of answers, in percent, that decide the class of their cell where all other answers of it are known."""
    cells = store.execute(_CELLS).pl().with_columns(design_effect=pl.lit(1.0))
    rule, thresholds = read_rule(PROJECT), read_thresholds(PROJECT)
    word, with_less, with_more = (
        decide_classes(
            cells.with_columns(pl.col("adverse_respondents") + step).filter(
                pl.col("adverse_respondents").is_between(0, pl.col("respondents"))
            ),
            rule, thresholds,
        ).select("facility_ref", "indicator_id", "class")
        for step in (0, -1, 1)
    )  # fmt: skip
    key = ["facility_ref", "indicator_id"]
    told = (
        cells.join(word, on=key)
        .join(with_less.rename({"class": "with_less"}), on=key, how="left")
        .join(with_more.rename({"class": "with_more"}), on=key, how="left")
    )
    adverse, others = pl.col("adverse_respondents"), pl.col("respondents") - pl.col("adverse_respondents")
    deciding = told.select(
        (adverse * (pl.col("class") != pl.col("with_less")).fill_null(value=False)).sum()
        + (others * (pl.col("class") != pl.col("with_more")).fill_null(value=False)).sum()
    ).item()
    return round(100 * float(deciding) / float(told["respondents"].sum()), 2)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ANSWERS))
