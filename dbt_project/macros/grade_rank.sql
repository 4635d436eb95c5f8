{# How grave a grade of an audit finding is, from 0 upwards. #}
{% macro grade_rank(column) -%}
    case {{ column }} when 'critical' then 4 when 'major' then 3 when 'minor' then 2 when 'observation' then 1 else 0 end
{%- endmacro %}
