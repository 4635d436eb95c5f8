"""The risk characteristics of UK PPN 02/23 for one supplier or bidder, as far as they are recorded.

The six characteristics are those of the guidance to PPN 02/23 (Cabinet Office, 10 February 2023, updated 25 March 2024;
its quick reference guide names them). PPN 009 (17 February 2025) has taken its place for procurements that began under
the Procurement Act 2023 on or after 24 February 2025.
"""

from typing import Final

from serving.documents.about_supplier import SupplierFacts, about_supplier, site_reference, ties, told_rows
from serving.documents.framing import framed
from serving.documents.model import Document, Field, Group, Section
from serving.documents.register import Register, Row, by_evidence, by_rows

KIND: Final = "ppn-02-23"
_SOURCE: Final = (
    "PPN 02/23, Tackling Modern Slavery in Government Supply Chains: guidance and quick reference guide "
    "(Cabinet Office, 10 February 2023, updated 25 March 2024)"
)
_OBSERVED: Final = (
    "supplier_id = $supplier_id AND kind = 'adverse' AND indicator_id IN (SELECT indicator_id FROM indicator"
    " WHERE kind IN ('labour', 'official', 'observed', 'media'))"
)
_BUYING: Final = "supplier_id = $supplier_id AND kind = 'adverse' AND list_contains($indicators, indicator_id)"
_FLAGGED: Final = """
    SELECT level_source_id, good, source_id, snapshot_sha256, record_no FROM fct_level_source
    WHERE level_kind = 'good' AND country_code = $country_code AND sector_key = $sector_key
    ORDER BY good, level_source_id
"""
_AWARDS: Final = """
    SELECT row_id, award_ref, classification_scheme, classification_code, source_id, snapshot_sha256, record_no
    FROM fct_award WHERE supplier_id = $supplier_id AND is_effective AND classification_code IS NOT NULL
    ORDER BY awarded_on DESC NULLS LAST, row_id
"""
_MATCHES: Final = """
    SELECT match_id, list_name, match_status, list_status, listed_on, source_id, snapshot_sha256, record_no
    FROM fct_list_match WHERE supplier_id = $supplier_id AND match_status IN ('confirmed', 'possible') ORDER BY match_id
"""
_LISTS: Final = "SELECT DISTINCT list_name FROM dim_list_entry ORDER BY list_name"
_TIER: Final = "SELECT * FROM fct_supplier_tier WHERE supplier_id = $supplier_id"
_MOST_AWARDS: Final = 20


def ppn_document(register: Register, supplier_id: str) -> Document:
    """Gives the document for one supplier; raises ConfigError where the publication does not have it."""
    say, facts = register.text, about_supplier(register, supplier_id)
    return framed(
        register,
        kind=KIND,
        file_name=f"{KIND}-{supplier_id}",
        title=say("Risk characteristics of a supplier after UK PPN 02/23: {name}", name=facts.name),
        audience=say(
            "For the contracting authority. A procurement file may be shown to the bidder, so rows from workers and"
            " ties to cases of others are left out; there may be such rows."
        ),
        is_not=(
            say(
                "It gives no risk rating: PPN 02/23 has the contracting authority decide whether a contract is of"
                " high, medium or low risk."
            ),
        ),
        law=(
            _SOURCE,
            say(
                "PPN 009 (17 February 2025) has taken its place for procurements that began on or after 24 February"
                " 2025 under the Procurement Act 2023; PPN 02/23 stays for those that began before."
            ),
        ),
        sections=_sections(register, facts),
        chosen=f"{facts.name} ({facts.supplier_id})",
    )


def _sections(register: Register, facts: SupplierFacts) -> list[Section]:
    say = register.text
    asked = [
        ("industry", say("Industry type"), _industry(register, facts)),
        ("workforce", say("Nature of the workforce"), _workforce(register, facts)),
        ("location", say("Supplier location"), _location(register, facts)),
        ("context", say("Context in which the supplier operates"), _context(register, facts)),
        ("commodity", say("Commodity type"), _commodity(register, facts)),
        ("model", say("Business and supply chain model"), _model(register, facts)),
    ]
    ask = say("One of the six characteristics by which the guidance has risk assessed.")
    return [Section(name, title, ask, _SOURCE, tuple(groups)) for name, title, groups in asked]


