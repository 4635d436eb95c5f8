with suppliers as (
    select * from {{ ref('dim_supplier') }}
),

reports as (
    select count(*) as report_count from {{ ref('stg_report') }}
),

final as (
    select
        suppliers.supplier_id,
        cast(null as varchar) as site_id,
        'A03' as indicator_id,
        'reports by NGOs or the media' as missing
    from suppliers
    cross join reports
    where reports.report_count = 0
)

select * from final
