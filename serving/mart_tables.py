"""The marts that are published, with the columns that leave the working warehouse."""

from serving.published_table import LINEAGE, mart

MARTS = (
    mart(
        "dim_supplier",
        "supplier_id",
        (
            "supplier_id", "name", "country_code", "sector_key", "sector_label", "good", "parent_supplier_id",
            "site_count", "record_count", "is_natural_person", "is_closed", "source_ids",
            "annual_sales", "sales_currency", "sales_year", "sales_row_id",
        ),
        "One row a supplier, after records of the same entity were brought together.",
    ),
    mart(
        "dim_supplier_record",
        "row_id",
        (*LINEAGE, "known_on", "supplier_id", "supplier_ref", "name", "matched_by"),
        "One row a source record of a supplier, with the rule that brought it to its supplier.",
        "row_id",
    ),
    mart(
        "dim_facility",
        "facility_id",
        (
            "facility_id", "supplier_id", "name", "country_code", "address", "latitude", "longitude", "workers",
            "has_dormitory", "migrant_share", "agency_share", "capacity_units", "labour_hours", "sector_key",
            "is_closed", "record_count",
        ),
        "One row a site of a supplier.",
        "facility_id",
    ),
    mart(
        "dim_list_entry",
        "row_id",
        (
            *LINEAGE, "known_on", "entry_ref", "entry_id", "list_name", "programme", "entry_kind", "name",
            "country_code", "listed_on", "ended_on", "status", "feeds_indicator", "second_hand",
        ),
        "One row an entry of an official list; natural persons by list and entry id only.",
        "row_id",
    ),
    mart(
        "fct_award",
        "row_id",
        (
            *LINEAGE, "known_on", "supplier_id", "award_ref", "process_ref", "release_id", "package_url", "buyer_ref",
            "buyer_name", "status", "is_effective", "awarded_on", "amount", "currency", "supplier_count",
            "amount_share", "amount_converted", "conversion_currency", "rate_on", "classification_scheme",
            "classification_code", "labour_hours",
        ),
        "One row an award and supplier; add up amount_share, as amount is that of the whole award.",
        "row_id",
    ),
    mart(
        "fct_contracting_process",
        "row_id",
        (
            *LINEAGE, "process_ref", "known_on", "buyer_ref", "buyer_name", "status", "is_called_off",
            "procurement_method", "tender_opened_on", "tender_closed_on", "tenderer_count", "amount", "currency",
            "award_count",
        ),
        "One row a contracting process, in its newest known state.",
        "row_id",
    ),
    mart(
        "fct_purchase_order_line",
        "row_id",
        (
            *LINEAGE, "known_on", "supplier_id", "facility_id", "order_ref", "line_no", "ordered_on", "requested_on",
            "promised_on", "delivered_on", "invoiced_on", "paid_on", "category_scheme", "category_code", "quantity",
            "unit_price", "amount", "currency", "amount_converted", "conversion_currency", "rate_on",
            "payment_terms_days", "late_change", "labour_hours", "capacity_units",
        ),
        "One row a line of a purchase order.",
        "row_id",
    ),
    mart(
        "fct_audit_finding",
        "row_id",
        (
            *LINEAGE, "known_on", "supplier_id", "facility_id", "indicator_id", "possible_indicator_id",
            "mapping_state", "audit_ref", "scheme", "issue_code", "title", "grade", "outcome", "status", "found_on",
            "closed_on", "closure_verified_by", "source_type", "interviewed_workers",
        ),
        "One row a finding of an audit or visit; an audit that found nothing is one row with outcome 'clean'. A mapping"
        " that is a template, unverified, gives a possible indicator and no points.",
        "row_id",
    ),
    mart(
        "fct_survey_indicator",
        "release_id",
        (
            "release_id", "supplier_id", "facility_id", "indicator_id", "wave_id", "wave_closed_on", "class",
            "class_kind", "source_type", "respondents_at_least", "is_coached",
        ),
        "One row a site, indicator and closed survey wave: the class that was released, nothing finer.",
        "release_id",
    ),
    mart(
        "fct_list_match",
        "match_id",
        (
            "match_id", "supplier_id", "list_name", "entry_ref", "entry_id", "entry_name_published", "programme",
            "matched_on", "match_status", "confirmed_by", "match_weight", "explanation", "first_known_on", "is_new",
            "list_status", "listed_on", "ended_on", "feeds_indicator", "gates", "second_hand", *LINEAGE,
        ),
        "One row a supplier and list entry that may be the same; only confirmed ones bear on a score.",
        "row_id",
    ),
    mart(
        "fct_report",
        "report_id",
        (
            "report_id", *LINEAGE, "known_on", "report_ref", "supplier_id", "facility_id", "matched_by",
            "indicator_id", "publisher", "publisher_kind", "origin_id", "published_on", "url", "language",
            "second_hand",
        ),
        "One row a report of an NGO, a trade union or the media and a supplier that it is about.",
        "row_id",
    ),
    mart(
        "fct_mitigation",
        "row_id",
        (
            *LINEAGE, "known_on", "mitigation_ref", "supplier_id", "facility_id", "mitigation_kind", "verified_by",
            "is_verified_by_workers", "verified_on", "valid_from", "valid_to", "status", "evidence_ref",
        ),
        "One row a thing done for workers, with who verified it and whether it takes points off.",
        "row_id",
    ),
    mart(
        "fct_confirmed_case",
        "case_id",
        ("case_id", *LINEAGE, "supplier_id", "facility_id", "indicator_id", "told_by", "in_force", "fades_from"),
        "One row an act or observation that makes a supplier a confirmed case for the parties tied to it.",
        "row_id",
    ),
    mart(
        "fct_network_edge",
        "edge_id",
        (
            "edge_id", *LINEAGE, "known_on", "edge_kind", "subject_id", "party_id", "supplier_id",
            "party_supplier_id", "party_ref", "party_kind", "party_name_published", "interest", "share_minimum",
            "share_maximum", "is_declared", "valid_from", "valid_to",
        ),
        "One row a tie between two parties: owner, officer, parent, labour agent, address, subcontractor or supplier.",
        "row_id",
    ),
    mart(
        "dim_network_party",
        "party_id",
        ("party_id", "party_kind", "supplier_id", "name", "country_code", "neighbour_count", "is_hub"),
        "One row a party of the network; natural persons and labour agents by number only.",
    ),
    mart(
        "fct_supplier_tier",
        "supplier_id",
        (
            "supplier_id", "tier", "basis", "customer_supplier_id", "customer_count", "edge_id", "is_declared",
            "upstream_count",
        ),
        "One row a supplier with its tier: 1 where something is bought from it, then by the shortest chain.",
    ),
)  # fmt: skip
