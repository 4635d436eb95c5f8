-- An act that is not in force has its end behind it, so that what is left of it can be told.
select fact_id
from {{ ref('ftr_indicator_fact') }}
where
    not in_force
    and ended_on > {{ as_of() }}
