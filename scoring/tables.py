"""The columns and types of the tables that scoring writes, in order; the one place that names them."""

from collections.abc import Mapping

import polars as pl

Schema = Mapping[str, pl.DataType | type[pl.DataType]]

BANDS = ("Critical", "High", "Elevated", "Moderate", "Unknown", "Lower")

SCORE_EVIDENCE: Schema = {
    "evidence_id": pl.String,
    "supplier_id": pl.String,
    "site_id": pl.String,
    "indicator_id": pl.String,
    "kind": pl.String,
    "contribution": pl.Float64,
    "points": pl.Float64,
    "reliability": pl.Float64,
    "freshness": pl.Float64,
    "rank": pl.Int64,
    "strength": pl.String,
    "origin_event_id": pl.String,
    "event_date": pl.Date,
    "in_force": pl.Boolean,
    "contested": pl.Boolean,
    "contest_id": pl.String,
    "decision_due_on": pl.Date,
    "second_hand": pl.Boolean,
    "bears_on_state": pl.Boolean,
    "set_aside": pl.String,
    "description": pl.String,
    "source_type": pl.String,
    "source_table": pl.String,
    "source_key": pl.String,
    "source_id": pl.String,
    "snapshot_sha256": pl.String,
    "source_record_no": pl.Int64,
    "release_id": pl.String,
    "rule_version": pl.String,
}

_PROBABILITIES: Schema = {f"probability_{band.lower()}": pl.Float64 for band in BANDS}

_SCORE: Schema = {
    "raw_score": pl.Float64,
    "clip_adjustment": pl.Float64,
    "score": pl.Float64,
    "band": pl.String,
    "inherent_level": pl.String,
    "band_rule": pl.String,
    "band_reason": pl.String,
    "action": pl.String,
    "buyer_action": pl.String,
    "severity": pl.Float64,
    "severity_basis": pl.String,
    "coverage": pl.Float64,
    "confidence": pl.Float64,
    "interval_low": pl.Float64,
    "interval_high": pl.Float64,
    **_PROBABILITIES,
    "next_best_fact": pl.String,
}

SITE_SCORE: Schema = {
    "supplier_id": pl.String,
    "site_id": pl.String,
    "site_name": pl.String,
    "is_unknown_site": pl.Boolean,
    **_SCORE,
    "rule_version": pl.String,
}

SUPPLIER_SCORE: Schema = {
    "supplier_id": pl.String,
    "worst_site_id": pl.String,
    **_SCORE,
    "site_count": pl.Int64,
    "unconfirmed_match_count": pl.Int64,
    "review_rank": pl.Int64,
    "rule_version": pl.String,
}

SUPPLIER_INDICATOR: Schema = {
    "supplier_id": pl.String,
    "site_id": pl.String,
    "indicator_id": pl.String,
    "state": pl.String,
    "reason": pl.String,
    "adverse_weight": pl.Float64,
    "clean_weight": pl.Float64,
}

NETWORK_FACT: Schema = {
    "fact_id": pl.String,
    "supplier_id": pl.String,
    "site_id": pl.String,
    "indicator_id": pl.String,
    "kind": pl.String,
    "strength": pl.String,
    "source_type": pl.String,
    "event_date": pl.Date,
    "in_force": pl.Boolean,
    "ended_on": pl.Date,
    "origin_event_id": pl.String,
    "confirmed_by": pl.String,
    "second_hand": pl.Boolean,
    "contested": pl.Boolean,
    "closure_verified_by_workers": pl.Boolean,
    "row_points": pl.Float64,
    "description": pl.String,
    "source_table": pl.String,
    "source_key": pl.String,
    "source_id": pl.String,
    "snapshot_sha256": pl.String,
    "source_record_no": pl.Int64,
}
"""Facts of W01, which stand beside features.ftr_indicator_fact; they reach readers as evidence."""

NETWORK_EXPOSURE: Schema = {
    "supplier_id": pl.String,
    "mass": pl.Float64,
    "points": pl.Float64,
    "case_supplier_id": pl.String,
    "case_id": pl.String,
    "case_indicator_id": pl.String,
    "step_count": pl.Int64,
    "path": pl.String,
}

