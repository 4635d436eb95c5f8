with ownership_sources as (
    select distinct loads.source_name
    from {{ source('ingest', 'source_load') }} as loads
    inner join {{ ref('ownership_register') }} as registers on loads.declared_id = registers.declared_id
),

declared as (
    select
        suppliers.*,
        true as is_declared,
        ownership_sources.source_name is not null as is_ownership_statement
    from {{ ref('stg_supplier') }} as suppliers
    left join ownership_sources on suppliers.source_id = ownership_sources.source_name
),

sites as (
    select * from {{ ref('stg_facility') }}
),

mentions as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        supplier_ref,
        supplier_name,
        1 as mention_order
    from {{ ref('stg_award') }}
    union all
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        supplier_ref,
        null as supplier_name,
        2 as mention_order
    from sites
    union all
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        supplier_ref,
        null as supplier_name,
        3 as mention_order
    from {{ ref('stg_purchase_order_line') }}
    union all
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        supplier_ref,
        null as supplier_name,
        4 as mention_order
    from {{ ref('stg_audit_finding') }}
    union all
    select
        release_id as row_id,
        null as source_id,
        null as snapshot_sha256,
        null as record_no,
        null as known_on,
        supplier_ref,
        null as supplier_name,
        5 as mention_order
    from {{ ref('stg_survey_class') }}
),

-- A supplier that an order or an audit speaks of, and no supplier record does, is still a supplier.
undeclared as (
    select mentions.*
    from mentions
    left join declared on mentions.supplier_ref = declared.supplier_ref
    where
        mentions.supplier_ref is not null
        and declared.supplier_ref is null
),

mentioned_once as (
    select
        supplier_ref,
        {{ first_value_by('row_id', 'mention_order, row_id') }} || ':supplier' as row_id,
        {{ first_value_by('source_id', 'mention_order, row_id') }} as source_id,
        {{ first_value_by('snapshot_sha256', 'mention_order, row_id') }} as snapshot_sha256,
        {{ first_value_by('record_no', 'mention_order, row_id') }} as record_no,
        {{ first_value_by('known_on', 'mention_order, row_id') }} as known_on,
        coalesce({{ first_value_by('supplier_name', 'mention_order, row_id') }}, supplier_ref) as supplier_name,
        false as is_natural_person,
        false as is_declared,
        false as is_ownership_statement
    from undeclared
    group by supplier_ref
),

final as (
    select * from declared
    union all by name
    select * from mentioned_once
)

select * from final
