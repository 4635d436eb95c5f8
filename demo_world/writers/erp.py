"""The buyer's own system: vendor master (a row a vendor and site) and purchase order lines."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from demo_world.capacity import UNTOLD, Declared
from demo_world.companies import NO_ONE, Companies, Sites, second_record_id, site_id
from demo_world.countries import COUNTRIES
from demo_world.draws import Draws, Ints
from demo_world.orders import OrderLines
from demo_world.sales import Sales
from demo_world.sectors import SECTORS
from demo_world.world import World

_NO_SITE = -1
_OTHER_CURRENCY = "CHF"
_COUNTRY_SPELLINGS = [0.86, 0.08, 0.05, 0.01]


@dataclass(frozen=True)
class Stated:
    """What vendors say of themselves: capacity by site, sales by company."""

    declared: Declared
    sales: Sales


def vendor_master(world: World, chunk: int, companies: Companies, sites: Sites, stated: Stated) -> pl.DataFrame:
    """Gives the vendor master of the chunk: first the vendors with their sites, then second records of some vendors."""
    draws = Draws(world.seed, chunk, "vendor master")
    listed = companies.sites_known[sites.company]
    unknown = np.flatnonzero(~companies.sites_known)
    company = np.concatenate([sites.company[listed], unknown])
    site = np.concatenate([np.flatnonzero(listed), np.full(len(unknown), _NO_SITE)])
    order = np.argsort(company, kind="stable")
    twice = np.flatnonzero(companies.duplicated)
    return pl.concat(
        [
            _first_records(draws, world, companies, sites, stated, company[order], site[order]),
            _second_records(draws, world, companies, sites, stated, twice),
        ]
    )


def _first_records(
    draws: Draws,
    world: World,
    companies: Companies,
    sites: Sites,
    stated: Stated,
    company: Ints,
    site: Ints,
) -> pl.DataFrame:
    vendor_ids = companies.vendor_ids()
    frame = _records(draws, world, companies, company)
    parent = companies.parent[company].tolist()
    return frame.with_columns(
        vendor_name=pl.Series([companies.name[row] for row in company.tolist()]),
        also_known_as=pl.Series([companies.also_known_as[row] or None for row in company.tolist()], dtype=pl.String),
        parent_vendor_id=pl.Series([None if row == NO_ONE else vendor_ids[row] for row in parent], dtype=pl.String),
        **_site_columns(draws, companies, sites, company, site),
        **_declared_columns(stated.declared, site),
        **_sales_columns(stated.sales, companies, company),
    ).select(_COLUMNS)


def _second_records(
    draws: Draws, world: World, companies: Companies, sites: Sites, stated: Stated, company: Ints
) -> pl.DataFrame:
    """An older ledger's records of some vendors: another number, a slip in the name, no site, often no tax number."""
    frame = _records(draws, world, companies, company)
    keeps_tax = draws.chance(0.6, len(company)).tolist()
    numbers = companies.number[company].tolist()
    return frame.with_columns(
        vendor_id=pl.Series([second_record_id(number) for number in numbers], dtype=pl.String),
        vendor_name=pl.Series([companies.misspelt[row] for row in company.tolist()], dtype=pl.String),
        tax_number=pl.Series(
            [
                companies.tax_number[row] or None if kept else None
                for row, kept in zip(company.tolist(), keeps_tax, strict=True)
            ],
            dtype=pl.String,
        ),
        also_known_as=pl.lit(None, dtype=pl.String),
        parent_vendor_id=pl.lit(None, dtype=pl.String),
        **_site_columns(draws, companies, sites, company, np.full(len(company), _NO_SITE)),
        **_declared_columns(stated.declared, np.full(len(company), _NO_SITE)),
        **_sales_columns(stated.sales, companies, company, years_before=2),
    ).select(_COLUMNS)


