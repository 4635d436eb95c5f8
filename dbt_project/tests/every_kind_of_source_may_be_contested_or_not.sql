-- Every kind of source says whether a supplier may see its rows; what comes from workers never is.
select reliabilities.source_type
from {{ ref('reliability') }} as reliabilities
left join {{ ref('contestable_source') }} as contestable on reliabilities.source_type = contestable.source_type
where
    contestable.source_type is null
    or (
        contestable.is_contestable
        and reliabilities.source_type in ('offsite_survey', 'onsite_survey', 'grievance', 'worker_driven_monitor')
    )
