"""Contracts of lists of entities: entries, verdicts on matches, statements that companies publish."""

from ingest.contracts.model import Contract, define
from ingest.contracts.shared import (
    ADDRESS,
    COUNTRY_CODE,
    COUNTRY_TEXT,
    IDENTIFIERS,
    LOCALITY,
    REGION,
    SECTOR_TEXT,
    SUPPLIER_REF_REQUIRED,
)

LIST_ENTRY = Contract(
    table="list_entry",
    grain="one entry of one list of entities",
    fields=(
        define("entry_ref", "Reference of the entry.", required=True),
        define("list_name", "Name of the list.", required=True),
        define("programme", "Programme or legal basis."),
        define(
            "entry_kind",
            "What is listed; a person's name is never published.",
            allowed=("company", "person", "vessel", "place", "good", "unknown"),
        ),
        define("name", "Name as listed.", required=True),
        define("aliases", "Other names as listed.", "list"),
        *(COUNTRY_CODE, COUNTRY_TEXT, REGION, LOCALITY, ADDRESS),
        *IDENTIFIERS,
        define("industry", "Industry or goods as listed."),
        define("listed_on", "Day of listing.", "date"),
        define("ended_on", "Day on which the listing ended.", "date"),
        define("status", "State of the listing.", allowed=("in_force", "modified", "appealed", "ended")),
        define(
            "feeds_indicator",
            "Indicator it feeds once a match is confirmed; empty: none.",
            allowed=("A01", "A02", "F12"),
        ),
        define("second_hand", "Whether it was copied from someone other than the origin; never gates a band.", "flag"),
        define("note", "Remark of the list."),
    ),
)

MATCH_VERDICT = Contract(
    table="match_verdict",
    grain="one decision of a person in a role: whether a supplier is the entity of a list entry, or another supplier",
    fields=(
        define(
            "subject",
            "What the supplier was compared with.",
            required=True,
            allowed=("list_entry", "supplier"),
        ),
        define("list_name", "Name of the list, where it was an entry."),
        define("entry_ref", "Reference of the entry."),
        SUPPLIER_REF_REQUIRED,
        define("other_supplier_ref", "Reference of the other supplier, where it was one."),
        define("verdict", "The decision.", required=True, allowed=("confirmed", "rejected", "unsure")),
        define("decided_on", "Day of the decision.", "date"),
        define("decided_at", "Moment of the decision in UTC (ISO 8601); the later of two on one day holds."),
        define("role", "Role of who decided, never a name."),
        define("reason", "Why."),
    ),
)

COMPANY_STATEMENT = Contract(
    table="company_statement",
    grain="one statement of one company about one year: what the company claims, not what is so",
    fields=(
        define("statement_ref", "Reference of the statement.", required=True),
        define("company_ref", "Reference of the company."),
        define("name", "Name of the company.", required=True),
        *(COUNTRY_CODE, COUNTRY_TEXT, ADDRESS),
        define("lei", "Legal Entity Identifier (ISO 17442)."),
        define("company_number", "Number in a company register as the source writes it."),
        SECTOR_TEXT,
        define(
            "statement_year", "Year that the statement is about.", "integer", required=True, minimum=1900, maximum=2200
        ),
        define("published_on", "Day on which it was last changed.", "date"),
        define("turnover_text", "Turnover as the source writes it."),
        define("topics_covered", "Topics that the company says it covers.", "list"),
        define("risks_named", "Risks that the company names.", "list"),
        define("indicators_named", "Indicators of forced labour that the company says it saw.", "list"),
        define("url", "Where the statement is."),
    ),
)
