with names as (
    select * from {{ ref('int_list_entry_names') }}
),

name_keys as (
    select * from {{ ref('int_name_keys') }}
),

final as (
    select
        names.row_id,
        names.spelling as name,
        names.name_role,
        name_keys.name_key
    from names
    inner join name_keys on names.spelling = name_keys.spelling
    where name_keys.name_key <> ''
)

select * from final
