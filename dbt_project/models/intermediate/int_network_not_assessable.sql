with suppliers as (
    select * from {{ ref('dim_supplier') }}
),

looked as (
    select count(*) > 0 as are_cases_told from {{ ref('int_case_sources_told') }}
),

final as (
    select
        suppliers.supplier_id,
        cast(null as varchar) as site_id,
        indicators.indicator_id,
        'a source of confirmed cases' as missing
    from suppliers
    cross join (values ('W01'), ('W02')) as indicators (indicator_id)
    cross join looked
    where not looked.are_cases_told
)

select * from final
