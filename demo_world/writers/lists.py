"""The official lists and the reviewers' verdicts, in the shapes in which such lists are published."""

import numpy as np
import polars as pl

from demo_world.countries import COUNTRIES
from demo_world.draws import Draws
from demo_world.listings import CUSTOMS, PROGRAMMES, Entry
from demo_world.sectors import SECTORS
from demo_world.world import World

_GOODS_FIRST_YEAR = 2014
_CONDITIONS_SEEN = "Fictional entry of a demo world"
_BLANKS = ("aliases", "birth_date", "addresses", "identifiers", "phones", "emails")


def screening_id(place: int) -> str:
    """Gives the id of the screening list's entry at that place (from 0)."""
    return f"demo-NK{place + 1:06d}"


def customs_reference(entry: Entry) -> str:
    """Gives what identifies an order, which has no number: entity cell, date and kind, as the file has them."""
    return f"cbp:{_entity(entry)}|{_us_date(entry.listed_on)}|{_order_kind(entry)}"


def screening_list(world: World, entries: list[Entry]) -> pl.DataFrame:
    """Gives the entries that are not the customs list's, in the columns of OpenSanctions' targets.simple.csv.

    That file holds current targets only: an entry that has ended is not in it.
    """
    rows = screened(entries)
    return pl.DataFrame(
        {
            "id": [screening_id(place) for place in range(len(rows))],
            "schema": [entry.schema for entry in rows],
            "name": [entry.name for entry in rows],
            "aliases": [_joined(entry.aliases) for entry in rows],
            "birth_date": [None] * len(rows),
            "countries": [entry.country.lower() for entry in rows],
            "addresses": [entry.address or None for entry in rows],
            "identifiers": [_joined(entry.identifiers) for entry in rows],
            "sanctions": [
                f"{PROGRAMMES[entry.programme]} - Demo authority (fictional) - {entry.listed_on}" for entry in rows
            ],
            "phones": [None] * len(rows),
            "emails": [None] * len(rows),
            "program_ids": [entry.programme for entry in rows],
            "dataset": [PROGRAMMES[entry.programme] for entry in rows],
            "first_seen": [f"{entry.listed_on}T00:00:00" for entry in rows],
            "last_seen": [f"{world.as_of}T00:00:00"] * len(rows),
            "last_change": [f"{entry.listed_on}T00:00:00" for entry in rows],
        },
        schema_overrides=dict.fromkeys(_BLANKS, pl.String),
    )


def screened(entries: list[Entry]) -> list[Entry]:
    """Gives the entries that stand on the screening list, in its order."""
    return [entry for entry in entries if entry.programme != CUSTOMS and not entry.ended]


def _joined(values: list[str]) -> str | None:
    return ";".join(values) or None


def customs_list(entries: list[Entry]) -> pl.DataFrame:
    """Gives the customs orders in the columns of the agency's file; aliases stand in the name cell."""
    rows = [entry for entry in entries if entry.programme == CUSTOMS]
    return pl.DataFrame(
        {
            "Entity": [_entity(entry) for entry in rows],
            "Country": [entry.country_name for entry in rows],
            "Country Code": [entry.country for entry in rows],
            "Industry": [entry.industry for entry in rows],
            "Merchandise": [entry.item for entry in rows],
            "Status": [_order_status(entry) for entry in rows],
            "WRO/Finding": [_order_kind(entry) for entry in rows],
            "Remarks": [_CONDITIONS_SEEN] * len(rows),
            "Press Release": [None] * len(rows),
            "Effective Date": [_us_date(entry.listed_on) for entry in rows],
            "Calendar Year": [str(entry.listed_on)[:4] for entry in rows],
        },
        schema_overrides={"Press Release": pl.String},
    )


def _entity(entry: Entry) -> str:
    return ", a/k/a ".join([entry.name, *entry.aliases])


def _order_kind(entry: Entry) -> str:
    return "Finding" if len(entry.name) % 5 == 0 else "WRO"


def _order_status(entry: Entry) -> str:
    if entry.ended:
        return "Inactive"
    return "Partially Active" if len(entry.name) % 11 == 0 else "Active"


def _us_date(day: np.datetime64) -> str:
    year, month, number = str(day).split("-")
    return f"{month}/{number}/{year}"


def match_verdicts(world: World, entries: list[Entry]) -> pl.DataFrame:
    """Gives what reviewers decided about customs orders that may mean a supplier."""
    rows = [entry for entry in entries if entry.verdict]
    reasons = {
        "confirmed": "Same name, town and product; confirmed on the phone",
        "rejected": "Same name, other company",
        "unsure": "Name fits, address unknown",
    }
    return pl.DataFrame(
        {
            "list_name": [CUSTOMS] * len(rows),
            "entry_ref": [customs_reference(entry) for entry in rows],
            "supplier_ref": [f"erp:V{entry.number or entry.namesake:07d}" for entry in rows],
            "verdict": [entry.verdict for entry in rows],
            "decided_on": [str(min(entry.listed_on + np.timedelta64(25, "D"), world.today)) for entry in rows],
            "role": ["responsible-sourcing analyst"] * len(rows),
            "reason": [reasons[entry.verdict] for entry in rows],
        },
        schema_overrides=dict.fromkeys(("list_name", "entry_ref", "supplier_ref", "verdict", "decided_on"), pl.String),
    )


def goods_list(world: World) -> pl.DataFrame:
    """Gives a goods list for the demo's countries and goods; weak states and migrants' trades are named more often."""
    draws = Draws(world.seed, 0, "goods list")
    goods = [sector for sector in SECTORS if sector.good is not None]
    lots = draws.uniform((len(COUNTRIES), len(goods), 3))
    start = draws.whole(_GOODS_FIRST_YEAR, world.as_of.year - 2, len(COUNTRIES) * len(goods))
    rows: list[dict[str, str | None]] = []
    for place, country in enumerate(COUNTRIES):
        for column, sector in enumerate(goods):
            child, forced = _flags(lots[place, column].tolist(), float(world.weak_state[place]), sector.migrant_pull)
            years = f"{int(start[place * len(goods) + column])}-{world.as_of.year - 1}"
            if child or forced:
                rows.append(
                    {
                        "Country": country.name,
                        "Country_ISOCode": country.code3,
                        "Region": country.world_region,
                        "Sector": sector.goods_sector,
                        "Good": sector.good,
                        "Exploitation details": _CONDITIONS_SEEN,
                        "CL": years if child else None,
                        "FL": years if forced else None,
                        "FCL": years if child and forced else None,
                    }
                )
    return pl.DataFrame(rows, infer_schema_length=None)


def _flags(lots: list[float], weak_state: float, migrant_pull: float) -> tuple[bool, bool]:
    forced = lots[0] < 0.5 * weak_state * weak_state * (0.4 + migrant_pull)
    return lots[1] < 0.3 * weak_state or (forced and lots[2] < 0.3), forced
