{# The currency in which amounts are compared. #}
{% macro reporting_currency() -%}
    '{{ var("reporting_currency") | upper }}'
{%- endmacro %}


{# An amount in the reporting currency; the factor is that of its currency on its day, empty where no rate is known. #}
{% macro converted(amount, currency, factor) -%}
    cast(case
        when upper(trim({{ currency }})) = {{ reporting_currency() }} then {{ amount }}
        else {{ amount }} * {{ factor }}
    end as decimal(20, 2))
{%- endmacro %}


{# The currency of the converted amount; empty where nothing could be converted. #}
{% macro conversion_currency(currency, factor) -%}
    case
        when upper(trim({{ currency }})) = {{ reporting_currency() }} or {{ factor }} is not null
            then {{ reporting_currency() }}
    end
{%- endmacro %}


{# The part of one of `parts` equal receivers, to the cent; the parts add up to the amount. #}
{% macro equal_share(amount, place, parts) -%}
    cast(
        round(cast({{ amount }} as double) * {{ place }} / {{ parts }}, 2)
        - round(cast({{ amount }} as double) * ({{ place }} - 1) / {{ parts }}, 2) as decimal(20, 2)
    )
{%- endmacro %}


{# Whether nothing was bought under a contracting process with this status of its tender. #}
{% macro is_called_off(status) -%}
    coalesce(lower({{ status }}) in ('cancelled', 'unsuccessful', 'withdrawn'), false)
{%- endmacro %}
