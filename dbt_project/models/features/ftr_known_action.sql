with known as (
    select * from {{ source('matching', 'known_action') }}
),

mergers as (
    select
        supplier_id as remaining_supplier_id,
        other_supplier_id as supplier_id,
        row_number() over (partition by other_supplier_id order by changed_on desc, change_id desc) as newest_first
    from {{ source('matching', 'entity_change') }}
    where kind = 'merge'
),

suppliers as (
    select supplier_id from {{ ref('dim_supplier') }}
),

final as (
    select
        known.action_id,
        -- A supplier that went up in another takes its actions along.
        case
            when known.supplier_id in (select suppliers.supplier_id from suppliers) then known.supplier_id
            else coalesce(mergers.remaining_supplier_id, known.supplier_id)
        end as supplier_id,
        known.rule_id,
        known.addressee,
        known.action,
        known.opened_on,
        known.is_asked
    from known
    left join mergers
        on
            known.supplier_id = mergers.supplier_id
            and mergers.newest_first = 1
)

select * from final
