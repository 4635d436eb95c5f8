"""Contracts of who supplies: suppliers, their sites, who owns them, who works for them, and reference companies."""

from ingest.contracts.model import Contract, define
from ingest.contracts.shared import (
    ADDRESS,
    CAPACITY_UNITS,
    COUNTRY_CODE,
    COUNTRY_TEXT,
    IDENTIFIERS,
    LOCALITY,
    REGION,
    SALES,
    SECTOR,
    SUPPLIER_REF_REQUIRED,
    WORKERS,
)

SUPPLIER = Contract(
    table="supplier",
    grain="one record of a source about one supplier",
    fields=(
        SUPPLIER_REF_REQUIRED,
        define("name", "Name.", required=True),
        define("aliases", "Other names.", "list"),
        *(COUNTRY_CODE, COUNTRY_TEXT, REGION, LOCALITY, ADDRESS),
        *IDENTIFIERS,
        *SECTOR,
        define("parent_ref", "Reference of the parent company."),
        define("parent_name", "Name of the parent company."),
        define("agent_name", "Name of the labour agent that recruits for it."),
        WORKERS,
        *SALES,
        define("is_natural_person", "Whether it is a person, whose name is never published.", "flag"),
        define("is_closed", "Whether it has ceased to exist.", "flag"),
    ),
)

FACILITY = Contract(
    table="facility",
    grain="one record of a source about one site of a supplier",
    fields=(
        define("facility_ref", "Reference of the site.", required=True),
        SUPPLIER_REF_REQUIRED,
        define("name", "Name of the site.", required=True),
        *(ADDRESS, COUNTRY_CODE, COUNTRY_TEXT, REGION, LOCALITY),
        define("latitude", "Latitude north, WGS 84.", "number", unit="degrees", minimum=-90, maximum=90),
        define("longitude", "Longitude east, WGS 84.", "number", unit="degrees", minimum=-180, maximum=180),
        WORKERS,
        define("has_dormitory", "Whether workers are housed there.", "flag"),
        define("migrant_share", "Share of migrants among workers.", "number", unit="fraction", minimum=0, maximum=1),
        define(
            "agency_share",
            "Share of workers hired through an agency.",
            "number",
            unit="fraction",
            minimum=0,
            maximum=1,
        ),
        CAPACITY_UNITS,
        define("labour_hours", "Hours of labour available in a year.", "number", unit="hours a year", minimum=0),
        *SECTOR,
        define("os_id", "Open Supply Hub id."),
        define("is_closed", "Whether it is closed.", "flag"),
    ),
)

OWNERSHIP_EDGE = Contract(
    table="ownership_edge",
    grain="one interest of one party in one subject",
    fields=(
        define("subject_ref", "Reference of the company that is owned or controlled.", required=True),
        define("subject_name", "Its name."),
        define("party_ref", "Reference of the party that holds the interest."),
        define("party_name", "Its name; a person's is never published."),
        define("party_kind", "What the party is.", allowed=("company", "person", "anonymous")),
        define("interest", "Kind of interest."),
        define("share_minimum", "Least share held.", "number", unit="percent", minimum=0, maximum=100),
        define("share_maximum", "Greatest share held.", "number", unit="percent", minimum=0, maximum=100),
        define("started_on", "Day on which it began.", "date"),
        define("ended_on", "Day on which it ended.", "date"),
        define("statement_ref", "Reference of the record that is stated; a newer statement of it replaces this one."),
        define("stated_on", "Day of the statement.", "date"),
    ),
)

SUPPLY_LINK = Contract(
    table="supply_link",
    grain="one statement that one company works or delivers for another",
    fields=(
        define("customer_ref", "Reference of the company that is worked for, itself a supplier.", required=True),
        define("supplier_ref", "Reference of the company that works or delivers for it.", required=True),
        define("link_kind", "What it does.", allowed=("subcontract", "supply")),
        define("is_declared", "Whether the customer itself told of it; no: others found it.", "flag"),
        define("description", "What is made or delivered."),
        define("started_on", "Day on which it began.", "date"),
        define("ended_on", "Day on which it ended.", "date"),
    ),
)

LEGAL_ENTITY = Contract(
    table="legal_entity",
    grain="one record of a register about one company; it says who a supplier is and makes nobody a supplier",
    fields=(
        define("entity_ref", "Reference of the company.", required=True),
        define("name", "Legal name.", required=True),
        define("aliases", "Other and former names, and transliterations.", "list"),
        *(COUNTRY_CODE, COUNTRY_TEXT, REGION, LOCALITY, ADDRESS),
        *IDENTIFIERS,
        define("legal_form_code", "Legal form, ISO 20275 code."),
        define("status", "Whether the company exists.", allowed=("active", "inactive", "unknown")),
        define("registered_on", "Day of its registration.", "date"),
        define("ended_on", "Day on which it ceased to exist.", "date"),
        define("successor_ref", "Reference of the company that took it over."),
    ),
)
