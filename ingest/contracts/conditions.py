"""Contracts of what was seen at sites: audit findings, survey classes and, restricted, survey answers."""

from ingest.contracts.model import SOURCE_TYPES, Contract, define
from ingest.contracts.shared import FACILITY_REF, SUPPLIER_REF

_INDICATORS_OF_FINDINGS = (*(f"F{number:02d}" for number in range(1, 13)), "X01", "X02", "A03")

WORKER_SOURCE_TYPES = ("offsite_survey", "onsite_survey", "grievance")
CHANNELS = ("sms", "ivr", "phone", "app", "web", "in_person", "letter", "other")

AUDIT_FINDING = Contract(
    table="audit_finding",
    grain="one finding of one audit or visit, or one audit that found nothing, or one clean answer to one question",
    fields=(
        define("finding_ref", "Reference of the finding.", required=True),
        define("audit_ref", "Reference of the audit or visit."),
        FACILITY_REF,
        SUPPLIER_REF,
        define("scheme", "Audit scheme, the key of the crosswalk from issue codes to indicators.", required=True),
        define("issue_code", "Issue code of the scheme; empty: the whole audit."),
        define("title", "The issue in words."),
        define("grade", "Grade of the finding.", allowed=("critical", "major", "minor", "observation", "none")),
        define("outcome", "What was seen.", required=True, allowed=("adverse", "clean")),
        define("status", "Whether it still stands.", allowed=("open", "closed", "unknown")),
        define("found_on", "Day of the audit or visit.", "date", required=True),
        define("closed_on", "Day on which it was closed.", "date"),
        define("closure_verified_by", "Who verified the closure.", allowed=("workers", "auditor", "none")),
        define("source_type", "Kind of source, the key of its reliability.", required=True, allowed=SOURCE_TYPES),
        define("auditor", "Who audited or visited."),
        define("interviewed_workers", "Workers whom the whole audit interviewed.", "integer", minimum=0),
    ),
)

AUDIT_ISSUE_MAPPING = Contract(
    table="audit_issue_mapping",
    grain="one issue code of one audit scheme, with the indicator that a company says it bears on",
    fields=(
        define("scheme", "Audit scheme, as the findings name it.", required=True),
        define("issue_code", "Issue code or clause, as the findings write it.", required=True),
        define("indicator_id", "Indicator it bears on; empty: none.", allowed=_INDICATORS_OF_FINDINGS),
        define("strength", "Strong, medium or weak; empty: the indicator's own.", allowed=("S", "M", "W")),
        define("observed_as", "What is observed, in words."),
        define(
            "minimum_grade",
            "Least grade from which it bears on the indicator; empty: any.",
            allowed=("critical", "major", "minor", "observation"),
        ),
        define(
            "is_verified",
            "Whether somebody compared the code with the scheme; if not, it gives no points.",
            "flag",
            required=True,
        ),
        define("basis", "Which role decided it, and from what.", required=True),
    ),
)

SURVEY_CLASS = Contract(
    table="survey_class",
    grain="one indicator at one site in one closed survey wave; nothing finer leaves the restricted store",
    fields=(
        define("facility_ref", "Reference of the site.", required=True),
        SUPPLIER_REF,
        define("indicator_id", "Indicator.", required=True),
        define("wave_id", "Survey wave.", required=True),
        define("wave_closed_on", "Day on which the wave was closed.", "date", required=True),
        define(
            "class",
            "What the wave says.",
            required=True,
            allowed=("fires", "fires_strongly", "clean", "undetermined"),
        ),
        define(
            "class_kind",
            "Whether the class rests on exact counts or on counts with noise (protected); empty where an earlier"
            " version made it, on exact ones.",
            allowed=("exact", "protected"),
        ),
        define("source_type", "How workers were heard.", required=True, allowed=WORKER_SOURCE_TYPES),
        define("release_id", "Entry of the release ledger.", required=True),
        define(
            "respondents_at_least",
            "Distinct respondents behind the class, rounded down to a multiple of 5; empty below 10.",
            "integer",
            minimum=10,
        ),
        define(
            "is_coached",
            "Whether the site's answers look rehearsed (Q02); empty where the survey tells nothing to judge by, and"
            " where the class is protected.",
            "flag",
        ),
    ),
)

