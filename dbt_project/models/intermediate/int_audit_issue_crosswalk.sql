{% set schemes = [
    'amfori_bsci', 'ethical_a', 'in_house', 'ipis_mine_visit', 'sa8000', 'slcp', 'smeta', 'social_b',
] %}
with own_mappings as (
    select * from {{ ref('stg_audit_issue_mapping') }}
),

seeded as (
    {% for scheme in schemes %}
    select * from {{ ref('audit_issues_' ~ scheme) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        scheme,
        issue_code,
        indicator_id,
        strength,
        observed_as,
        minimum_grade,
        is_verified,
        basis,
        source_id as mapped_by
    from own_mappings
    union all
    -- A company's own mapping of a code replaces the one that comes with Tierline.
    select
        seeded.scheme,
        seeded.issue_code,
        seeded.indicator_id,
        seeded.strength,
        seeded.observed_as,
        seeded.minimum_grade,
        seeded.verified as is_verified,
        seeded.source as basis,
        'tierline' as mapped_by
    from seeded
    left join own_mappings
        on
            seeded.scheme = own_mappings.scheme
            and seeded.issue_code = own_mappings.issue_code
    where own_mappings.issue_code is null
)

select * from final
