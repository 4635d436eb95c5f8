{# Every combination of the columns that is not empty stands in the other relation. #}
{% test found_in(model, columns, compare_model, compare_columns=none) %}
{% set others = compare_columns or columns %}
select model_rows.*
from {{ model }} as model_rows
left join {{ compare_model }} as compared
    on
        {% for column in columns %}
        model_rows.{{ column }} = compared.{{ others[loop.index0] }}{{ ' and' if not loop.last }}
        {% endfor %}
where
    compared.{{ others[0] }} is null
    {% for column in columns %}
    and model_rows.{{ column }} is not null
    {% endfor %}
{% endtest %}
