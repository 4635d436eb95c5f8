{# How an issue code reached its indicator; empty where the finding has no issue code. #}
{% macro issue_mapping_state(findings, crosswalk) -%}
    case
        when {{ findings }}.issue_code is null then null
        when {{ crosswalk }}.issue_code is null then 'not in the crosswalk'
        when {{ crosswalk }}.indicator_id is null then 'bears on no indicator'
        when {{ crosswalk }}.is_verified then 'verified'
        else 'template, unverified'
    end
{%- endmacro %}
