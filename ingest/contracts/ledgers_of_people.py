"""Contracts of what people in roles decide and do: suppliers' objections, and actions."""

from ingest.contracts.model import Contract, define

CONTEST_ENTRY = Contract(
    table="contest_entry",
    grain="one entry of the ledger of contests: an objection of a supplier to one row, or a decision on one",
    fields=(
        define("entry_no", "Number of the entry in the ledger, from 1.", "integer", required=True, minimum=1),
        define("entered_at", "Moment of the entry in UTC (ISO 8601).", required=True),
        define("entry", "What it is.", required=True, allowed=("objection", "decision")),
        define("contest_id", "Id of the objection.", required=True),
        define("supplier_id", "Id that the supplier had when it objected."),
        define("supplier_ref", "A reference of the supplier; empty for natural persons."),
        define("contested_table", "Published table of the row objected to."),
        define("contested_key", "Key of that row in its table."),
        define("contested_source_id", "Name of the configured source of that row."),
        define("contested_event_id", "Event that the row stems from; it outlives a new delivery of its source."),
        define("indicator_id", "Indicator that the row bears on."),
        define("raised_on", "Day of the objection.", "date"),
        define("due_on", "Day by which it is to be decided.", "date"),
        define("grounds", "Why the supplier objects, in its words; never published."),
        define("evidence_references", "What the supplier names as evidence; never published."),
        define("contact_role", "Role of who objects for the supplier, never a name."),
        define("form_sha256", "SHA-256 of the form as it came; the form is kept."),
        define("outcome", "The decision.", allowed=("upheld", "rejected", "partly")),
        define("decided_on", "Day of the decision.", "date"),
        define("decided_by_role", "Role of who decided, never a name."),
        define("reason", "Why it was decided so; never published."),
    ),
)

ACTION_ENTRY = Contract(
    table="action_entry",
    grain="one entry of the ledger of actions: who takes one on by when, or how it ended",
    fields=(
        define("entry_no", "Number of the entry in the ledger, from 1.", "integer", required=True, minimum=1),
        define("entered_at", "Moment of the entry in UTC (ISO 8601).", required=True),
        define("entry", "What it is.", required=True, allowed=("assigned", "done")),
        define("action_id", "Id of the action.", required=True),
        define("owner_role", "Role that takes it on, never a name."),
        define("due_on", "Day by which it is to be done.", "date"),
        define("outcome", "How it ended, a key of the seed action_outcome."),
        define("happened_on", "Day on which it ended.", "date"),
        define("amount", "Money repaid.", "money", minimum=0),
        define("currency", "Its currency (ISO 4217)."),
        define("workers", "Workers that it reached.", "integer", minimum=0),
        define("by_role", "Role of who says so, never a name."),
        define("reason", "Why, or what was seen; never published."),
    ),
)
