-- Cardinal R058: (second lowest valid bid - winning bid) / winning bid, with the processes left out that it leaves out.
with awards as (
    select * from {{ ref('fct_award') }}
),

classifications as (
    select * from {{ ref('int_classifications') }}
    where sector_text is null
),

sectors as (
    select * from {{ ref('labour_intensive_sector') }}
),

bids as (
    select * from {{ ref('int_current_bids') }}
),

processes as (
    select
        process_ref,
        count(*) filter (where is_effective) as effective_count,
        bool_or(coalesce(lower(trim(status)), '') = 'pending') as has_pending
    from awards
    where process_ref is not null
    group by process_ref
),

won as (
    select
        awards.row_id,
        awards.source_id,
        awards.snapshot_sha256,
        awards.record_no,
        awards.supplier_id,
        awards.process_ref,
        coalesce(awards.awarded_on, awards.known_on) as awarded_on,
        classifications.sector_key,
        sectors.is_labour_intensive,
        coalesce(processes.effective_count = 1 and not processes.has_pending, false) as has_one_award
    from awards
    left join processes on awards.process_ref = processes.process_ref
    left join classifications
        on
            awards.classification_scheme = classifications.sector_scheme
            and awards.classification_code = classifications.sector_code
    left join sectors on classifications.sector_key = sectors.sector_key
    where awards.is_effective
),

weighed as (
    select
        won.row_id,
        count(bids.row_id) as bid_count,
        count(*) filter (where bids.supplier_id = won.supplier_id) as winning_bid_count,
        min(bids.amount) filter (where bids.supplier_id = won.supplier_id) as winning_amount,
        count(*) filter (where bids.row_id is not null and bids.supplier_id is distinct from won.supplier_id)
            as other_bid_count,
        min(bids.amount) filter (where bids.supplier_id is distinct from won.supplier_id) as second_amount,
        count(distinct bids.currency) = 1
        and count(bids.currency) = count(bids.row_id)
        and count(*) filter (where bids.amount > 0) = count(bids.row_id) as is_comparable,
        max(bids.tenderer_count) as tenderers_at_most
    from won
    left join bids
        on
            won.process_ref = bids.process_ref
            and bids.is_valid
    group by won.row_id
),

final as (
    select
        won.row_id,
        won.source_id,
        won.snapshot_sha256,
        won.record_no,
        won.supplier_id,
        won.process_ref,
        won.awarded_on,
        won.sector_key,
        won.is_labour_intensive,
        case
            when won.sector_key is null then 'the category of its awards'
            when weighed.bid_count = 0 then 'the bids for its awards'
            when not won.has_one_award then 'awards to one supplier alone'
            when weighed.tenderers_at_most > 1 then 'bids of single companies'
            when weighed.winning_bid_count <> 1 then 'the one bid that won'
            when weighed.other_bid_count = 0 then 'a second bid'
            when not weighed.is_comparable then 'the amounts of all bids in one currency'
            when weighed.second_amount < weighed.winning_amount then 'awards to the lowest bid'
        end as missing,
        case
            when
                won.has_one_award
                and coalesce(weighed.tenderers_at_most, 1) = 1
                and weighed.winning_bid_count = 1
                and weighed.other_bid_count > 0
                and weighed.is_comparable
                and weighed.second_amount >= weighed.winning_amount
                then round(cast(
                    (weighed.second_amount - weighed.winning_amount) / weighed.winning_amount as double
                ), 9)
        end as bid_gap
    from won
    inner join weighed on won.row_id = weighed.row_id
)

select * from final
