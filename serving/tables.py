"""The published tables: which columns leave the working warehouse, in which order, under which key."""

from serving.decision_tables import DECISIONS
from serving.mart_tables import MARTS
from serving.published_table import LINEAGE, PublishedTable, mart
from serving.review_tables import REVIEW
from serving.screening_tables import SCREENING
from serving.search_tables import SEARCH
from serving.sensitivity_tables import SENSITIVITY

__all__ = ["ACCEPTED_LICENCES", "COPIED", "RUN_MANIFEST", "WORKING", "PublishedTable"]

WORKING = "working"
"""Name under which the working warehouse is attached, read-only, while a publication is built."""

ACCEPTED_LICENCES = "accepted_licences"
"""Variable of DuckDB that holds, while a publication is built, the ids under accepted_licences of the configuration."""

_SCORE = (
    "raw_score", "clip_adjustment", "score", "band", "inherent_level", "band_rule", "band_reason", "action",
    "buyer_action", "severity", "severity_basis", "coverage", "confidence", "interval_low", "interval_high",
    "probability_critical", "probability_high", "probability_elevated", "probability_moderate", "probability_unknown",
    "probability_lower", "next_best_fact",
)  # fmt: skip

SCORES = (
    PublishedTable(
        "supplier_score",
        "One row a supplier: score, band, reason and action; an ordering of where to look first, not a finding.",
        ("supplier_id",),
        (
            "supplier_id", "worst_site_id", *_SCORE, "site_count", "unconfirmed_match_count", "review_rank",
            "rule_version",
        ),
        "scores.supplier_score",
    ),
    PublishedTable(
        "site_score",
        "One row a site: the same as for its supplier, which takes its worst site.",
        ("supplier_id", "site_id"),
        ("supplier_id", "site_id", "site_name", "is_unknown_site", *_SCORE, "rule_version"),
        "scores.site_score",
    ),
    PublishedTable(
        "supplier_contradiction",
        "One row an audit that found clean what workers of the site report in the same time, with how many each heard.",
        ("contradiction_id",),
        (
            "contradiction_id", "supplier_id", "site_id", "indicator_id", "audit_source_type", "audit_evidence_id",
            "audit_source_table", "audit_source_key", "audited_on", "audit_interviewed_workers",
            "workers_source_type", "workers_evidence_id", "workers_source_table", "workers_source_key",
            "workers_release_id", "workers_heard_on", "respondents_at_least", "sentence", "rule_version",
        ),
        "scores.supplier_contradiction",
        grows_with_facts=True,
    ),
    PublishedTable(
        "supplier_indicator",
        "One row a site and indicator: present, contradicted, absent, not applicable or not assessable.",
        ("supplier_id", "site_id", "indicator_id"),
        ("supplier_id", "site_id", "indicator_id", "state", "reason", "adverse_weight", "clean_weight"),
        "scores.supplier_indicator",
        grows_with_facts=True,
    ),
    PublishedTable(
        "score_evidence",
        "One row a contribution to a site's score; those of a site sum to its raw score.",
        ("evidence_id",),
        (
            "evidence_id", "supplier_id", "site_id", "indicator_id", "kind", "contribution", "points", "reliability",
            "freshness", "rank", "strength", "origin_event_id", "event_date", "in_force", "contested",
            "contest_id", "decision_due_on", "second_hand", "bears_on_state", "set_aside", "description",
            "source_type", "source_table", "source_key", "source_id", "snapshot_sha256", "source_record_no",
            "release_id", "rule_version",
        ),
        "scores.score_evidence",
        grows_with_facts=True,
    ),
    PublishedTable(
        "network_exposure",
        "One row a supplier to which confirmed cases of other companies reach, with the strongest path in words.",
        ("supplier_id",),
        (
            "supplier_id", "mass", "points", "case_supplier_id", "case_id", "case_indicator_id", "step_count", "path",
        ),
        "scores.network_exposure",
    ),
    PublishedTable(
        "network_exposure_step",
        "One row a step of that path, from the case on, with the source row of its tie.",
        ("supplier_id", "step_no"),
        ("supplier_id", "step_no", "from_party_id", "relation", "to_party_id", "edge_id", *LINEAGE),
        "scores.network_exposure_step",
    ),
    PublishedTable(
        "supplier_anomaly",
        "One row a supplier: how unlike its peers it is; zero points, it only feeds the review queue.",
        ("supplier_id",),
        ("supplier_id", "anomaly_score", "anomaly_rank", "top_feature", "shadow"),
        "scores.supplier_anomaly",
    ),
)  # fmt: skip