_COLUMNS = (
    *("vendor_id", "vendor_name", "also_known_as", "tax_number", "company_number", "lei", "country", "region", "city"),
    *("address", "spend_category_unspsc", "sector", "parent_vendor_id", "labour_agent", "workers", "site_id"),
    *("site_name", "site_address", "site_workers", "dormitory", "migrant_share", "capacity_units", "labour_hours"),
    *("agency_share", "annual_sales", "sales_currency", "sales_year"),
)


def _records(draws: Draws, world: World, companies: Companies, company: Ints) -> pl.DataFrame:
    """Columns about the vendor; what is drawn is drawn once a vendor, so that all of its rows agree."""
    rows = company.tolist()
    town = companies.town[company].tolist()
    sector = companies.sector[company].tolist()
    spelling = draws.pick(_COUNTRY_SPELLINGS, len(companies))[company].tolist()
    coded = draws.chance(0.96, len(companies))[company].tolist()
    worded = draws.chance(0.94, len(companies))[company].tolist()
    counted = draws.chance(0.9, len(companies))[company].tolist()
    vendor_ids = companies.vendor_ids()
    return pl.DataFrame(
        {
            "vendor_id": [vendor_ids[row] for row in rows],
            "tax_number": [companies.tax_number[row] or None for row in rows],
            "company_number": [companies.company_number[row] or None for row in rows],
            "lei": [companies.lei[row] or None for row in rows],
            "country": [
                _country(int(nation), form)
                for nation, form in zip(companies.country[company].tolist(), spelling, strict=True)
            ],
            "region": [world.towns.region[place] for place in town],
            "city": [world.towns.name[place] for place in town],
            "address": [companies.address[row] for row in rows],
            "spend_category_unspsc": [
                SECTORS[trade].unspsc if known else None for trade, known in zip(sector, coded, strict=True)
            ],
            "sector": [SECTORS[trade].label if known else None for trade, known in zip(sector, worded, strict=True)],
            "labour_agent": _agents(world, companies, company),
            "workers": [
                count if known else None
                for count, known in zip(companies.workers[company].tolist(), counted, strict=True)
            ],
        },
        schema_overrides={
            **dict.fromkeys(("vendor_id", "tax_number", "company_number", "lei", "country"), pl.String),
            **dict.fromkeys(("region", "city", "address", "spend_category_unspsc", "sector"), pl.String),
            "labour_agent": pl.String,
            "workers": pl.Int64,
        },
    )


def _country(position: int, form: int) -> str | None:
    country = COUNTRIES[position]
    return (country.name, country.other_name, country.code, None)[form]


def _agents(world: World, companies: Companies, company: Ints) -> list[str | None]:
    return [
        world.agents.name[agent] if agent != NO_ONE and known else None
        for agent, known in zip(companies.agent[company].tolist(), companies.agent_known[company].tolist(), strict=True)
    ]


def _site_columns(draws: Draws, companies: Companies, sites: Sites, company: Ints, site: Ints) -> dict[str, pl.Series]:
    vendor_ids = companies.vendor_ids()
    count = len(site)
    has = site != _NO_SITE
    counted, asked, shared = (has & draws.chance(share, count) for share in (0.85, 0.85, 0.6))
    at = np.where(has, site, 0)
    places = sites.place[at].tolist()
    known = has.tolist()
    names = [
        f"{companies.name[row]}{'' if place == 1 else f' Unit {place}'}" if there else None
        for row, place, there in zip(company.tolist(), places, known, strict=True)
    ]
    ids = [
        site_id(vendor_ids[row], place) if there else None
        for row, place, there in zip(company.tolist(), places, known, strict=True)
    ]
    addresses = [sites.address[row] if there else None for row, there in zip(at.tolist(), known, strict=True)]
    dormitory = np.where(sites.dormitory[at], "yes", "no").tolist()
    return {
        "site_id": pl.Series(ids, dtype=pl.String),
        "site_name": pl.Series(names, dtype=pl.String),
        "site_address": pl.Series(addresses, dtype=pl.String),
        "site_workers": _or_blank(sites.workers[at], counted.tolist()),
        "dormitory": pl.Series(
            [answer if there else None for answer, there in zip(dormitory, asked.tolist(), strict=True)],
            dtype=pl.String,
        ),
        "migrant_share": _or_blank(sites.migrant_percent[at], shared.tolist()) / 100,
        "agency_share": _or_blank(_agency_percent(companies, sites)[at], counted.tolist()) / 100,
    }


