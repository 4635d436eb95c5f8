with records as (
    select * from {{ ref('int_supplier_records') }}
),

name_keys as (
    select * from {{ ref('int_name_keys') }}
),

spelled as (
    select
        supplier_ref,
        supplier_name as spelling,
        false as is_alias
    from records
    union all
    select
        supplier_ref,
        {{ exploded('aliases') }} as spelling,
        true as is_alias
    from records
),

final as (
    select
        spelled.supplier_ref,
        name_keys.name_key,
        bool_and(spelled.is_alias) as is_alias
    from spelled
    inner join name_keys on spelled.spelling = name_keys.spelling
    group by spelled.supplier_ref, name_keys.name_key
)

select * from final
