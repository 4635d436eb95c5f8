{# Which role of a name on a list counts where it has several: the closest to the entry's own name first. #}
{% macro list_name_rank(column) -%}
    case {{ column }} when 'name' then 1 when 'former_name' then 2 when 'subsidiary' then 3 else 4 end
{%- endmacro %}


{# An explanation of one feature, without a weight. #}
{% macro explained_level(feature, level) -%}
    [{'feature': {{ feature }}, 'level': {{ level }}, 'weight': cast(null as double)}]
{%- endmacro %}


{# What each feature says, and with which weight, as one text; a verdict goes first. #}
{% macro explanation_text(explanation, verdict) -%}
    concat_ws(
        '; ',
        'a person in a role: ' || {{ verdict }},
        nullif(array_to_string(list_transform(
            {{ explanation }},
            lambda row: row.feature || ' ' || row.level
            || case when row.weight <> 0 then printf(' (%+.1f)', row.weight) else '' end
        ), '; '), '')
    )
{%- endmacro %}
