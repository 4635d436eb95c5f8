{# The same total as in the other relation, to the cent. #}
{% test same_sum(model, column_name, compare_model, compare_column=none) %}
with summed as (
    select
        (select coalesce(sum({{ column_name }}), 0) from {{ model }}) as total,
        (select coalesce(sum({{ compare_column or column_name }}), 0) from {{ compare_model }}) as compared_total
)

select *
from summed
where total <> compared_total
{% endtest %}