def _industry(register: Register, facts: SupplierFacts) -> list[Group]:
    say, officer = register.text, register.text("the contracting authority, from the subject of the contract")
    sector = register.speech.term(facts.supplier["sector_label"])
    return [
        register.group(
            say("As recorded"),
            register.field("industry.sector", say("Sector"), sector, facts.records, officer),
            _level(register, facts, "industry.level", say("Inherent level of the sector, 1 to 4"), "sector"),
        )
    ]


def _workforce(register: Register, facts: SupplierFacts) -> list[Group]:
    say = register.text
    groups = [_workforce_of(register, site, number) for number, site in enumerate(facts.sites, start=1)]
    agents = ties(register, facts.supplier_id, "labour_agent")
    bidder = say("the bidder")
    told = register.speech.plural("{count} labour agent", "{count} labour agents", count=len(agents))
    company = register.group(
        say("The company"),
        register.field(
            "workforce.agents",
            say("Recruits through"),
            told if agents else None,
            by_rows("fct_network_edge", agents),
            bidder,
        ),
        register.gap("workforce.terms", say("Seasonal, temporary and subcontracted work"), bidder),
        register.gap("workforce.fees", say("Who pays for recruitment"), bidder),
    )
    return [*groups, company]


def _workforce_of(register: Register, site: Row, number: int) -> Group:
    say, speech = register.text, register.speech
    at, bidder, field = f"workforce.site{number}", say("the bidder"), register.field
    rests_on = site_reference([site])
    dormitory = {True: say("yes"), False: say("no"), None: None}[site["has_dormitory"]]
    return register.group(
        str(site["name"] or site["facility_id"]),
        field(f"{at}.workers", say("Workers"), _number(register, site["workers"]), rests_on, bidder),
        field(f"{at}.dormitory", say("Dormitory"), dormitory, rests_on, bidder),
        field(
            f"{at}.migrants",
            say("Share of migrant workers"),
            None if site["migrant_share"] is None else speech.percent(site["migrant_share"]),
            rests_on,
            bidder,
        ),
        field(
            f"{at}.agency",
            say("Share of agency workers"),
            None if site["agency_share"] is None else speech.percent(site["agency_share"]),
            rests_on,
            bidder,
        ),
    )


def _location(register: Register, facts: SupplierFacts) -> list[Group]:
    say, bidder = register.text, register.text("the bidder")
    countries = sorted({str(site["country_code"]) for site in facts.sites if site["country_code"]})
    own = facts.supplier["country_code"]
    return [
        register.group(
            say("As recorded"),
            register.field(
                "location.country",
                say("Country of the company"),
                register.speech.country(own) if own else None,
                facts.records,
                bidder,
            ),
            register.field(
                "location.sites",
                say("Countries of its sites"),
                register.speech.joined([register.speech.country(code) for code in countries]),
                site_reference(facts.sites),
                bidder,
            ),
            _level(register, facts, "location.level", say("Inherent level of the country, 1 to 6"), "country"),
        )
    ]


def _context(register: Register, facts: SupplierFacts) -> list[Group]:
    say = register.text
    officer = say("the contracting authority, from reports about the country and the sector")
    observed = register.evidence(_OBSERVED, shareable=True, supplier_id=facts.supplier_id)
    flagged = register.rows(
        _FLAGGED, country_code=facts.levels.get("country_code"), sector_key=facts.levels.get("sector_key")
    )
    goods = register.speech.joined(sorted({str(row["good"]) for row in flagged}))
    matches = register.rows(_MATCHES, supplier_id=facts.supplier_id)
    return [
        register.group(
            say("As recorded"),
            register.field(
                "context.goods",
                say("Goods of its sector that are listed for forced labour in its country"),
                goods,
                by_rows("fct_level_source", flagged),
                officer,
            ),
            register.field(
                "context.observed",
                say("What audits, official acts and published reports say of the company"),
                told_rows(register, observed),
                by_evidence(observed),
                say("the contracting authority, by asking the bidder and those who know its sites"),
            ),
            _lists(register, matches),
            register.gap("context.law", say("Protection of workers by law and in practice"), officer),
        )
    ]


