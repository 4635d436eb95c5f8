"""The files of what others publish, of what was done for workers, and of the agents through whom they came."""

import numpy as np
import polars as pl

from demo_world.companies import NO_ONE, Companies, Sites, site_id
from demo_world.countries import COUNTRIES
from demo_world.draws import Draws
from demo_world.remedies import BY_OTHERS, BY_WORKERS, KINDS, Remedies
from demo_world.reports import PUBLISHERS, Reports
from demo_world.world import World

_REGISTERED = 0.6


def media_reports(chunk: int, companies: Companies, sites: Sites, reports: Reports) -> pl.DataFrame:
    """Gives a row a report; one that names no vendor tells a name and, where it has one, a tax number."""
    vendor_ids = companies.vendor_ids()
    of_company = reports.company.tolist()
    vendors = [vendor_ids[row] if named else None for row, named in zip(of_company, reports.names_vendor, strict=True)]
    places = sites.place[reports.site].tolist()
    rows = [
        site_id(vendor, place) if vendor is not None and named and companies.sites_known[row] else None
        for vendor, place, named, row in zip(vendors, places, reports.names_site, of_company, strict=True)
    ]
    return pl.DataFrame(
        {
            "report_id": [f"R{chunk:04d}-{place + 1:05d}" for place in range(len(reports))],
            "vendor_id": pl.Series(vendors, dtype=pl.String),
            "site_id": pl.Series(rows, dtype=pl.String),
            "supplier_name": pl.Series([companies.name[row] for row in of_company], dtype=pl.String),
            "country": [COUNTRIES[int(companies.country[row])].name for row in of_company],
            "tax_number": pl.Series([companies.tax_number[row] or None for row in of_company], dtype=pl.String),
            "publisher": [PUBLISHERS[who][0] for who in reports.publisher.tolist()],
            "publisher_kind": [PUBLISHERS[who][1] for who in reports.publisher.tolist()],
            "origin_id": pl.Series(
                [None if origin < 0 else f"story-{chunk:04d}-{origin + 1:05d}" for origin in reports.origin.tolist()],
                dtype=pl.String,
            ),
            "published_on": [str(day) for day in reports.published_on],
            "title": ["Fictional report of a demo world"] * len(reports),
            "url": [f"https://reports.example/{chunk:04d}/{place + 1}" for place in range(len(reports))],
            "language": ["en"] * len(reports),
            "second_hand": np.where(reports.second_hand, "yes", "no").tolist(),
        },
        schema_overrides=dict.fromkeys(("country", "publisher", "published_on", "second_hand"), pl.String),
    )


def mitigation(chunk: int, companies: Companies, sites: Sites, remedies: Remedies) -> pl.DataFrame:
    """Gives a row a record of mitigation."""
    vendor_ids = companies.vendor_ids()
    owners, places = sites.company[remedies.site].tolist(), sites.place[remedies.site].tolist()
    return pl.DataFrame(
        {
            "mitigation_id": [f"M{chunk:04d}-{place + 1:05d}" for place in range(len(remedies))],
            "vendor_id": [vendor_ids[row] for row in owners],
            "site_id": [site_id(vendor_ids[row], place) for row, place in zip(owners, places, strict=True)],
            "kind": [KINDS[kind] for kind in remedies.kind.tolist()],
            "verified_by": [
                (BY_WORKERS if real else BY_OTHERS)[who]
                for real, who in zip(remedies.by_workers.tolist(), remedies.verifier.tolist(), strict=True)
            ],
            "verified_on": [str(day) for day in remedies.verified_on],
            "valid_from": [str(day) for day in remedies.begun_on],
            "valid_to": pl.Series(
                [None if np.isnat(day) else str(day) for day in remedies.ends_on], dtype=pl.String
            ),
            "evidence_ref": [f"file {chunk}-{place + 1}" for place in range(len(remedies))],
        },
        schema_overrides=dict.fromkeys(("vendor_id", "site_id", "kind", "verified_by"), pl.String),
    )  # fmt: skip


def labour_agents(world: World, chunk: int, companies: Companies, listed: list[int]) -> pl.DataFrame:
    """Gives a row a vendor and agent of a fictional register of agents, which most of them have filled in.

    Inspections of listed companies added an agent of each that the buyer does not know, with two of its other clients.
    """
    registered = Draws(world.seed, chunk, "register of agents").chance(_REGISTERED, len(companies))
    own = np.flatnonzero((companies.agent != NO_ONE) & registered).tolist()
    rows = [(row, int(companies.agent[row])) for row in own]
    rows += [client for row in listed for client in _clients_of_one_agent(world, companies, row)]
    vendor_ids = companies.vendor_ids()
    clients = list(dict.fromkeys(rows))
    return pl.DataFrame(
        {
            "vendor_id": [vendor_ids[row] for row, _ in clients],
            "vendor_name": [companies.name[row] for row, _ in clients],
            "country": [COUNTRIES[int(companies.country[row])].name for row, _ in clients],
            "labour_agent": [world.agents.name[agent] for _, agent in clients],
            "told_on": [str(world.today - np.timedelta64(200, "D"))] * len(clients),
        },
        schema=dict.fromkeys(("vendor_id", "vendor_name", "country", "labour_agent", "told_on"), pl.String),
    )


def _clients_of_one_agent(world: World, companies: Companies, row: int) -> list[tuple[int, int]]:
    """Gives a company and the next two of its country, each with the same agent of that country."""
    country = int(companies.country[row])
    agent = int(world.agents.first[country]) + row % int(world.agents.count[country])
    neighbours = np.flatnonzero(companies.country == country)
    place = int(np.searchsorted(neighbours, row))
    return [(int(neighbours[(place + step) % len(neighbours)]), agent) for step in range(min(3, len(neighbours)))]
