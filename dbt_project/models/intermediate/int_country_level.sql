with context as (
    select * from {{ ref('stg_country_context') }}
),

releases as (
    select * from {{ ref('reference_release') }}
),

known as (
    select context.*
    from context
    inner join releases on context.measure = releases.measure
    where
        context.country_code is not null
        and {{ day_of('context.measured_year + releases.years_after', 'releases.release_month') }} <= {{ as_of() }}
),

newest_tiers as (
    select
        country_code,
        {{ first_value_by('value_text', 'measured_year desc, row_id') }} as tip_tier,
        {{ first_value_by('measured_year', 'measured_year desc, row_id') }} as tip_year,
        {{ first_value_by("source_id || ' record ' || record_no", 'measured_year desc, row_id') }} as tip_lineage,
        {{ first_value_by('row_id', 'measured_year desc, row_id') }} as tip_row_id
    from known
    where
        measure = 'tip_tier'
        and value_text is not null
    group by country_code
),

newest_cpi as (
    select
        country_code,
        {{ first_value_by('value', 'measured_year desc, row_id') }} as cpi,
        {{ first_value_by('measured_year', 'measured_year desc, row_id') }} as cpi_year,
        {{ first_value_by("source_id || ' record ' || record_no", 'measured_year desc, row_id') }} as cpi_lineage,
        {{ first_value_by('row_id', 'measured_year desc, row_id') }} as cpi_row_id
    from known
    where
        measure = 'cpi'
        and value is not null
    group by country_code
),

measured as (
    select
        coalesce(newest_tiers.country_code, newest_cpi.country_code) as country_code,
        newest_tiers.tip_tier,
        newest_tiers.tip_year,
        newest_tiers.tip_lineage,
        newest_tiers.tip_row_id,
        newest_cpi.cpi,
        newest_cpi.cpi_year,
        newest_cpi.cpi_lineage,
        newest_cpi.cpi_row_id
    from newest_tiers
    full join newest_cpi on newest_tiers.country_code = newest_cpi.country_code
),

rules as (
    select * from {{ ref('country_level_rule') }}
),

final as (
    select
        measured.country_code,
        cast(rules.country_level as double) as country_level,
        least(measured.tip_year, measured.cpi_year) as country_level_year,
        concat_ws(
            ', ',
            'TIP tier ' || measured.tip_tier || ' (' || measured.tip_year || ')',
            'CPI ' || cast(round(measured.cpi, 1) as varchar) || ' (' || measured.cpi_year || ')'
        ) as country_level_basis,
        concat_ws('; ', measured.tip_lineage, measured.cpi_lineage) as country_level_lineage,
        measured.tip_row_id,
        measured.cpi_row_id
    from measured
    inner join rules
        on
            measured.tip_tier is not distinct from rules.tip_tier
            and (
                (measured.cpi >= rules.cpi_minimum and measured.cpi < rules.cpi_below)
                or (measured.cpi is null and rules.cpi_minimum is null)
            )
)

select * from final
