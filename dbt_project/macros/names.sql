{# CTEs that take legal forms off names, `rounds_at_end` times at the end and `rounds_at_start` times at the beginning, the
   longest that fits, never the whole name; the last one is `formless (spelling, words, kind)`. Forms of several words are
   compared with their words written together, so that "Sp. z o.o." and "Sp. zoo" are one. #}
{% macro without_legal_forms(names, forms, rounds_at_end, rounds_at_start) -%}
    bare_0 as (
        select
            spelling,
            words,
            cast(null as varchar) as kind
        from {{ names }}
    ),

    {% for round in range(1, rounds_at_end + rounds_at_start + 1) %}
    {% set at_end = round <= rounds_at_end %}
    {% set count = word_count('words') %}
    candidate_{{ round }} as (
        select
            spelling,
            words,
            {{ exploded(places_of(words_between('words', 2, count), var('legal_form_words'))) }} as form_words
        from bare_{{ round - 1 }}
    ),

    form_{{ round }} as (
        select
            candidate_{{ round }}.spelling,
            max(candidate_{{ round }}.form_words) as form_words,
            {{ first_value_by('forms.kind', 'candidate_' ~ round ~ '.form_words desc') }} as kind
        from candidate_{{ round }}
        inner join {{ forms }} as forms
            on
                {% if at_end -%}
                forms.form_key = {{ joined_words(words_between('words', count ~ ' - form_words + 1', count)) }}
                {%- else -%}
                forms.form_key = {{ joined_words(words_between('words', 1, 'form_words')) }}
                and forms.may_lead
                {%- endif %}
                -- "Fund I LP" bears no form ILP.
                and (candidate_{{ round }}.form_words = 1 or forms.has_words)
        group by candidate_{{ round }}.spelling
    ),

    bare_{{ round }} as (
        select
            bare_{{ round - 1 }}.spelling,
            case
                when form_{{ round }}.form_words is null then bare_{{ round - 1 }}.words
                {% if at_end -%}
                else {{ words_between('bare_' ~ (round - 1) ~ '.words', 1, count ~ ' - form_' ~ round ~ '.form_words') }}
                {%- else -%}
                else {{ words_between('bare_' ~ (round - 1) ~ '.words', 'form_' ~ round ~ '.form_words + 1', count) }}
                {%- endif %}
            end as words,
            coalesce(
                nullif(bare_{{ round - 1 }}.kind, 'any'), form_{{ round }}.kind, bare_{{ round - 1 }}.kind
            ) as kind
        from bare_{{ round - 1 }}
        left join form_{{ round }} on bare_{{ round - 1 }}.spelling = form_{{ round }}.spelling
    ),

    {% endfor %}
    formless as (
        select
            spelling,
            words,
            kind
        from bare_{{ rounds_at_end + rounds_at_start }}
    )
{%- endmacro %}


{# How much a word tells names apart: 1 for a rare one, less the more names have it, by the logarithm of their share. #}
{% macro name_word_weight(share) -%}
    coalesce(least(log2({{ share }}) / log2({{ var('rare_name_word_share') }}), 1.0), 1.0)
{%- endmacro %}


{# What the comparison of names (matching/name_comparison.py) reads of a name. #}
{% macro name_feature(words, weights, kind) -%}
    {
        'words': {{ words_between(words, 1, var('compared_name_words')) }},
        'weights': {{ words_between(weights, 1, var('compared_name_words')) }},
        'kind': nullif({{ kind }}, 'any')
    }
{%- endmacro %}
