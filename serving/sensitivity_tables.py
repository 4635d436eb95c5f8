"""The published tables on sensitivity: what moves when the priors move, one by one and all at once."""

from serving.published_table import PublishedTable

SENSITIVITY = (
    PublishedTable(
        "prior_sensitivity",
        "One row a prior and direction: what moves when it alone is one spread off.",
        ("prior_id", "direction"),
        (
            "prior_id", "prior_kind", "prior_name", "direction", "value", "moved_value", "supplier_count",
            "band_changed_share", "more_urgent_share", "less_urgent_share", "acute_kept_share", "first_kept_share",
            "rank_correlation", "rule_version",
        ),
        "scores.prior_sensitivity",
    ),
    PublishedTable(
        "sensitivity_summary",
        "One row a measure: its value in draws of all priors at once, at 5 %, 50 % and 95 % of the draws.",
        ("measure",),
        (
            "measure", "description", "low", "median", "high", "draw_count", "supplier_count", "portfolio_count",
            "first_count", "acute_count", "rule_version",
        ),
        "scores.sensitivity_summary",
    ),
    PublishedTable(
        "prior_spread",
        "One row a kind of prior: how far its values may be off.",
        ("prior_kind",),
        ("prior_kind", "scale", "spread", "lowest", "highest", "meaning", "source"),
        "seeds.prior_spread",
    ),
)  # fmt: skip
