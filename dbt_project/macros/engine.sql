{# Whatever only DuckDB writes this way stands here, so that another engine needs other macros and no other models. #}

{# Upper case, accents off, '&' as a word, dots and quotes closed up, all else that is no letter or digit one blank. #}
{% macro text_key(column) -%}
    nullif(trim(regexp_replace(regexp_replace(replace(upper(strip_accents({{ column }})), '&', ' AND '),
        '[.''’`]', '', 'g'), '[^\p{L}\p{N}]+', ' ', 'g')), '')
{%- endmacro %}


{# An identifier without its punctuation; too short or one repeated digit is a placeholder and gives nothing. #}
{% macro identifier_key(column) -%}
    case
        when length(regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g')) >= 4
            and length(replace(
                regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g'),
                left(regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g'), 1),
                ''
            )) > 0
            then regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g')
    end
{%- endmacro %}


{# A short id that depends on the key alone: a letter and the first 12 hexadecimal digits of its SHA-256. #}
{% macro short_id(letter, key) -%}
    '{{ letter }}' || left(sha256({{ key }}), 12)
{%- endmacro %}


{# The value of the row that comes first in the given order; rows without a value are passed over. #}
{% macro first_value_by(value, order_by) -%}
    first({{ value }} order by {{ order_by }}) filter (where {{ value }} is not null)
{%- endmacro %}


{# Distinct values of a group as one text, in order. #}
{% macro joined_distinct(value) -%}
    string_agg(distinct {{ value }}, ', ' order by {{ value }})
{%- endmacro %}


{# The words of a text. #}
{% macro words_of(column) -%}
    string_split({{ column }}, ' ')
{%- endmacro %}


{# The words of a list, written together. #}
{% macro joined_words(words) -%}
    array_to_string({{ words }}, '')
{%- endmacro %}


{# How many words a list has. #}
{% macro word_count(words) -%}
    len({{ words }})
{%- endmacro %}


{# The numbers from 1 to the length of a list, or to the limit. #}
{% macro places_of(words, limit=none) -%}
    range(1, {% if limit is none %}len({{ words }}){% else %}least(len({{ words }}), {{ limit }}){% endif %} + 1)
{%- endmacro %}


{# The words of a list from one place to another, both included; empty where they are past each other. #}
{% macro words_between(words, first_place, last_place) -%}
    list_slice({{ words }}, {{ first_place }}, {{ last_place }})
{%- endmacro %}


{# All values of a group in one list, in the order of another column. #}
{% macro collected_by(value, order_by) -%}
    list({{ value }} order by {{ order_by }})
{%- endmacro %}


{# All rows of a relation in one value that gives the second column for the first. #}
{% macro mapped(key, value) -%}
    map(list({{ key }} order by {{ key }}), list({{ value }} order by {{ key }}))
{%- endmacro %}


{# A list with the words that the map knows replaced by what it gives for them. #}
{% macro replaced_by_map(words, replacements) -%}
    list_transform({{ words }}, lambda word: coalesce({{ replacements }}[word], word))
{%- endmacro %}


{# The words of a name with single letters that follow each other written together: initials are spaced in many ways. #}
{% macro with_initials_joined(words) -%}
    string_split(ltrim(array_to_string(list_transform(
        {{ places_of(words) }},
        lambda place: case
            when place > 1
                and length({{ words }}[place]) = 1 and {{ words }}[place] <> lower({{ words }}[place])
                and length({{ words }}[place - 1]) = 1 and {{ words }}[place - 1] <> lower({{ words }}[place - 1])
                then {{ words }}[place]
            else ' ' || {{ words }}[place]
        end
    ), '')), ' ')
{%- endmacro %}


{# One row an element of a list column. #}
{% macro exploded(column) -%}
    unnest({{ column }})
{%- endmacro %}


{# Whole days from one date to another. #}
{% macro days_between(earlier, later) -%}
    date_diff('day', {{ earlier }}, {{ later }})
{%- endmacro %}


{# Whether a text key holds the words, as whole words. #}
{% macro has_words(text_key, words) -%}
    contains(' ' || {{ text_key }} || ' ', ' ' || {{ words }} || ' ')
{%- endmacro %}


{# Whether a code lies under another, shorter one. #}
{% macro lies_under(code, prefix) -%}
    starts_with({{ code }}, {{ prefix }})
{%- endmacro %}


{# Letters and digits of a code, in upper case. #}
{% macro code_key(column) -%}
    regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g')
{%- endmacro %}


{# A text without what stands in brackets. #}
{% macro without_brackets(column) -%}
    regexp_replace({{ column }}, '\([^)]*\)', '', 'g')
{%- endmacro %}


{# The parts of a text between the separators, as a list. #}
{% macro parts_of(column, separator) -%}
    string_split({{ column }}, '{{ separator }}')
{%- endmacro %}


{# A day from its year, month and day. #}
{% macro day_of(year, month) -%}
    make_date({{ year }}, {{ month }}, 1)
{%- endmacro %}


{# The day so many days later; fewer than none is earlier. #}
{% macro days_later(column, days) -%}
    cast({{ column }} + interval ({{ days }}) day as date)
{%- endmacro %}


{# An explanation where there is nothing to explain. #}
{% macro no_features() -%}
    cast([] as struct(feature varchar, level varchar, weight double)[])
{%- endmacro %}
