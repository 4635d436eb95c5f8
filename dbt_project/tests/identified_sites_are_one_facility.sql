-- Sites of one supplier with one Open Supply Hub id are one facility.
select
    facilities.supplier_id,
    sites.os_id,
    count(distinct facilities.facility_id) as facility_count
from {{ ref('stg_facility') }} as sites
inner join {{ ref('int_facilities_resolved') }} as facilities on sites.facility_ref = facilities.facility_ref
where {{ identifier_key('sites.os_id') }} is not null
group by facilities.supplier_id, sites.os_id
having count(distinct facilities.facility_id) > 1