def _agency_percent(companies: Companies, sites: Sites) -> Ints:
    """Gives the percent of workers hired through an agency: many where the company has an agent."""
    with_agent = sites.migrant_percent // 2 + sites.workers % 40
    return np.asarray(np.where(companies.agent[sites.company] != NO_ONE, with_agent, sites.workers % 8))


def _declared_columns(declared: Declared, site: Ints) -> dict[str, pl.Series]:
    at = np.where(site == _NO_SITE, 0, site)
    told = ((site != _NO_SITE) & (declared.capacity_units[at] != UNTOLD)).tolist()
    return {
        "capacity_units": _or_blank(declared.capacity_units[at], told),
        "labour_hours": _or_blank(declared.labour_hours[at], told),
    }


def _sales_columns(sales: Sales, companies: Companies, company: Ints, *, years_before: int = 0) -> dict[str, pl.Series]:
    """Gives what the vendors say they sell; an older ledger has the lower figure of an earlier year."""
    told = sales.is_stated[company].tolist()
    nations, other = companies.country[company].tolist(), sales.in_other_currency[company].tolist()
    currencies = [
        (_OTHER_CURRENCY if abroad else COUNTRIES[nation].currency) if there else None
        for nation, abroad, there in zip(nations, other, told, strict=True)
    ]
    return {
        "annual_sales": _or_blank(sales.amount[company] * (10 - years_before) // 10 + 1, told),
        "sales_currency": pl.Series(currencies, dtype=pl.String),
        "sales_year": _or_blank(sales.year[company] - years_before, told),
    }


def _or_blank(values: Ints, known: list[bool]) -> pl.Series:
    return pl.Series(
        [value if there else None for value, there in zip(values.tolist(), known, strict=True)], dtype=pl.Int64
    )


def purchase_orders(chunk: int, companies: Companies, sites: Sites, lines: OrderLines) -> pl.DataFrame:
    """Gives the purchase order lines of the chunk."""
    company = sites.company[lines.site]
    vendor_ids = companies.vendor_ids()
    sector = companies.sector[company].tolist()
    country = companies.country[company].tolist()
    numbers = companies.number[company].tolist()
    vendor = [
        second_record_id(number) if older else vendor_ids[row]
        for row, number, older in zip(company.tolist(), numbers, lines.older_record.tolist(), strict=True)
    ]
    site = [
        site_id(vendor_ids[row], place) if named else None
        for row, place, named in zip(
            company.tolist(), sites.place[lines.site].tolist(), lines.site_named.tolist(), strict=True
        )
    ]
    days = {
        name: pl.Series(getattr(lines, name).astype("datetime64[D]"))
        for name in ("ordered_on", "requested_on", "promised_on", "delivered_on", "invoiced_on", "paid_on")
    }
    hours = pl.Series(np.where(lines.hour_tenths < 0, np.nan, lines.hour_tenths / 10)).fill_nan(None)
    return pl.DataFrame(
        {
            "order_id": [f"PO-{chunk:04d}-{number:07d}" for number in lines.order_number.tolist()],
            "line": lines.line,
            "vendor_id": vendor,
            "site_id": pl.Series(site, dtype=pl.String),
            **days,
            "unspsc": [SECTORS[trade].unspsc for trade in sector],
            "description": [SECTORS[trade].item for trade in sector],
            "quantity": lines.quantity,
            "unit_price": lines.unit_cents / 100,
            "amount": lines.quantity * lines.unit_cents / 100,
            "currency": [COUNTRIES[nation].currency for nation in country],
            "payment_terms_days": lines.terms_days,
            "changed_late": np.where(lines.changed_late, "yes", "no").tolist(),
            "labour_hours": hours,
        }
    )
