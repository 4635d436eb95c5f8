with entities as (
    select * from {{ ref('int_entities_resolved') }}
),

listed_goods as (
    select * from {{ ref('int_listed_goods') }}
),

mentions as (
    select
        supplier_ref,
        sector_text,
        country_code
    from {{ ref('stg_supplier') }}
    where sector_text is not null
    union
    select
        supplier_ref,
        sector_text,
        country_code
    from {{ ref('stg_facility') }}
    where sector_text is not null
),

texts as (
    select distinct
        sector_text,
        {{ text_key('sector_text') }} as text_key
    from mentions
),

-- A good may be listed under two names (Thread/Yarn), and either in the singular.
good_words as (
    select distinct
        good,
        rtrim({{ text_key('word') }}, 'S') as stem
    from (
        select
            good,
            {{ exploded(parts_of(without_brackets('good'), '/')) }} as word
        from listed_goods
    )
),

goods_by_text as (
    select
        texts.sector_text,
        good_words.good,
        max(length(good_words.stem)) as stem_length
    from texts
    inner join good_words
        on
            {{ has_words('texts.text_key', 'good_words.stem') }}
            or {{ has_words('texts.text_key', "good_words.stem || 'S'") }}
    where length(good_words.stem) > 1
    group by texts.sector_text, good_words.good
),

flagged as (
    select distinct
        country_code,
        good
    from listed_goods
    where is_forced_labour
),

-- A job title may name what is worked with (cement mason): only makers and growers deal in goods.
dealers as (
    select supplier_sectors.supplier_id
    from {{ ref('int_supplier_sectors') }} as supplier_sectors
    inner join {{ ref('sector') }} as sectors on supplier_sectors.sector_key = sectors.sector_key
    where sectors.on_goods_list
),

candidates as (
    select
        entities.supplier_id,
        goods_by_text.good,
        goods_by_text.stem_length,
        flagged.good is not null as is_flagged
    from mentions
    inner join entities on mentions.supplier_ref = entities.supplier_ref
    inner join dealers on entities.supplier_id = dealers.supplier_id
    inner join goods_by_text on mentions.sector_text = goods_by_text.sector_text
    left join flagged
        on
            mentions.country_code = flagged.country_code
            and goods_by_text.good = flagged.good
),

final as (
    select
        supplier_id,
        {{ first_value_by('good', 'is_flagged desc, stem_length desc, good') }} as good
    from candidates
    group by supplier_id
)

select * from final
