"""The companies of one chain, tier by tier, with what is on record about each."""

from dataclasses import dataclass
from typing import Final

from serving.documents.about_supplier import SupplierFacts
from serving.documents.model import Field, Group, Reference
from serving.documents.register import Register, Row, by_rows
from serving.network.published import SUPPLYING, open_network
from serving.network.tiers import upstream

MOST_COMPANIES: Final = 200
"""Companies of the chain that an index names."""
_SITES: Final = """
    SELECT facility_id, address, country_code FROM dim_facility WHERE supplier_id = $supplier_id ORDER BY facility_id
"""
_ORDERS: Final = """
    SELECT count(*) AS line_count, min(ordered_on) AS first_on, max(ordered_on) AS last_on,
        count(invoiced_on) AS invoiced, count(paid_on) AS paid, count(delivered_on) AS delivered
    FROM fct_purchase_order_line WHERE supplier_id = $supplier_id
"""
_AWARDS: Final = """
    SELECT row_id, award_ref, source_id, snapshot_sha256, record_no FROM fct_award
    WHERE supplier_id = $supplier_id AND is_effective ORDER BY awarded_on DESC NULLS LAST, row_id
"""
_MOST_ROWS: Final = 20


@dataclass(frozen=True)
class CompanyOfChain:
    """One company of the chain: tiers up from the importer's supplier, itself 0, and the tie that leads to it."""

    supplier_id: str | None
    name: str
    country_code: str | None
    tiers_up: int
    customer: str
    tie: Row | None
    records: tuple[Reference, ...]


def chain_of(register: Register, facts: SupplierFacts) -> tuple[list[CompanyOfChain], bool]:
    """Gives the supplier and who works or delivers for it, by tier and name; and whether more follows unseen."""
    own = CompanyOfChain(facts.supplier_id, facts.name, facts.supplier["country_code"], 0, "", None, facts.records)
    with open_network(register.folder, kinds=SUPPLYING) as network:
        found, goes_on = upstream(network, network.party(facts.supplier_id), shown=MOST_COMPANIES)
    others = [
        CompanyOfChain(
            one.party["party_id"] if one.party["party_kind"] == "supplier" else None,
            str(one.party["name"]),
            one.party["country_code"],
            one.tiers_up,
            str(one.customer["name"]),
            one.tie,
            by_rows("fct_network_edge", [one.tie]),
        )
        for one in found
    ]
    return [own, *others], goes_on or len(found) == MOST_COMPANIES


def company_group(register: Register, company: CompanyOfChain) -> Group:
    """Gives what is on record about one company of the chain, and what is missing."""
    say = register.text
    at = f"tracing.{company.tiers_up}.{company.supplier_id or company.name}"
    place = say("tier {tier}", tier=register.speech.number(company.tiers_up + 1))
    return register.group(
        f"{company.name} ({place})",
        _role(register, company, at),
        _sites(register, company, at),
        *_transactions(register, company, at),
        register.gap(f"{at}.transport", say("Packing lists, bills of lading, manifests"), company.name),
        register.gap(f"{at}.origin", say("Origin of raw materials and components"), company.name),
        register.gap(f"{at}.production", say("Production records, and inputs that match outputs"), company.name),
    )


def _role(register: Register, company: CompanyOfChain, at: str) -> Field:
    say = register.text
    country = register.speech.country(company.country_code)
    if company.tie is None:
        told = say("supplier of the importer, {country}", country=country)
    else:
        told = say(
            "{kind} of {customer}, {country}",
            kind=say("subcontractor") if company.tie["edge_kind"] == "subcontract" else say("supplier"),
            customer=company.customer,
            country=country,
        )
        if company.tie["is_declared"] is False:
            told = f"{told}; {say('not declared by the customer')}"
    return register.field(f"{at}.role", say("Role and place"), told, company.records, company.name)


def _sites(register: Register, company: CompanyOfChain, at: str) -> Field:
    sites = register.rows(_SITES, supplier_id=company.supplier_id)
    addresses = list(dict.fromkeys(str(site["address"]) for site in sites if site["address"]))
    return register.field(
        f"{at}.sites",
        register.text("Addresses of its sites"),
        "; ".join(addresses),
        by_rows("dim_facility", sites),
        company.name,
    )


def _transactions(register: Register, company: CompanyOfChain, at: str) -> list[Field]:
    say, speech = register.text, register.speech
    importer = say("the importer") if company.tiers_up == 0 else company.customer
    orders = register.one(_ORDERS, supplier_id=company.supplier_id)
    awards = register.rows(_AWARDS, supplier_id=company.supplier_id)[:_MOST_ROWS]
    rests_on = register.by_table("fct_purchase_order_line", says=f"supplier_id = {company.supplier_id}")
    told = say(
        "{count} order lines from {first} to {last}",
        count=speech.number(orders["line_count"]),
        first=speech.day(orders["first_on"]),
        last=speech.day(orders["last_on"]),
    )
    payments = say(
        "days of invoice on record for {invoiced} lines, of delivery for {delivered}, of payment for {paid}",
        invoiced=speech.number(orders["invoiced"]),
        delivered=speech.number(orders["delivered"]),
        paid=speech.number(orders["paid"]),
    )
    on_record = bool(orders["line_count"])
    return [
        register.field(f"{at}.orders", say("Purchase orders"), told if on_record else None, rests_on, importer),
        register.field(
            f"{at}.payments", say("Invoices, deliveries, payments"), payments if on_record else None, rests_on, importer
        ),
        register.field(
            f"{at}.contracts",
            say("Contracts awarded to it"),
            speech.joined([str(row["award_ref"]) for row in awards]),
            by_rows("fct_award", awards),
            importer,
        ),
    ]
