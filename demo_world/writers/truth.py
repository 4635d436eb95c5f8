"""The truth, which the pipeline never reads: conditions of every site, and which records are the same company."""

import numpy as np
import polars as pl

from demo_world.causes import CONDITIONS, Truth
from demo_world.companies import NO_ONE, Companies, Sites, second_record_id, site_id
from demo_world.countries import COUNTRIES
from demo_world.listings import CUSTOMS, Entry
from demo_world.ownership import record_id
from demo_world.sectors import SECTORS
from demo_world.world import World
from demo_world.writers.lists import customs_reference, screened, screening_id


def conditions(world: World, companies: Companies, sites: Sites, truth: Truth) -> pl.DataFrame:
    """Gives a row a site: flags are 1 or 0, conditions the percent of workers touched (before the remedy, if any)."""
    rows, vendor_ids = sites.company.tolist(), companies.vendor_ids()
    agent = companies.agent[sites.company]
    bad_agent = (agent != NO_ONE) & world.agents.abusive[agent]
    return pl.DataFrame(
        {
            "vendor_id": [vendor_ids[row] for row in rows],
            "site_id": [site_id(vendor_ids[row], place) for row, place in zip(rows, sites.place.tolist(), strict=True)],
            "site_listed": companies.sites_known[sites.company].astype(np.int64),
            "country": [COUNTRIES[nation].code for nation in companies.country[sites.company].tolist()],
            "sector": [SECTORS[trade].key for trade in companies.sector[sites.company].tolist()],
            "forced_labour": truth.forced_labour.astype(np.int64),
            "was_forced_labour": truth.was_forced_labour.astype(np.int64),
            "severity": truth.severity,
            "remedied_on": pl.Series(truth.remedied_on.astype("datetime64[D]")),
            **{name: truth.percent[:, place] for place, name in enumerate(CONDITIONS)},
            "migrant_percent": sites.migrant_percent,
            "bad_agent": bad_agent.astype(np.int64),
            "owner": companies.culture[sites.company],
            "squeeze": companies.squeeze[sites.company],
        }
    )


def identities(companies: Companies, parties: dict[str, int], owned: set[str]) -> pl.DataFrame:
    """Gives a row a record of the chunk that is about a supplier: source, record, and the vendor it is.

    `parties` are the OCDS party ids with the company's position, `owned` the record ids in the ownership file.
    """
    vendor_ids = companies.vendor_ids()
    numbers = companies.number.tolist()
    found = [("erp_vendor_master", vendor_id, vendor_id) for vendor_id in vendor_ids]
    found += [
        ("erp_vendor_master", second_record_id(numbers[row]), vendor_ids[row])
        for row in np.flatnonzero(companies.duplicated).tolist()
    ]
    found += [("ocds", party, vendor_ids[row]) for party, row in parties.items()]
    found += [
        ("bods_ownership", record_id(number), vendor_ids[row])
        for row, number in enumerate(numbers)
        if record_id(number) in owned
    ]
    return _frame(found)


def list_identities(entries: list[Entry]) -> pl.DataFrame:
    """Gives the same for the entries of the lists; an innocent namesake is told by a vendor id with a leading '!'."""
    customs = [entry for entry in entries if entry.programme == CUSTOMS]
    found = [
        ("opensanctions_simple", screening_id(place), _who(entry)) for place, entry in enumerate(screened(entries))
    ]
    found += [(CUSTOMS, customs_reference(entry), _who(entry)) for entry in customs]
    return _frame([row for row in found if row[2]])


def _who(entry: Entry) -> str:
    if entry.number is not None:
        return f"V{entry.number:07d}"
    return f"!V{entry.namesake:07d}" if entry.namesake is not None else ""


def _frame(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["source", "record", "vendor_id"], orient="row")