NETWORK_EXPOSURE_STEP: Schema = {
    "supplier_id": pl.String,
    "step_no": pl.Int64,
    "from_party_id": pl.String,
    "relation": pl.String,
    "to_party_id": pl.String,
    "edge_id": pl.String,
    "row_id": pl.String,
    "source_id": pl.String,
    "snapshot_sha256": pl.String,
    "record_no": pl.Int64,
}

SUPPLIER_CONTRADICTION: Schema = {
    "contradiction_id": pl.String,
    "supplier_id": pl.String,
    "site_id": pl.String,
    "indicator_id": pl.String,
    "audit_source_type": pl.String,
    "audit_evidence_id": pl.String,
    "audit_source_table": pl.String,
    "audit_source_key": pl.String,
    "audited_on": pl.Date,
    "audit_interviewed_workers": pl.Int64,
    "workers_source_type": pl.String,
    "workers_evidence_id": pl.String,
    "workers_source_table": pl.String,
    "workers_source_key": pl.String,
    "workers_release_id": pl.String,
    "workers_heard_on": pl.Date,
    "respondents_at_least": pl.Int64,
    "sentence": pl.String,
    "rule_version": pl.String,
}

SUPPLIER_ANOMALY: Schema = {
    "supplier_id": pl.String,
    "anomaly_score": pl.Float64,
    "anomaly_rank": pl.Int64,
    "top_feature": pl.String,
    "shadow": pl.Boolean,
}

NEXT_FACT: Schema = {
    "next_fact_id": pl.String,
    "supplier_id": pl.String,
    "site_id": pl.String,
    "fact_rank": pl.Int64,
    "source_type": pl.String,
    "indicator_id": pl.String,
    "outcome": pl.String,
    "evidence_id": pl.String,
    "probability": pl.Float64,
    "score_after": pl.Float64,
    "band_after": pl.String,
    "score_change": pl.Float64,
    "move": pl.Int64,
    "information": pl.Float64,
}

REVIEW_CANDIDATE: Schema = {
    "supplier_id": pl.String,
    "priority_rank": pl.Int64,
    "stratum": pl.String,
    "reason": pl.String,
    "severity": pl.Float64,
    "information": pl.Float64,
    "leverage": pl.Float64,
    "spend_place": pl.Float64,
    "sales_share": pl.Float64,
    "sales_share_reason": pl.String,
}

REVIEW_QUEUE: Schema = {
    "queue_rank": pl.Int64,
    "supplier_id": pl.String,
    "reason": pl.String,
    "chosen_by": pl.String,
    "stratum": pl.String,
    "propensity": pl.Float64,
    "severity": pl.Float64,
    "information": pl.Float64,
    "leverage": pl.Float64,
    "spend_place": pl.Float64,
    "sales_share": pl.Float64,
    "sales_share_reason": pl.String,
}


SUPPLIER_ACTION: Schema = {
    "action_id": pl.String,
    "supplier_id": pl.String,
    "rule_id": pl.String,
    "addressee": pl.String,
    "action": pl.String,
    "opened_on": pl.Date,
    "due_on": pl.Date,
    "owner_role": pl.String,
    "state": pl.String,
    "is_asked": pl.Boolean,
    "is_overdue": pl.Boolean,
    "outcome": pl.String,
    "done_on": pl.Date,
    "amount": pl.Decimal(20, 2),
    "currency": pl.String,
    "workers": pl.Int64,
}


PRIOR_SENSITIVITY: Schema = {
    "prior_id": pl.String,
    "prior_kind": pl.String,
    "prior_name": pl.String,
    "direction": pl.String,
    "value": pl.Float64,
    "moved_value": pl.Float64,
    "supplier_count": pl.Int64,
    "band_changed_share": pl.Float64,
    "more_urgent_share": pl.Float64,
    "less_urgent_share": pl.Float64,
    "acute_kept_share": pl.Float64,
    "first_kept_share": pl.Float64,
    "rank_correlation": pl.Float64,
    "rule_version": pl.String,
}

SENSITIVITY_SUMMARY: Schema = {
    "measure": pl.String,
    "description": pl.String,
    "low": pl.Float64,
    "median": pl.Float64,
    "high": pl.Float64,
    "draw_count": pl.Int64,
    "supplier_count": pl.Int64,
    "portfolio_count": pl.Int64,
    "first_count": pl.Int64,
    "acute_count": pl.Int64,
    "rule_version": pl.String,
}


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Gives the frame with exactly the columns of the schema, in order and typed; a missing column is NULL."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )
