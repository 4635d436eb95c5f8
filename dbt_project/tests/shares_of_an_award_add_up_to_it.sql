-- Where all rows of an award tell one amount, the shares of its suppliers are that amount, to the cent.
select award_ref
from {{ ref('fct_award') }}
group by award_ref
having
    count(amount) = count(*)
    and min(amount) = max(amount)
    and sum(amount_share) <> max(amount)
