with sites as (
    select * from {{ ref('stg_facility') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

mentions as (
    select
        supplier_ref,
        facility_ref
    from sites
    union
    select
        supplier_ref,
        facility_ref
    from {{ ref('stg_purchase_order_line') }}
    union
    select
        supplier_ref,
        facility_ref
    from {{ ref('stg_audit_finding') }}
    union
    select
        supplier_ref,
        facility_ref
    from {{ ref('stg_survey_class') }}
),

site_owners as (
    select
        facility_ref,
        min(supplier_ref) as supplier_ref
    from sites
    group by facility_ref
),

final as (
    select
        mentions.supplier_ref,
        mentions.facility_ref,
        entities.supplier_id
    from mentions
    left join site_owners on mentions.facility_ref = site_owners.facility_ref
    left join entities on coalesce(mentions.supplier_ref, site_owners.supplier_ref) = entities.supplier_ref
)

select * from final
