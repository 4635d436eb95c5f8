"""The published tables of what people decide and do: suppliers' objections, and actions."""

from serving.published_table import PublishedTable

DECISIONS = (
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
