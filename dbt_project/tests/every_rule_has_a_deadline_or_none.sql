-- Every rule of a band says by when its action is due, or that none is tracked.
select rules.rule_id
from {{ ref('band_rule') }} as rules
left join {{ ref('action_deadline') }} as deadlines on rules.rule_id = deadlines.rule_id
where deadlines.rule_id is null