def _lists(register: Register, matches: list[Row]) -> Field:
    say = register.text
    confirmed = say("confirmed")
    unsure = say("possible match, unconfirmed: it bears on nothing")
    told = "; ".join(
        f"{row['list_name']}: {confirmed if row['match_status'] == 'confirmed' else unsure}" for row in matches
    )
    checked = [str(row["list_name"]) for row in register.rows(_LISTS)]
    if checked and not told:
        told = say("none found in the lists of this run: {lists}", lists=register.speech.joined(checked))
    return register.field(
        "context.lists",
        say("Entries of official lists"),
        told,
        by_rows("fct_list_match", matches) or register.by_table("dim_list_entry", "fct_list_match"),
        say("the contracting authority: no official list was among the sources of this run"),
    )


def _commodity(register: Register, facts: SupplierFacts) -> list[Group]:
    say, officer = register.text, register.text("the contracting authority, from the subject of the contract")
    awards = register.rows(_AWARDS, supplier_id=facts.supplier_id)[:_MOST_AWARDS]
    codes = sorted({f"{row['classification_scheme']} {row['classification_code']}" for row in awards})
    return [
        register.group(
            say("As recorded"),
            register.field("commodity.good", say("Good"), facts.supplier["good"], facts.records, officer),
            _level(register, facts, "commodity.level", say("Forced-labour flag of the good, 0 to 2"), "good"),
            register.field(
                "commodity.codes",
                say("Codes of what was awarded to it"),
                register.speech.joined(codes),
                by_rows("fct_award", awards),
                officer,
            ),
        )
    ]


def _model(register: Register, facts: SupplierFacts) -> list[Group]:
    say, bidder = register.text, register.text("the bidder")
    tier = register.one(_TIER, supplier_id=facts.supplier_id)
    below = ties(register, facts.supplier_id, "subcontract", "supply")
    undeclared = sum(row["is_declared"] is False for row in below)
    told = register.speech.plural(
        "{count} subcontractor or supplier", "{count} subcontractors or suppliers", count=len(below)
    )
    told += f", {say('{count} of them not declared', count=undeclared)}" if undeclared else ""
    return [
        register.group(
            say("As recorded"),
            register.field(
                "model.tier",
                say("Place in the chain of the buyer"),
                _tier_in_words(register, tier),
                by_rows("fct_supplier_tier", [tier]) if tier else (),
                bidder,
            ),
            register.field(
                "model.below",
                say("Who works for it, as far as known"),
                told if below else None,
                by_rows("fct_network_edge", below),
                bidder,
            ),
            _buying(register, facts, "model.pressure", say("Prices, capacity and subcontracting"), "P01 P02 P05 P06"),
            _buying(register, facts, "model.buyer", say("The buyer's own practices"), "P03 P04"),
        )
    ]


def _buying(register: Register, facts: SupplierFacts, field_id: str, label: str, indicators: str) -> Field:
    rows = register.evidence(_BUYING, shareable=True, supplier_id=facts.supplier_id, indicators=indicators.split())
    by_whom = register.text("the contracting authority, from its own orders and payments")
    return register.field(field_id, label, told_rows(register, rows), by_evidence(rows), by_whom)


def _level(register: Register, facts: SupplierFacts, field_id: str, label: str, name: str) -> Field:
    level, basis = facts.levels.get(f"{name}_level"), facts.levels.get(f"{name}_level_basis")
    told = None if level is None else f"{register.speech.number(level, 1)} ({register.speech.term(basis)})"
    return register.field(field_id, label, told, facts.base, register.text("the contracting authority"))


def _tier_in_words(register: Register, tier: Row) -> str | None:
    if not tier or tier["tier"] is None:
        return None
    place = register.text("tier {tier}", tier=register.speech.number(tier["tier"]))
    return f"{place}: {register.speech.term(tier['basis'])}"


def _number(register: Register, value: float | None) -> str | None:
    return None if value is None else register.speech.number(value)
