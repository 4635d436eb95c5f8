{# As many rows as in the other relation: nothing is lost and nothing doubled on the way. #}
{% test same_row_count(model, compare_model, condition='true', compare_condition='true') %}
with counted as (
    select
        (select count(*) from {{ model }} where {{ condition }}) as row_count,
        (select count(*) from {{ compare_model }} where {{ compare_condition }}) as compared_row_count
)

select *
from counted
where row_count <> compared_row_count
{% endtest %}
