with records as (
    select * from {{ ref('int_supplier_records') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
    where is_supplier
),

sectors as (
    select * from {{ ref('sector') }}
),

owned as (
    select
        entities.supplier_id,
        records.*
    from records
    inner join entities on records.supplier_ref = entities.supplier_ref
),

spellings as (
    select
        supplier_id,
        supplier_name,
        country_code,
        is_declared,
        count(*) as spelling_count
    from owned
    group by supplier_id, supplier_name, country_code, is_declared
),

-- The spelling most often used; a bare reference stands in only where nothing else is known.
names as (
    select
        supplier_id,
        {{ first_value_by('supplier_name', 'is_declared desc, spelling_count desc, supplier_name, country_code') }}
            as supplier_name,
        {{ first_value_by('country_code', 'is_declared desc, spelling_count desc, country_code, supplier_name') }}
            as country_code
    from spellings
    group by supplier_id
),

totals as (
    select
        supplier_id,
        count(*) as record_count,
        bool_or(is_natural_person) as is_natural_person,
        -- Closed where all that tell say so; empty where none does.
        bool_and(is_closed) as is_closed,
        {{ joined_distinct('source_id') }} as source_ids
    from owned
    group by supplier_id
),

parents as (
    select
        owned.supplier_id,
        min(parent_entities.supplier_id) as parent_supplier_id
    from owned
    inner join entities as parent_entities on owned.parent_ref = parent_entities.supplier_ref
    where owned.supplier_id <> parent_entities.supplier_id
    group by owned.supplier_id
),

site_counts as (
    select
        supplier_id,
        count(distinct facility_id) as site_count
    from {{ ref('int_facilities_resolved') }}
    group by supplier_id
),

final as (
    select
        names.supplier_id,
        names.supplier_name as name,
        names.country_code,
        supplier_sectors.sector_key,
        sectors.sector_label,
        supplier_goods.good,
        parents.parent_supplier_id,
        coalesce(site_counts.site_count, 0) as site_count,
        totals.record_count,
        totals.is_natural_person,
        totals.is_closed,
        totals.source_ids,
        sales.annual_sales,
        sales.sales_currency,
        sales.sales_year,
        sales.row_id as sales_row_id
    from names
    inner join totals on names.supplier_id = totals.supplier_id
    left join {{ ref('int_supplier_sectors') }} as supplier_sectors on names.supplier_id = supplier_sectors.supplier_id
    left join sectors on supplier_sectors.sector_key = sectors.sector_key
    left join {{ ref('int_supplier_goods') }} as supplier_goods on names.supplier_id = supplier_goods.supplier_id
    left join {{ ref('int_supplier_sales') }} as sales on names.supplier_id = sales.supplier_id
    left join parents on names.supplier_id = parents.supplier_id
    left join site_counts on names.supplier_id = site_counts.supplier_id
)

select * from final
