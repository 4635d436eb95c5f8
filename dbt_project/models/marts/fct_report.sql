with reports as (
    select * from {{ ref('stg_report') }}
),

matches as (
    select * from {{ ref('int_report_suppliers') }}
),

facilities as (
    select * from {{ ref('int_facilities_resolved') }}
),

final as (
    select
        reports.row_id || coalesce(':' || matches.supplier_id, '') as report_id,
        reports.row_id,
        reports.source_id,
        reports.snapshot_sha256,
        reports.record_no,
        reports.known_on,
        reports.report_ref,
        matches.supplier_id,
        facilities.facility_id,
        matches.matched_by,
        reports.indicator_id,
        reports.publisher,
        reports.publisher_kind,
        reports.origin_id,
        reports.published_on,
        reports.url,
        reports.language,
        reports.is_second_hand as second_hand
    from reports
    left join matches on reports.row_id = matches.row_id
    left join facilities
        on
            matches.supplier_id = facilities.supplier_id
            and reports.facility_ref = facilities.facility_ref
)

select * from final
