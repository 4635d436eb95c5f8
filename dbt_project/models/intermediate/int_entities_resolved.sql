with entities as (
    select * from {{ source('matching', 'supplier_entity') }}
),

pairs as (
    select * from {{ source('matching', 'supplier_pair') }}
),

supplier_refs as (
    select
        supplier_ref,
        bool_or(is_natural_person) as is_natural_person,
        bool_or(not is_ownership_statement) as is_supplying
    from {{ ref('int_supplier_records') }}
    group by supplier_ref
),

identified as (
    select
        supplier_refs.supplier_ref,
        entities.supplier_id,
        entities.matched_by,
        entities.link_weight,
        entities.linked_ref,
        case
            when entities.matched_by = 'reference' then {{ no_features() }}
            when entities.matched_by <> 'verdict' and pairs.explanation is not null then pairs.explanation
            else {{ explained_level('entities.matched_by', "'the same'") }}
        end as explanation,
        supplier_refs.is_natural_person,
        supplier_refs.is_supplying
    from supplier_refs
    inner join entities on supplier_refs.supplier_ref = entities.supplier_ref
    left join pairs
        on
            least(entities.supplier_ref, entities.linked_ref) = pairs.left_ref
            and greatest(entities.supplier_ref, entities.linked_ref) = pairs.right_ref
),

final as (
    select
        supplier_ref,
        supplier_id,
        matched_by,
        link_weight,
        linked_ref,
        explanation,
        is_natural_person,
        -- Who is known from ownership statements alone owns or is owned, and supplies nobody.
        bool_or(is_supplying) over (partition by supplier_id) as is_supplier
    from identified
)

select * from final
