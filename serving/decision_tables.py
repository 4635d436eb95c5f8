"""The published tables of what people decide and do: suppliers' objections, and actions."""

from serving.published_table import PublishedTable

DECISIONS = (
    PublishedTable(
        "supplier_action",
        "One row an action ever asked for: who has it, by when, and how it ended; an outcome is no mitigation.",
        ("action_id",),
        (
            "action_id", "supplier_id", "rule_id", "addressee", "action", "opened_on", "due_on", "owner_role", "state",
            "is_asked", "is_overdue", "outcome", "done_on", "amount", "currency", "workers",
        ),
        "scores.supplier_action",
    ),
    PublishedTable(
        "action_outcome",
        "One row a way in which an action may end, and what must be told of it.",
        ("outcome",),
        ("outcome", "name", "addressee", "needs_amount", "needs_workers", "needs_reason", "source"),
        "seeds.action_outcome",
    ),
    PublishedTable(
        "action_deadline",
        "One row a rule and the days that its action has; none where no action is tracked.",
        ("rule_id",),
        ("rule_id", "due_days", "source"),
        "seeds.action_deadline",
    ),
    PublishedTable(
        "contest",
        "One row an objection of a supplier to one row: its day, the day of its decision, and what was decided.",
        ("contest_id",),
        (
            "contest_id", "supplier_id", "contested_table", "contested_key", "contested_source_id",
            "contested_event_id", "indicator_id", "raised_on", "received_on", "due_on", "contact_role", "state",
            "decided_on", "decided_by_role", "decision_count", "is_overdue", "found_by", "fact_count",
        ),
        "features.ftr_contest",
    ),
    PublishedTable(
        "contest_problem",
        "One row an objection and something about it that a person must look at.",
        ("contest_id", "problem"),
        ("contest_id", "problem", "explanation"),
        "features.ftr_contest_problem",
    ),
    PublishedTable(
        "contestable_source",
        "One row a kind of source: whether a supplier may see and contest its rows.",
        ("source_type",),
        ("source_type", "is_contestable", "why", "source"),
        "seeds.contestable_source",
    ),
)  # fmt: skip
