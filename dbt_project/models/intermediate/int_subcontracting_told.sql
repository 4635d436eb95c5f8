with rules as (
    {{ procurement_rules(['subcontract_depth_minimum']) }}
),

tiers as (
    select * from {{ ref('fct_supplier_tier') }}
),

links as (
    select * from {{ ref('fct_network_edge') }}
    where
        edge_kind = 'subcontract'
        and valid_to is null
        and supplier_id is not null
),

-- Who is told of by one source and declared to another is declared.
subcontractors as (
    select
        supplier_id,
        party_id,
        bool_or(coalesce(is_declared, false)) as is_declared,
        bool_and(is_declared is not null) as is_told_whether_declared,
        max(coalesce(known_on, valid_from)) as told_on,
        min(row_id) filter (where not is_declared) as undeclared_row_id
    from links
    group by supplier_id, party_id
),

judged as (
    select
        subcontractors.*,
        tiers.tier + 1 as depth,
        coalesce(
            subcontractors.undeclared_row_id is not null
            and not subcontractors.is_declared
            and tiers.tier + 1 >= rules.subcontract_depth_minimum,
            false
        ) as is_hidden
    from subcontractors
    cross join rules
    left join tiers on subcontractors.supplier_id = tiers.supplier_id
),

-- Of the hidden ones the one told of last stands for all.
shown as (
    select
        judged.supplier_id,
        links.row_id,
        links.source_id,
        links.snapshot_sha256,
        links.record_no
    from judged
    inner join links
        on
            judged.undeclared_row_id = links.row_id
            and judged.supplier_id = links.supplier_id
    where judged.is_hidden
    qualify row_number() over (
        partition by judged.supplier_id
        order by judged.told_on desc nulls last, judged.undeclared_row_id asc
    ) = 1
),

summed as (
    select
        supplier_id,
        count(*) as subcontractor_count,
        count(*) filter (where is_hidden) as hidden_count,
        max(depth) filter (where is_hidden) as depth,
        max(told_on) filter (where is_hidden) as last_told_on,
        bool_and(is_told_whether_declared) as is_told_whether_declared
    from judged
    group by supplier_id
),

final as (
    select
        summed.supplier_id,
        summed.subcontractor_count,
        summed.hidden_count,
        summed.depth,
        summed.last_told_on,
        summed.is_told_whether_declared,
        shown.row_id,
        shown.source_id,
        shown.snapshot_sha256,
        shown.record_no
    from summed
    left join shown on summed.supplier_id = shown.supplier_id
)

select * from final
