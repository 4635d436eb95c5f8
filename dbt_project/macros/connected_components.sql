{# CTEs that spread the smallest label over shared keys, `rounds` times; the last one is `components (node, component)`.
   In each round a node takes the smallest label under any of its keys, then the label of its label, so chains shrink by
   half or more a round and the work is a few joins a round, whatever the shape. That the rounds sufficed is a test. #}
{% macro connected_components(links, rounds) -%}
    label_0 as (
        select distinct
            node,
            node as label
        from {{ links }}
    ),

    {% for round in range(1, (rounds | int) + 1) %}
    key_label_{{ round }} as (
        select
            {{ links }}.link_key,
            min(label_{{ round - 1 }}.label) as label
        from {{ links }}
        inner join label_{{ round - 1 }} on {{ links }}.node = label_{{ round - 1 }}.node
        group by {{ links }}.link_key
    ),

    reached_{{ round }} as (
        select
            {{ links }}.node,
            min(key_label_{{ round }}.label) as label
        from {{ links }}
        inner join key_label_{{ round }} on {{ links }}.link_key = key_label_{{ round }}.link_key
        group by {{ links }}.node
    ),

    label_{{ round }} as (
        select
            reached_{{ round }}.node,
            least(reached_{{ round }}.label, onward.label) as label
        from reached_{{ round }}
        inner join reached_{{ round }} as onward on reached_{{ round }}.label = onward.node
    ),

    {% endfor %}
    components as (
        select
            node,
            label as component
        from label_{{ rounds | int }}
    )
{%- endmacro %}
