with suppliers as (
    select * from {{ ref('dim_supplier') }}
),

facilities as (
    select * from {{ ref('dim_facility') }}
),

-- Where no site is named, the work may have been done at any of them: a country stands only if all are in it.
final as (
    select
        suppliers.supplier_id,
        case
            when count(facilities.facility_id) = 0 then min(suppliers.country_code)
            when
                count(distinct facilities.country_code) = 1
                and count(facilities.country_code) = count(facilities.facility_id)
                then min(facilities.country_code)
        end as country_code
    from suppliers
    left join facilities on suppliers.supplier_id = facilities.supplier_id
    group by suppliers.supplier_id
)

select * from final
