"""Contracts of what others say of a supplier and what was done for its workers: reports and mitigation."""

from ingest.contracts.model import Contract, define
from ingest.contracts.shared import COUNTRY_CODE, COUNTRY_TEXT, FACILITY_REF, IDENTIFIERS, SUPPLIER_REF

_INDICATORS_OF_REPORTS = (*(f"F{number:02d}" for number in range(1, 13)), "X02", "A03")

REPORT = Contract(
    table="report",
    grain="one article or report of one publisher about one supplier",
    fields=(
        define("report_ref", "Reference of the report.", required=True),
        SUPPLIER_REF,
        FACILITY_REF,
        define("name", "Name of the supplier as the report has it; shown to reviewers, never matched."),
        *(COUNTRY_CODE, COUNTRY_TEXT),
        *IDENTIFIERS,
        define(
            "indicator_id",
            "Indicator that a person says it bears on; empty: A03. Nothing reads it out of the text.",
            allowed=_INDICATORS_OF_REPORTS,
        ),
        define("publisher", "Who published it.", required=True),
        define("publisher_kind", "What the publisher is.", allowed=("ngo", "trade_union", "media", "research")),
        define(
            "origin_id",
            "Who first told it, or the story: reports of one origin are one; empty: not known, and then it corroborates"
            " nothing.",
        ),
        define("published_on", "Day of publication.", "date", required=True),
        define("title", "Its title.", required=True),
        define("url", "Where it is."),
        define("language", "Its language, ISO 639-1 code."),
        define("second_hand", "Whether it repeats what others told first; never gates a band.", "flag"),
    ),
)

MITIGATION = Contract(
    table="mitigation",
    grain="one thing done for workers at one supplier or site, with who verified it; a policy document is none",
    fields=(
        define("mitigation_ref", "Reference of the record.", required=True),
        define("supplier_ref", "Reference of the supplier.", required=True),
        FACILITY_REF,
        define(
            "mitigation_kind",
            "What was done.",
            required=True,
            allowed=("fee_repayment", "enforceable_agreement", "union_access"),
        ),
        define(
            "verified_by",
            "Who verified that workers have it; only the first three are workers.",
            required=True,
            allowed=(
                *("worker_driven_monitor", "offsite_survey", "trade_union"),
                *("auditor", "company", "nobody"),
            ),
        ),
        define("verified_on", "Day on which it was last verified.", "date"),
        define("valid_from", "Day from which it holds.", "date", required=True),
        define("valid_to", "Last day on which it holds; empty: open.", "date"),
        define("evidence_ref", "Where the proof is kept.", required=True),
        define("description", "What was done, in words."),
    ),
)
