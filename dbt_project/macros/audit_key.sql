{# Which audit a finding is of; where its source does not say, what it found at a site on a day by a scheme is one audit. #}
{% macro audit_key(findings) -%}
    coalesce(
        {{ findings }}.audit_ref,
        concat_ws(
            ' ',
            {{ findings }}.source_id,
            {{ findings }}.scheme,
            cast({{ findings }}.found_on as varchar),
            {{ findings }}.supplier_id,
            {{ findings }}.facility_id
        )
    )
{%- endmacro %}
