{#- What the newest state of its process still tells; all that a source without states tells. To follow a FROM clause. -#}
{% macro told_by_newest_state(facts) -%}
left join {{ ref('int_process_states') }} as newest on {{ facts }}.process_ref = newest.process_ref
left join (
    select distinct
        process_ref,
        source_id
    from {{ ref('stg_contracting_process') }}
) as followed
    on
        {{ facts }}.process_ref = followed.process_ref
        and {{ facts }}.source_id = followed.source_id
where
    followed.process_ref is null
    or (
        {{ facts }}.source_id = newest.source_id
        and {{ facts }}.snapshot_sha256 = newest.snapshot_sha256
        and {{ facts }}.record_no = newest.record_no
        and {{ facts }}.state_no = newest.state_no
    )
{%- endmacro %}
