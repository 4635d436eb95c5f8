{# A text key without the words, where it holds them as whole words. #}
{% macro without_words(text_key, words) -%}
    trim(replace(' ' || {{ text_key }} || ' ', ' ' || {{ words }} || ' ', ' '))
{%- endmacro %}


{# Whether a text has both a letter and a digit, of any script. #}
{% macro has_letters_and_digits(column) -%}
    (regexp_matches({{ column }}, '\p{L}') and regexp_matches({{ column }}, '\p{N}'))
{%- endmacro %}
