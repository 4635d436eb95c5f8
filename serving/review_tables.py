"""The published tables on looking next: single facts that would move a band, and the review queue."""

from serving.published_table import PublishedTable

REVIEW = (
    PublishedTable(
        "next_fact",
        "One row a single fact that could be had about a supplier's worst site, and what it would change.",
        ("next_fact_id",),
        (
            "next_fact_id", "supplier_id", "site_id", "fact_rank", "source_type", "indicator_id", "outcome",
            "evidence_id", "probability", "score_after", "band_after", "score_change", "move", "information",
        ),
        "scores.next_fact",
        grows_with_facts=True,
    ),
    PublishedTable(
        "review_candidate",
        "One row a supplier with its place in the order by which the review queue is filled.",
        ("supplier_id",),
        (
            "supplier_id", "priority_rank", "stratum", "reason", "severity", "information", "leverage", "spend_place",
            "sales_share", "sales_share_reason",
        ),
        "scores.review_candidate",
    ),
    PublishedTable(
        "review_queue",
        "One row a supplier to review at the run's capacity: most by priority, some drawn, each with its propensity.",
        ("supplier_id",),
        (
            "queue_rank", "supplier_id", "reason", "chosen_by", "stratum", "propensity", "severity", "information",
            "leverage", "spend_place", "sales_share", "sales_share_reason",
        ),
        "scores.review_queue",
    ),
)  # fmt: skip
