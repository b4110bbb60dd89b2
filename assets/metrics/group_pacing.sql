-- One row per group of stores, and `all`, metric, grain and period with a target: the sum of its stores whose figures are known, as
-- each stands on its own last day, at that day's rate; counts are added as they are. The interval of a sum is not the sum of intervals.
with memberships as (
    select store, store_group from stores where store_group is not null
    union all
    select store, 'all' as store_group from stores
),

told as (
    select
        kpi_pacing.*,
        memberships.store_group,
        case
            when kpi_pacing.metric in ('paid_orders', 'units') then cast(1 as decimal(12, 8))
            else cast(store_rates.rate as decimal(12, 8))
        end as rate
    from kpi_pacing
    inner join memberships on kpi_pacing.store = memberships.store
    left join store_rates
        on kpi_pacing.store = store_rates.store
        and kpi_pacing.currency = store_rates.currency
        and kpi_pacing.day = store_rates.day
),

known as (
    select told.*, told.rate is not null and told.forecast is not null as is_known
    from told
),

converted as (
    select
        known.*,
        case when known.is_known then round(cast(known.target as decimal(26, 2)) * known.rate, 2) end as target_base,
        case when known.is_known then round(cast(known.actual as decimal(26, 2)) * known.rate, 2) end as actual_base,
        case when known.is_known then round(cast(known.expected_so_far as decimal(26, 2)) * known.rate, 2) end as expected_base,
        case when known.is_known then round(cast(known.forecast as decimal(26, 2)) * known.rate, 2) end as forecast_base
    from known
)

select
    converted.store_group,
    converted.metric,
    converted.grain,
    converted.period_start,
    cast(count(*) as bigint) as stores,
    cast(count(converted.target_base) as bigint) as stores_known,
    cast(sum(converted.target_base) as decimal(18, 2)) as target_base,
    cast(sum(converted.actual_base) as decimal(18, 2)) as actual_base,
    cast(sum(converted.expected_base) as decimal(18, 2)) as expected_so_far_base,
    cast(sum(converted.forecast_base) as decimal(18, 2)) as forecast_base,
    cast(sum(converted.actual_base) - sum(converted.expected_base) as decimal(18, 2)) as gap_base
from converted
group by converted.store_group, converted.metric, converted.grain, converted.period_start