LOADING = (
    PublishedTable(
        "source_snapshot",
        "One row a source and file as loaded: read = loaded + quarantined.",
        ("source_name", "snapshot_sha256", "file_name"),
        (
            "source_name", "declared_id", "snapshot_sha256", "file_name", "bytes", "read_count", "loaded_count",
            "quarantined_count", "repeated_count", "status", "error", "known_on", "sensitivity", "licence",
            "licence_url", "licence_consent_required", "licence_accepted", "licence_share_alike",
            "licence_attribution", "publisher", "title", "citation", "shape_checked",
        ),
        "ingest.source_load",
        expressions={
            "status": "CASE WHEN status = 'failed' THEN 'failed' ELSE 'loaded' END",
            "error": "CASE WHEN sensitivity = 'restricted' AND error IS NOT NULL"
            " THEN 'told in the restricted store only' ELSE error END",
        },
        derived={
            "licence_accepted": "CASE WHEN licence_consent_required"
            f" THEN list_contains(getvariable('{ACCEPTED_LICENCES}'), declared_id) END",
        },
        derived_texts={
            "licence_accepted": "Whether the configuration accepted the terms; empty where they need no consent."
        },
    ),
    PublishedTable(
        "announced_volume",
        "One row a source and window of time whose publisher says how many records there are: announced and found.",
        ("source_name", "window_from", "window_to"),
        ("source_name", "window_from", "window_to", "file_count", "read_count", "announced_count", "found_count"),
        "ingest.announced_volume",
    ),
    PublishedTable(
        "data_quality",
        "One row a check on a source: what was expected, how many rows were seen and how many failed.",
        ("source_name", "expectation", "column_name", "detail"),
        (
            "source_name", "expectation", "column_name", "severity", "success", "observed_count", "unexpected_count",
            "detail",
        ),
        "ingest.data_quality",
        of_this_run_only=True,
    ),
    PublishedTable(
        "quarantined_record",
        "One row a record that did not fit, and why; never what it said.",
        ("source_name", "snapshot_sha256", "record_no"),
        ("source_name", "snapshot_sha256", "record_no", "reason_code", "reason", "remedy"),
        "ingest.quarantined_record",
        grows_with_facts=True,
    ),
)  # fmt: skip


def _catalogue(name: str, key: str, columns: str, description: str, condition: str = "true") -> PublishedTable:
    return PublishedTable(
        name, description, tuple(key.split()), tuple(columns.split()), f"seeds.{name}", condition=condition
    )


CATALOGUE = (
    _catalogue(
        "indicator",
        "indicator_id",
        "indicator_id name fires_on severity default_strength role kind label_group source",
        "One row an indicator of the method; each site has a state for each.",
        "kind <> 'learned'",
    ),
    _catalogue(
        "reliability",
        "source_type",
        "source_type name adverse clean source",
        "One row a type of source: how far its adverse and its clean word is believed.",
    ),
    _catalogue(
        "strength",
        "strength",
        "strength name points likelihood_ratio sigma source",
        "One row a strength: points and the likelihood ratio behind them.",
    ),
    _catalogue(
        "band_rule",
        "rule_id",
        "rule_id rule_order band condition score_minimum score_below severity_minimum action source",
        "One row a rule that decides a band; the first that holds decides.",
    ),
    _catalogue(
        "point_cap", "kind", "kind limit_points meaning source", "One row a limit on the sum of a kind of points."
    ),
    _catalogue(
        "inherent_share",
        "share_kind minimum_share",
        "share_kind minimum_share points source",
        "One row a share of migrant or agency workers from which inherent risk (N03) adds points.",
    ),
    _catalogue(
        "mitigation_kind",
        "mitigation_kind",
        "mitigation_kind name points source",
        "One row a kind of mitigation (M01) and what it takes off on the day on which workers verified it.",
    ),
    _catalogue(
        "exposure_tie",
        "edge_kind",
        "edge_kind carries_to_party source",
        "One row a kind of tie over which network exposure (W01) reaches.",
    ),
    _catalogue(
        "score_parameter",
        "name",
        "name value meaning source",
        "One row a number of the method that belongs to no indicator, source or band.",
    ),
    _catalogue("method_version", "version", "version changed_on change", "One row a version of weights and rules."),
)

