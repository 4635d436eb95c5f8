{# The identifiers of a relation, one row a reference, method and key; a national number counts within its country only. #}
{% macro identifier_rows(relation, reference) -%}
    select
        {{ reference }},
        'lei' as method,
        1 as method_rank,
        'lei ' || {{ identifier_key('lei') }} as link_key
    from {{ relation }}
    union
    select
        {{ reference }},
        'os_id' as method,
        2 as method_rank,
        'os_id ' || {{ identifier_key('os_id') }} as link_key
    from {{ relation }}
    union
    select
        {{ reference }},
        'tax_number' as method,
        3 as method_rank,
        'tax_number ' || country_code || ' ' || {{ identifier_key('tax_number') }} as link_key
    from {{ relation }}
    union
    select
        {{ reference }},
        'company_number' as method,
        4 as method_rank,
        'company_number ' || country_code || ' ' || {{ identifier_key('company_number') }} as link_key
    from {{ relation }}
    union
    select
        {{ reference }},
        'other_identifier' as method,
        5 as method_rank,
        'other_identifier ' || upper(trim(other_identifier)) as link_key
    from {{ relation }}
{%- endmacro %}


{# The classification that a code belongs to; NACE and CNAE share the divisions of ISIC. #}
{% macro scheme_key(column) -%}
    case
        when {{ code_key(column) }} like 'NACE%' or {{ code_key(column) }} like 'CNAE%' or {{ code_key(column) }} like 'ISIC%'
            then 'ISIC'
        when {{ code_key(column) }} like 'CPV%' then 'CPV'
        when {{ code_key(column) }} like 'NAICS%' then 'NAICS'
        when {{ code_key(column) }} like 'UNSPSC%' then 'UNSPSC'
        else {{ code_key(column) }}
    end
{%- endmacro %}
