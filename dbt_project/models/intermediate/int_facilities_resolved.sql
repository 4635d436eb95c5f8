with supplier_sites as (
    select distinct
        supplier_id,
        facility_ref,
        supplier_id || ' ' || facility_ref as node
    from {{ ref('int_site_references') }}
    where
        supplier_id is not null
        and facility_ref is not null
),

site_keys as (
    select
        facility_ref,
        'os_id ' || {{ identifier_key('os_id') }} as site_key
    from {{ ref('stg_facility') }}
    union
    select
        facility_ref,
        'place ' || {{ text_key('facility_name') }} || ' @ ' || {{ text_key('address') }} as site_key
    from {{ ref('stg_facility') }}
),

-- Each site has a key of its own, so that one without an identifier or address stays in.
links as (
    select
        node,
        'itself ' || node as link_key
    from supplier_sites
    union all
    select
        supplier_sites.node,
        supplier_sites.supplier_id || ' ' || site_keys.site_key as link_key
    from supplier_sites
    inner join site_keys on supplier_sites.facility_ref = site_keys.facility_ref
    where site_keys.site_key is not null
),

{{ connected_components('links', var('link_rounds')) }},

final as (
    select
        supplier_sites.supplier_id,
        supplier_sites.facility_ref,
        {{ short_id('F', 'components.component') }} as facility_id
    from supplier_sites
    inner join components on supplier_sites.node = components.node
)

select * from final
