with classifications as (
    select * from {{ ref('int_classifications') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

-- What a supplier says of itself goes before what its sites do, and that before what it was paid for.
mentions as (
    select
        supplier_ref,
        sector_scheme,
        sector_code,
        sector_text,
        1 as mention_order,
        count(*) as mention_count
    from {{ ref('stg_supplier') }}
    group by all
    union all
    select
        supplier_ref,
        sector_scheme,
        sector_code,
        sector_text,
        2 as mention_order,
        count(*) as mention_count
    from {{ ref('stg_facility') }}
    group by all
    union all
    select
        supplier_ref,
        classification_scheme,
        classification_code,
        null as sector_text,
        3 as mention_order,
        count(*) as mention_count
    from {{ ref('stg_award') }}
    group by all
    union all
    select
        supplier_ref,
        category_scheme,
        category_code,
        null as sector_text,
        3 as mention_order,
        count(*) as mention_count
    from {{ ref('stg_purchase_order_line') }}
    group by all
),

votes as (
    select
        entities.supplier_id,
        classifications.sector_key,
        mentions.mention_order,
        sum(mentions.mention_count) as mention_count
    from mentions
    inner join classifications
        on
            mentions.sector_scheme is not distinct from classifications.sector_scheme
            and mentions.sector_code is not distinct from classifications.sector_code
            and mentions.sector_text is not distinct from classifications.sector_text
    inner join entities on mentions.supplier_ref = entities.supplier_ref
    group by entities.supplier_id, classifications.sector_key, mentions.mention_order
),

final as (
    select
        supplier_id,
        {{ first_value_by('sector_key', 'mention_order, mention_count desc, sector_key') }} as sector_key
    from votes
    group by supplier_id
)

select * from final