SURVEY_QUALITY = Contract(
    table="survey_quality",
    grain="one measure of the quality of one closed survey wave as a whole; nothing of a single site leaves",
    fields=(
        define("quality_id", "Entry of the ledger of what was told of quality.", required=True),
        define("wave_id", "Survey wave.", required=True),
        define("wave_closed_on", "Day on which the wave was closed.", "date", required=True),
        define(
            "measure",
            "What is measured: shares of sheets, the median time, or how much depends on who interviewed.",
            required=True,
            allowed=(
                *("sheets", "response", "median_minutes", "fast", "straight_lined", "duplicate"),
                *("language", "channel", "enumerator_effect"),
            ),
        ),
        define("category", "Of a language or channel, which; rare ones together are other."),
        define("sheets_at_least", "Sheets of the wave, rounded down to a multiple of 5.", "integer", minimum=10),
        define("value", "Percent, to the nearest 5, or whole minutes; empty where it may not be told.", "number"),
        define("state", "Whether it is told.", required=True, allowed=("told", "suppressed", "not told")),
        define("reason", "Why it is not told at all; empty where it is told or suppressed."),
    ),
)

SURVEY_ANSWER = Contract(
    table="survey_answer",
    grain="one answer of one worker to one question; exists in the restricted store alone",
    fields=(
        define("respondent_key", "Keyed hash (HMAC-SHA256) of the respondent's id.", required=True),
        define("facility_ref", "Reference of the site.", required=True),
        SUPPLIER_REF,
        define("wave_id", "Survey wave, such as 2026-Q3.", required=True),
        define("submitted_on", "Day of the answer.", "date", required=True),
        define("source_type", "Where workers were asked.", required=True, allowed=("offsite_survey", "onsite_survey")),
        define("question", "Question heading or path.", required=True),
        define("indicator_id", "Indicator that the question asks about.", required=True),
        define("answer", "What the answer reports.", required=True, allowed=("adverse", "not_adverse")),
        define("answer_word", "Which of the declared words was said; never free text, and empty for a choice."),
        define("duration_seconds", "Time from the first question to the last.", "integer", unit="s", minimum=0),
        define("language", "Language in which it was answered, as an ISO 639 code."),
        define("channel", "How the worker was reached.", allowed=CHANNELS),
        define("enumerator_key", "Keyed hash (HMAC-SHA256) of the interviewer's id."),
    ),
)

GRIEVANCE_CASE = Contract(
    table="grievance_case",
    grain="one case of a grievance channel or helpline; exists in the restricted store alone",
    fields=(
        define("case_key", "Keyed hash (HMAC-SHA256) of the case's id.", required=True),
        define("case_id", "Id of the case in the system of its channel, for whoever follows it up.", required=True),
        define("complainant_key", "Keyed hash (HMAC-SHA256) of who complained; empty: unknown or anonymous."),
        define("facility_ref", "Reference of the site.", required=True),
        SUPPLIER_REF,
        define("wave_id", "Wave in which it counts, such as 2026-Q3.", required=True),
        define("reported_on", "Day on which it was reported.", "date", required=True),
        define("source_type", "How workers were heard.", required=True, allowed=("grievance",)),
        define("category", "What it is about, as the channel names it; never free text.", required=True),
        define("indicator_id", "Indicator that the category bears on; empty: none.", allowed=_INDICATORS_OF_FINDINGS),
        define("severity", "How grave it is.", allowed=("critical", "serious", "moderate", "minor")),
        define(
            "status",
            "Where it stands.",
            allowed=("open", "investigated", "remedied", "closed", "not_upheld", "withdrawn"),
        ),
        define("channel", "How the worker reached it.", allowed=CHANNELS),
        define("language", "Language in which it was told, as an ISO 639 code."),
    ),
)
