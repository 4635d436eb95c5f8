{# The day the run speaks for; without it nothing is built, because later facts would leak in. #}
{% macro as_of() -%}
    {%- if execute and not var('as_of') -%}
        {{ exceptions.raise_compiler_error("No day to build for. Pass --vars '{as_of: YYYY-MM-DD}'.") }}
    {%- endif -%}
    cast('{{ var("as_of") }}' as date)
{%- endmacro %}


{# Whether a day is not after the run's day; a fact without a day counts as always known. #}
{% macro known_by_as_of(column) -%}
    ({{ column }} is null or {{ column }} <= {{ as_of() }})
{%- endmacro %}


{# A day that lay ahead on the run's day was not known to have come: it is left empty. #}
{% macro only_if_past(column) -%}
    case when {{ column }} <= {{ as_of() }} then {{ column }} end
{%- endmacro %}
