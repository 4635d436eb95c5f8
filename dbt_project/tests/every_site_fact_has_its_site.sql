-- A fact of a site stands at a site that is scored, and a fact of a company at a supplier that has one.
with facts as (
    select * from {{ ref('ftr_indicator_fact') }}
),

sites as (
    select
        supplier_id,
        site_id
    from {{ ref('ftr_site') }}
)

select facts.fact_id
from facts
left join sites
    on
        facts.supplier_id = sites.supplier_id
        and facts.site_id = sites.site_id
where
    facts.site_id is not null
    and sites.site_id is null
union all
select facts.fact_id
from facts
left join sites on facts.supplier_id = sites.supplier_id
where
    facts.site_id is null
    and sites.site_id is null
