-- A fact of a site stands at a site that is scored, and a fact of a company at a supplier that has one.
select facts.fact_id
from {{ ref('ftr_indicator_fact') }} as facts
left join {{ ref('ftr_site') }} as sites
    on
        facts.supplier_id = sites.supplier_id
        and (facts.site_id is null or facts.site_id = sites.site_id)
where sites.site_id is null
