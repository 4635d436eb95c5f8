{# The numbers of the rules on buying, one row with a column each; ask for those that a model needs. #}
{% macro procurement_rules(names) -%}
    select
        {%- for name in names %}
        max(value) filter (where name = '{{ name }}') as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('procurement_rule') }}
{%- endmacro %}


{# CTEs that give, for each member of a peer group, the upper fence of the others' values: Q3 + factor × (Q3 - Q1), with
   quartiles between neighbours (as quantile_cont). `peer_values` has peer_group, member_id, value_id, value; a member may
   have several values, all of which are left out of its own fence. The last CTE is `peer_fences (peer_group, member_id,
   peer_count, upper_fence)`; the fence is empty below `minimum_peers` values of others. The work grows with the rows, not
   with their pairs: the n-th value of the others lies as many places further on as own values lie before it. #}
{% macro fences_of_others(peer_values, rules) -%}
    placed as (
        select
            peer_group,
            member_id,
            value,
            row_number() over (partition by peer_group order by value, value_id) - 1 as place,
            row_number() over (partition by peer_group, member_id order by value, value_id) - 1 as own_before,
            count(*) over (partition by peer_group) as group_size
        from {{ peer_values }}
    ),

    members as (
        select
            peer_group,
            member_id,
            max(group_size) - count(*) as peer_count
        from placed
        group by peer_group, member_id
    ),

    quartile_positions as (
        select
            members.peer_group,
            members.member_id,
            quarters.quarter,
            (members.peer_count - 1) * quarters.quarter / 4.0 as position
        from members
        cross join {{ rules }} as rules
        cross join (values (1), (3)) as quarters (quarter)
        where members.peer_count >= rules.minimum_peers
    ),

    neighbours as (
        select
            peer_group,
            member_id,
            quarter,
            floor(position) as place_among_others,
            1 - (position - floor(position)) as weight
        from quartile_positions
        union all
        select
            peer_group,
            member_id,
            quarter,
            floor(position) + 1 as place_among_others,
            position - floor(position) as weight
        from quartile_positions
        where position > floor(position)
    ),

    neighbour_places as (
        select
            neighbours.peer_group,
            neighbours.member_id,
            neighbours.quarter,
            neighbours.weight,
            neighbours.place_among_others
            + count(*) filter (where own.place - own.own_before <= neighbours.place_among_others) as place
        from neighbours
        inner join placed as own
            on
                neighbours.peer_group = own.peer_group
                and neighbours.member_id = own.member_id
        group by
            neighbours.peer_group,
            neighbours.member_id,
            neighbours.quarter,
            neighbours.weight,
            neighbours.place_among_others
    ),

    quartiles as (
        select
            neighbour_places.peer_group,
            neighbour_places.member_id,
            neighbour_places.quarter,
            round(sum(neighbour_places.weight * placed.value), 9) as value
        from neighbour_places
        inner join placed
            on
                neighbour_places.peer_group = placed.peer_group
                and neighbour_places.place = placed.place
        group by neighbour_places.peer_group, neighbour_places.member_id, neighbour_places.quarter
    ),

    fences as (
        select
            quartiles.peer_group,
            quartiles.member_id,
            round(
                max(quartiles.value) filter (where quartiles.quarter = 3) + max(rules.fence_factor) * (
                    max(quartiles.value) filter (where quartiles.quarter = 3)
                    - max(quartiles.value) filter (where quartiles.quarter = 1)
                ),
                9
            ) as upper_fence
        from quartiles
        cross join {{ rules }} as rules
        group by quartiles.peer_group, quartiles.member_id
    ),

    peer_fences as (
        select
            members.peer_group,
            members.member_id,
            members.peer_count,
            fences.upper_fence
        from members
        left join fences
            on
                members.peer_group = fences.peer_group
                and members.member_id = fences.member_id
    )
{%- endmacro %}


{# The row that a decided assessment rests on: the five columns of its lineage, empty where nothing was decided. #}
{% macro decided_lineage(judged, decisive, source_table) -%}
        case when {{ judged }}.outcome in ('adverse', 'clean') then {{ source_table }} end as source_table,
        {%- for column in ['row_id', 'source_id', 'snapshot_sha256', 'record_no'] %}
        case when {{ judged }}.outcome in ('adverse', 'clean') then {{ decisive }}.{{ column }} end
            as {{ {'row_id': 'source_key', 'record_no': 'source_record_no'}.get(column, column) }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}


{# A period in words, from its first day to its last. #}
{% macro from_to(first_day, last_day) -%}
    'from ' || cast({{ first_day }} as varchar) || ' to ' || cast({{ last_day }} as varchar)
{%- endmacro %}


{# A share as whole percent in words. #}
{% macro percent(share) -%}
    cast(cast(round(100 * {{ share }}) as integer) as varchar) || ' %'
{%- endmacro %}
