{# The same total as in the other relation, to the cent. #}
{% test same_sum(model, column_name, compare_model, compare_column=none) %}
with summed as (
    select
        (select sum({{ column_name }}) from {{ model }}) as total,
        (select sum({{ compare_column or column_name }}) from {{ compare_model }}) as compared_total
)

select *
from summed
where total is distinct from compared_total
{% endtest %}
