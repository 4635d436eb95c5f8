with edges as (
    select * from {{ ref('int_network_edges') }}
),

suppliers as (
    select * from {{ ref('dim_supplier') }}
),

parties as (
    select * from {{ ref('int_network_references') }}
),

hubs as (
    select * from {{ ref('network_hub') }}
),

-- A party may be told of as the far end of a tie, or, a company that is no supplier, as the near one.
told as (
    select
        party_id,
        party_kind,
        party_name,
        party_country_code as country_code
    from edges
    union all
    select
        edges.subject_id as party_id,
        parties.party_kind,
        parties.party_name,
        parties.country_code
    from edges
    inner join parties on edges.subject_id = parties.party_id
    union all
    select
        subject_id as party_id,
        'supplier' as party_kind,
        null as party_name,
        null as country_code
    from edges
    where supplier_id is not null
),

described as (
    select
        party_id,
        {{ first_value_by('party_kind', 'party_kind') }} as party_kind,
        {{ first_value_by('party_name', 'party_name') }} as party_name,
        {{ first_value_by('country_code', 'country_code') }} as country_code
    from told
    group by party_id
),

neighbours as (
    select
        subject_id as near_id,
        party_id as far_id
    from edges
    where valid_to is null
    union
    select
        party_id as near_id,
        subject_id as far_id
    from edges
    where valid_to is null
),

neighbour_counts as (
    select
        near_id,
        count(*) as neighbour_count
    from neighbours
    where near_id <> far_id
    group by near_id
),

final as (
    select
        described.party_id,
        case when suppliers.supplier_id is null then described.party_kind else 'supplier' end as party_kind,
        suppliers.supplier_id,
        coalesce(suppliers.name, described.party_name) as name,
        coalesce(suppliers.country_code, described.country_code) as country_code,
        coalesce(neighbour_counts.neighbour_count, 0) as neighbour_count,
        coalesce(neighbour_counts.neighbour_count > hubs.neighbour_limit, false) as is_hub
    from described
    left join suppliers on described.party_id = suppliers.supplier_id
    left join neighbour_counts on described.party_id = neighbour_counts.near_id
    left join hubs
        on case when suppliers.supplier_id is null then described.party_kind else 'supplier' end = hubs.party_kind
)

select * from final
