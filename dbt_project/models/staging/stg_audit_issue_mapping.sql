with source as (
    select * from {{ source('canonical', 'audit_issue_mapping') }}
),

final as (
    select
        row_id,
        source_id,
        known_on,
        scheme,
        issue_code,
        indicator_id,
        strength,
        observed_as,
        minimum_grade,
        is_verified,
        basis
    from source
    where {{ known_by_as_of('known_on') }}
)

select * from final
