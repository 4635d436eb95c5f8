with statements as (
    select
        *,
        rank() over (
            partition by source_id, statement_ref
            order by stated_on desc nulls last, known_on desc nulls last, snapshot_sha256 desc, record_no desc
        ) as newest_first
    from {{ ref('stg_ownership_edge') }}
),

-- Of one record the newest statement counts, with all its interests; what has no record stands for itself.
edges as (
    select *
    from statements
    where
        newest_first = 1
        or statement_ref is null
),

interests as (
    select * from {{ ref('network_interest') }}
),

parties as (
    select * from {{ ref('int_network_references') }}
),

-- A party without a reference is a party of its own: two companies that name nobody have no owner in common.
kinds as (
    select
        edges.*,
        coalesce(interests.edge_kind, 'ownership') as edge_kind,
        coalesce(parties.party_kind, edges.party_kind, 'anonymous') as known_party_kind,
        coalesce(parties.party_id, {{ short_id('N', 'edges.row_id') }}) as known_party_id,
        parties.supplier_id as party_supplier_id,
        case when edges.party_ref is not null then parties.party_ref end as known_party_ref,
        parties.party_name as known_party_name,
        parties.country_code as party_country_code
    from edges
    left join interests on edges.interest = interests.interest
    left join parties on edges.party_ref = parties.reference
),

final as (
    select
        kinds.row_id || ':' || kinds.edge_kind as edge_id,
        kinds.row_id,
        kinds.source_id,
        kinds.snapshot_sha256,
        kinds.record_no,
        kinds.known_on,
        kinds.edge_kind,
        subjects.party_id as subject_id,
        kinds.known_party_id as party_id,
        kinds.known_party_kind as party_kind,
        kinds.known_party_ref as party_ref,
        case kinds.known_party_kind
            when 'anonymous' then 'not disclosed'
            when 'person' then 'natural person'
            else coalesce(kinds.known_party_name, kinds.party_name, 'not described by its source')
        end as party_name,
        kinds.interest,
        kinds.share_minimum,
        kinds.share_maximum,
        kinds.started_on as valid_from,
        kinds.ended_on as valid_to
    from kinds
    inner join parties as subjects on kinds.subject_ref = subjects.reference
)

select * from final
