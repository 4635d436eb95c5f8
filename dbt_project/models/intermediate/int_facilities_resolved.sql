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

sites as (
    select
        components.component,
        supplier_sites.supplier_id,
        min(supplier_sites.facility_ref) as first_ref
    from components
    inner join supplier_sites on components.node = supplier_sites.node
    group by components.component, supplier_sites.supplier_id
),

-- The id comes from the site alone, so that it stays when its supplier merges with another; a site that several
-- suppliers share is one for each of them.
numbered as (
    select
        component,
        first_ref
        || case
            when row_number() over (partition by first_ref order by supplier_id) > 1 then ' ' || supplier_id
            else ''
        end as site_key
    from sites
),

final as (
    select
        supplier_sites.supplier_id,
        supplier_sites.facility_ref,
        {{ short_id('F', 'numbered.site_key') }} as facility_id
    from supplier_sites
    inner join components on supplier_sites.node = components.node
    inner join numbered on components.component = numbered.component
)

select * from final
