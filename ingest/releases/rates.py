"""Rates of newly closed waves: counted in the restricted store, decided once, and told through its ledger alone."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from ingest.release_ledger import SHOWN_STEP
from ingest.releases.class_rule import NOT_TOLD, WHY_NOT_TOLD
from ingest.releases.noise import noise_of
from ingest.releases.rate_ledger import (
    Wave,
    end_withdrawn_rates,
    finest_counts,
    make_rate_ledger,
    new_waves,
    place_respondents,
    too_alike,
    write_rates,
)
from ingest.releases.rate_rule import BREAKDOWNS, Breakdown
from ingest.releases.shrinking import shrunk_shares
from ingest.releases.suppression import Block, cells_told, rates_percent
from ingest.releases.wave_kinds import make_wave_kinds

TOLD: Final = "told"
SUPPRESSED: Final = "suppressed"
_ID_DIGITS = 16
_SCHEMA: Final = {
    "rate_id": pl.String,
    "source_id": pl.String,
    "wave_id": pl.String,
    "wave_closed_on": pl.Date,
    "known_on": pl.Date,
    "breakdown": pl.String,
    "country_code": pl.String,
    "sector_key": pl.String,
    "indicator_id": pl.String,
    "state": pl.String,
    "reason": pl.String,
    "rate_percent": pl.Int64,
    "shrunk_percent": pl.Int64,
    "respondents_at_least": pl.Int64,
    "respondents": pl.Int64,
    "decided_on": pl.Date,
    "decided_in_run": pl.String,
}


@dataclass(frozen=True)
class _Cell:
    breakdown: Breakdown
    heading: str
    members: np.ndarray[Any, Any]


def decide_rates(store: duckdb.DuckDBPyConnection, places: pl.DataFrame, key: bytes, as_of: date, run_id: str) -> None:
    """Decides the rates of waves that closed by the day, once and for all, and ends those that too many withdrew from.

    `places`: facility_ref, country_code, sector_key. `key`: the secret from which noise is drawn. Needs `last_version`,
    `terms` and the tables of withdrawals. Waves go in the order in which they closed, as each is held against all
    before it. Of a wave whose classes are protected no rate is told.
    """
    make_rate_ledger(store)
    make_wave_kinds(store)
    end_withdrawn_rates(store, as_of)
    waves = new_waves(store, as_of)
    if waves:
        place_respondents(store, places)
    for wave in waves:
        alike = too_alike(store, wave)
        blocks = finest_counts(store, wave).partition_by("indicator_id", maintain_order=True)
        rows = [row for finest in blocks for row in _decided(wave, finest, alike, key)]
        rates = pl.DataFrame(rows, schema={name: kind for name, kind in _SCHEMA.items() if "decided" not in name})
        write_rates(store, rates.with_columns(decided_on=pl.lit(as_of), decided_in_run=pl.lit(run_id)))


def _decided(wave: Wave, finest: pl.DataFrame, alike: set[tuple[str, str, str]], key: bytes) -> list[dict[str, Any]]:
    indicator = str(finest["indicator_id"][0])
    cells = [cell for breakdown in BREAKDOWNS for cell in _cells(breakdown, finest)]
    ids = [_rate_id(wave, indicator, cell) for cell in cells]
    named = [bool(cell.heading) or cell.breakdown.by is None for cell in cells]
    apart = [(cell.breakdown.name, cell.heading, indicator) not in alike for cell in cells]
    numbers = (
        [{"state": NOT_TOLD, "reason": WHY_NOT_TOLD}] * len(cells)
        if wave.is_protected
        else _numbers(finest, cells, noise_of(key, ids), np.array(named) & np.array(apart))
    )
    whole = {
        "source_id": wave.source_id,
        "wave_id": wave.wave_id,
        "wave_closed_on": wave.closed_on,
        "known_on": _known_on(wave, finest),
        "indicator_id": indicator,
    }
    return [
        whole | {"rate_id": ids[place]} | _named(cell) | numbers[place]
        for place, cell in enumerate(cells)
        if named[place]
    ]


def _numbers(
    finest: pl.DataFrame, cells: list[_Cell], noise: np.ndarray[Any, Any], may_be_told: np.ndarray[Any, Any]
) -> list[dict[str, Any]]:
    members = np.array([cell.members for cell in cells], dtype=float)
    noisy = members @ finest["adverse"].to_numpy() + noise
    block = Block(finest["respondents"].to_numpy().astype(float), members, noisy, may_be_told)
    percents = _percents(block, cells_told(block), cells)
    return [_told_numbers(block, place, percents) for place in range(len(cells))]


def _known_on(wave: Wave, finest: pl.DataFrame) -> date:
    days: list[date] = [wave.closed_on, *finest["known_on"].drop_nulls().to_list()]
    return max(days)


def _named(cell: _Cell) -> dict[str, Any]:
    heading = {cell.breakdown.by: cell.heading} if cell.breakdown.by else {}
    return {"breakdown": cell.breakdown.name, "country_code": None, "sector_key": None} | heading


def _told_numbers(block: Block, place: int, percents: dict[int, tuple[int, int | None]]) -> dict[str, Any]:
    if place not in percents:
        return {"state": SUPPRESSED}
    respondents = int(block.respondents[place])
    rate, shrunk = percents[place]
    return {
        "state": TOLD,
        "rate_percent": rate,
        "shrunk_percent": shrunk,
        "respondents_at_least": respondents // SHOWN_STEP * SHOWN_STEP,
        "respondents": respondents,
    }


def _percents(block: Block, told: np.ndarray[Any, Any], cells: list[_Cell]) -> dict[int, tuple[int, int | None]]:
    """Gives the rate of each told cell and, where its table tells others as well, the rate drawn towards theirs."""
    percents: dict[int, tuple[int, int | None]] = {}
    for breakdown in BREAKDOWNS:
        places = [place for place, cell in enumerate(cells) if told[place] and cell.breakdown == breakdown]
        noisy, size = block.noisy[places], block.respondents[places]
        shrunk = rates_percent(shrunk_shares(noisy, size) * size, size)
        for place, rate, drawn in zip(places, rates_percent(noisy, size), shrunk, strict=True):
            percents[place] = (int(rate), None if np.isnan(drawn) else int(drawn))
    return percents


def _cells(breakdown: Breakdown, finest: pl.DataFrame) -> list[_Cell]:
    if breakdown.by is None:
        return [_Cell(breakdown, "", np.ones(finest.height))]
    headings = finest[breakdown.by]
    return [
        _Cell(breakdown, heading, (headings == heading).to_numpy().astype(float))
        for heading in headings.unique().sort().to_list()
    ]


def _rate_id(wave: Wave, indicator: str, cell: _Cell) -> str:
    named = "|".join((wave.source_id, wave.wave_id, cell.breakdown.name, cell.heading, indicator))
    return "T" + sha256(named.encode()).hexdigest()[:_ID_DIGITS]
