{# The identifiers of a relation, one row a reference, method and key; a national number counts within its country only. #}
{% macro identifier_rows(relation, reference) -%}
    {% for method in ['lei', 'os_id', 'tax_number', 'company_number'] %}
    select
        {{ reference }},
        '{{ method }}' as method,
        {{ loop.index }} as method_rank,
        {{ identifier_key(method) }} as identifier,
        '{{ method }} ' {{ "|| country_code || ' ' " if method in ['tax_number', 'company_number'] }}|| {{ identifier_key(method) }} as link_key
    from {{ relation }}
    union
    {% endfor %}
    -- Short numbers may be a register's own; zeros alone, and one digit repeated at length, are none.
    select
        {{ reference }},
        'other_identifier' as method,
        5 as method_rank,
        {{ code_key("regexp_replace(other_identifier, '^[^:]*:', '')") }} as identifier,
        case
            when regexp_matches({{ code_key("regexp_replace(other_identifier, '^[^:]*:', '')") }}, '^0+$')
                then null
            when length({{ code_key("regexp_replace(other_identifier, '^[^:]*:', '')") }}) < 4
                or {{ identifier_key("regexp_replace(other_identifier, '^[^:]*:', '')") }} is not null
                then 'other_identifier ' || upper(trim(other_identifier))
        end as link_key
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


{# The digits of a code within its classification. Of a CPV code these are eight: a check digit after a hyphen or at the
   end is no part of it, and a leading zero that was lost where codes were taken for numbers comes back. #}
{% macro classification_key(scheme, code) -%}
    case
        when {{ scheme_key(scheme) }} <> 'CPV' then {{ code_key(code) }}
        when length({{ cpv_digits(code) }}) = 7 then '0' || {{ cpv_digits(code) }}
        else left({{ cpv_digits(code) }}, 8)
    end
{%- endmacro %}


{% macro cpv_digits(code) -%}
    regexp_replace(regexp_replace(trim({{ code }}), '-[^-]*$', ''), '[^0-9]', '', 'g')
{%- endmacro %}
