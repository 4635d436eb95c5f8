with recursive told as materialized (
    select * from {{ ref('int_network_ownership') }}
    union all by name
    select * from {{ ref('int_network_parents') }}
    union all by name
    select * from {{ ref('int_network_agents') }}
    union all by name
    select * from {{ ref('int_network_addresses') }}
    union all by name
    select * from {{ ref('int_network_supply') }}
),

suppliers as (
    select distinct supplier_id
    from {{ ref('int_entities_resolved') }}
    where is_supplier
),

ends as materialized (
    select
        subject_id as near_id,
        party_id as far_id
    from told
    union
    select
        party_id as near_id,
        subject_id as far_id
    from told
),

-- Whatever hangs together with a supplier, over any number of ties; the rest of a register is nobody's business here.
reached as (
    select supplier_id as node_id
    from suppliers
    union
    select ends.far_id as node_id
    from reached
    inner join ends on reached.node_id = ends.near_id
),

final as (
    select
        told.*,
        subjects.supplier_id,
        parties.supplier_id as party_supplier_id
    from told
    inner join reached on told.subject_id = reached.node_id
    left join suppliers as subjects on told.subject_id = subjects.supplier_id
    left join suppliers as parties on told.party_id = parties.supplier_id
)

select * from final
