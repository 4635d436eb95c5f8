with mentions as (
    select
        sector_scheme,
        sector_code,
        sector_text
    from {{ ref('stg_supplier') }}
    union
    select
        sector_scheme,
        sector_code,
        sector_text
    from {{ ref('stg_facility') }}
    union
    select
        classification_scheme,
        classification_code,
        null as sector_text
    from {{ ref('stg_award') }}
    union
    select
        category_scheme,
        category_code,
        null as sector_text
    from {{ ref('stg_purchase_order_line') }}
),

crosswalk as (
    select * from {{ ref('sector_crosswalk') }}
),

codes as (
    select distinct
        sector_scheme,
        sector_code,
        {{ scheme_key('sector_scheme') }} as scheme_key,
        {{ classification_key('sector_scheme', 'sector_code') }} as code_key
    from mentions
    where
        sector_scheme is not null
        and sector_code is not null
),

texts as (
    select distinct
        sector_text,
        {{ text_key('sector_text') }} as text_key
    from mentions
    where sector_text is not null
),

sectors_by_code as (
    select
        codes.sector_scheme,
        codes.sector_code,
        {{ first_value_by('crosswalk.sector_key', 'length(crosswalk.code) desc') }} as sector_key
    from codes
    inner join crosswalk on codes.scheme_key = crosswalk.scheme
    where {{ lies_under('codes.code_key', "coalesce(crosswalk.code, '')") }}
    group by codes.sector_scheme, codes.sector_code
),

sectors_by_text as (
    select
        texts.sector_text,
        {{ first_value_by('crosswalk.sector_key', 'length(crosswalk.code) desc, crosswalk.code') }} as sector_key
    from texts
    inner join crosswalk on {{ has_words('texts.text_key', 'crosswalk.code') }}
    where crosswalk.scheme = 'TEXT'
    group by texts.sector_text
),

final as (
    select
        mentions.sector_scheme,
        mentions.sector_code,
        mentions.sector_text,
        coalesce(sectors_by_text.sector_key, sectors_by_code.sector_key) as sector_key
    from mentions
    left join sectors_by_code
        on
            mentions.sector_scheme = sectors_by_code.sector_scheme
            and mentions.sector_code = sectors_by_code.sector_code
    left join sectors_by_text on mentions.sector_text = sectors_by_text.sector_text
    where coalesce(sectors_by_text.sector_key, sectors_by_code.sector_key) is not null
)

select * from final
