with sites as (
    select * from {{ ref('ftr_site') }}
),

strata_sites as (
    select * from sites
    where
        country_code is not null
        and sector_key is not null
),

-- What is forced labour by itself: both dimensions at once, or an act that says so.
indicators as (
    select * from {{ ref('indicator') }}
    where role in ('I+P', 'gate')
),

cases as (
    select distinct
        confirmed.supplier_id,
        confirmed.facility_id,
        confirmed.row_id
    from {{ ref('fct_confirmed_case') }} as confirmed
    inner join indicators on confirmed.indicator_id = indicators.indicator_id
),

-- A supplier is one case however often it is listed, and one entry that names several suppliers is one case.
of_supplier as (
    select
        supplier_id,
        min(row_id) as row_id
    from cases
    group by supplier_id
),

of_stratum as (
    select
        cases.supplier_id,
        strata_sites.country_code,
        strata_sites.sector_key,
        min(cases.row_id) as row_id
    from cases
    inner join strata_sites
        on
            cases.supplier_id = strata_sites.supplier_id
            and (cases.facility_id is null or cases.facility_id = strata_sites.site_id)
    group by cases.supplier_id, strata_sites.country_code, strata_sites.sector_key
),

entries as (
    select
        row_id,
        count(*) as supplier_count
    from of_supplier
    group by row_id
),

entries_of_stratum as (
    select
        country_code,
        sector_key,
        row_id,
        count(*) as supplier_count
    from of_stratum
    group by country_code, sector_key, row_id
),

case_counts as (
    select
        country_code,
        sector_key,
        count(*) as case_count
    from entries_of_stratum
    group by country_code, sector_key
),

supplier_counts as (
    select
        country_code,
        sector_key,
        count(distinct supplier_id) as supplier_count
    from strata_sites
    group by country_code, sector_key
),

totals as (
    select
        (select count(*) from entries) as case_count,
        (select count(distinct supplier_id) from sites) as supplier_count
),

own_in_all as (
    select of_supplier.supplier_id
    from of_supplier
    inner join entries on of_supplier.row_id = entries.row_id
    where entries.supplier_count = 1
),

own_in_stratum as (
    select
        of_stratum.supplier_id,
        of_stratum.country_code,
        of_stratum.sector_key
    from of_stratum
    inner join entries_of_stratum
        on
            of_stratum.country_code = entries_of_stratum.country_code
            and of_stratum.sector_key = entries_of_stratum.sector_key
            and of_stratum.row_id = entries_of_stratum.row_id
    where entries_of_stratum.supplier_count = 1
),

final as (
    select
        strata_sites.supplier_id,
        strata_sites.site_id,
        case_counts.case_count - cast(own_in_stratum.supplier_id is not null as bigint) as peer_cases,
        supplier_counts.supplier_count - 1 as peers,
        totals.case_count - cast(own_in_all.supplier_id is not null as bigint) as other_cases,
        totals.supplier_count - 1 as other_suppliers
    from strata_sites
    inner join case_counts
        on
            strata_sites.country_code = case_counts.country_code
            and strata_sites.sector_key = case_counts.sector_key
    inner join supplier_counts
        on
            strata_sites.country_code = supplier_counts.country_code
            and strata_sites.sector_key = supplier_counts.sector_key
    cross join totals
    left join own_in_stratum
        on
            strata_sites.supplier_id = own_in_stratum.supplier_id
            and strata_sites.country_code = own_in_stratum.country_code
            and strata_sites.sector_key = own_in_stratum.sector_key
    left join own_in_all on strata_sites.supplier_id = own_in_all.supplier_id
)

select * from final
