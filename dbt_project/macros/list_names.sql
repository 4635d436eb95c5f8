{# Which role of a name on a list counts where it has several: the closest to the entry's own name first. #}
{% macro list_name_rank(column) -%}
    case {{ column }} when 'name' then 1 when 'former_name' then 2 when 'subsidiary' then 3 else 4 end
{%- endmacro %}