FOR_AUDITORS = (
    mart(
        "fct_level_source",
        "level_source_id",
        ("level_source_id", *LINEAGE, "known_on", "level_kind", "country_code", "sector_key", "good"),
        "One row an inherent level of a country, sector or good and a source row that it rests on.",
    ),
    PublishedTable(
        "site_level",
        "One row a site: country, sector and good, their levels and what those rest on; the base of its score.",
        ("supplier_id", "site_id"),
        (
            "supplier_id", "site_id", "country_code", "sector_key", "good", "country_level", "country_level_year",
            "country_level_basis", "sector_level", "sector_level_basis", "good_level", "good_level_basis",
        ),
        "features.ftr_site",
    ),
    PublishedTable(
        "survey_release",
        "One row a class that left the restricted store, under the references of its source: the frozen ledger that"
        " makes a run again without any answer.",
        ("release_id",),
        (
            "release_id", "source_id", "known_on", "supplier_ref", "facility_ref", "indicator_id", "wave_id",
            "wave_closed_on", "class", "class_kind", "source_type", "respondents_at_least", "is_coached",
        ),
        "canonical.survey_class",
    ),
    PublishedTable(
        "survey_quality",
        "One row a measure of one closed survey wave as a whole: shares to the nearest 5 %, never of a single site.",
        ("quality_id",),
        (
            "quality_id", "source_id", "known_on", "wave_id", "wave_closed_on", "measure", "category",
            "sheets_at_least", "value", "state", "reason",
        ),
        "canonical.survey_quality",
    ),
    PublishedTable(
        "survey_rate",
        "One row an indicator in a closed survey wave, as a whole or by country or sector: the share that reports it.",
        ("rate_id",),
        (
            "rate_id", "source_id", "known_on", "wave_id", "wave_closed_on", "breakdown", "country_code",
            "sector_key", "indicator_id", "state", "reason", "rate_percent", "shrunk_percent",
            "respondents_at_least",
        ),
        "canonical.survey_rate",
    ),
)  # fmt: skip

ENTITIES = (
    mart(
        "match_queue",
        "queue_id",
        (
            "queue_id", "queue_rank", "kind", "supplier_id", "supplier_ref", "supplier_name", "other_supplier_id",
            "other_supplier_ref", "list_name", "entry_ref", "other_name", "match_weight", "explanation",
            "feeds_indicator", "could_gate", "is_unsure", "spend",
        ),
        "One row a possible match that waits for a verdict, by what it could change; no points until then.",
    ),
    PublishedTable(
        "entity_ledger",
        "One row a reference that ever had the id of a supplier; the next run goes on from it, so that ids stay.",
        ("supplier_ref",),
        ("supplier_ref", "supplier_id", "assigned_on", "is_present"),
        "matching.entity_ledger",
        grows_with_facts=True,
    ),
    PublishedTable(
        "entity_change",
        "One row a change of a supplier: new, merge, split, move, rename or retired, with its day and reason.",
        ("change_id",),
        ("change_id", "supplier_id", "other_supplier_id", "supplier_ref", "kind", "changed_on", "reason"),
        "matching.entity_change",
        grows_with_facts=True,
    ),
    PublishedTable(
        "supplier_pair",
        "One row a pair of supplier references that may be one supplier, with its weight feature by feature.",
        ("left_ref", "right_ref"),
        ("left_ref", "right_ref", "match_weight", "match_probability", "is_automatic", "explanation"),
        "matching.supplier_pair",
        grows_with_facts=True,
    ),
    PublishedTable(
        "refused_link",
        "One row a link between two references that joined nothing, because something keeps them apart.",
        ("left_ref", "right_ref", "matched_by", "reason"),
        ("left_ref", "right_ref", "matched_by", "reason"),
        "matching.refused_link",
        grows_with_facts=True,
    ),
    PublishedTable(
        "verdict_contradiction",
        "One row a pair of references that verdicts join and keep apart; they stay one until a verdict is changed.",
        ("left_ref", "right_ref"),
        ("left_ref", "right_ref", "path", "explanation"),
        "matching.verdict_contradiction",
    ),
)  # fmt: skip

COPIED = (
    *(*MARTS, *SCORES, *REVIEW, *SENSITIVITY, *LOADING, *CATALOGUE, *FOR_AUDITORS, *ENTITIES, *DECISIONS, *SCREENING),
    *SEARCH,
)
"""Every published table that is a copy; `run_manifest` alone is made while publishing."""

RUN_MANIFEST = PublishedTable(
    "run_manifest",
    "One row: the run that made this publication; manifest.json beside it says the rest.",
    ("run_id",),
    ("run_id", "as_of", "seed", "title", "fictional", "code_version", "method_version"),
    "",
    derived_texts={
        "run_id": "Name of the run.",
        "as_of": "Day that the run speaks for: nothing known later is in it.",
        "seed": "Seed of whatever is drawn at random.",
        "title": "Title of the configuration.",
        "fictional": "Whether the data are made up.",
        "code_version": "Version of the code.",
        "method_version": "Version of weights and rules, a key of method_version.",
    },
)
"""The one published table that is no copy."""
