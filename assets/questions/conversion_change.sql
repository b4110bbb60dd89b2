-- One row per store, and store and category: conversion of the last 28 days known against the 28 before, over days on which orders
-- and visits are known whole. A change is clear where orders so few would show one as large by chance less than once in twenty.
with in_part as (
    select distinct coverage.store, coverage.day
    from coverage
    where coverage.state = 'partial' and coverage.source in ('orders', 'shop', 'item')
),

days_told as (
    select
        store_metrics.store,
        'store' as segment_type,
        '-' as segment,
        store_metrics.period_start as day,
        store_metrics.matched_orders as bought,
        store_metrics.matched_visits as visits
    from store_metrics
    where store_metrics.basis = 'paid' and store_metrics.grain = 'day' and store_metrics.matched_visits is not null
    union all
    select
        category_metrics.store,
        'category' as segment_type,
        category_metrics.category as segment,
        category_metrics.period_start as day,
        category_metrics.matched_lines as bought,
        category_metrics.matched_visits as visits
    from category_metrics
    where category_metrics.basis = 'paid' and category_metrics.grain = 'day' and category_metrics.matched_visits is not null
),

days as (
    select days_told.*
    from days_told
    left join in_part on days_told.store = in_part.store and days_told.day = in_part.day
    where in_part.day is null
),

last_days as (
    select days.store, days.segment_type, max(days.day) as last_day
    from days
    group by days.store, days.segment_type
),

sums as (
    select
        days.store,
        days.segment_type,
        days.segment,
        last_days.last_day,
        sum(case when days.day > last_days.last_day - 28 then days.bought end) as bought,
        sum(case when days.day > last_days.last_day - 28 then days.visits end) as visits,
        sum(case when days.day <= last_days.last_day - 28 then days.bought end) as bought_before,
        sum(case when days.day <= last_days.last_day - 28 then days.visits end) as visits_before
    from days
    inner join last_days on days.store = last_days.store and days.segment_type = last_days.segment_type
    where days.day > last_days.last_day - 56
    group by days.store, days.segment_type, days.segment, last_days.last_day
),

rates as (
    select
        sums.*,
        cast(sums.bought as double) / nullif(sums.visits, 0) as conversion,
        cast(sums.bought_before as double) / nullif(sums.visits_before, 0) as conversion_before
    from sums
)

select
    rates.store,
    rates.segment_type,
    rates.segment,
    rates.last_day,
    cast(rates.visits as bigint) as visits,
    cast(rates.visits_before as bigint) as visits_before,
    rates.conversion,
    rates.conversion_before,
    rates.conversion / nullif(rates.conversion_before, 0) - 1 as conversion_change,
    case
        when rates.bought > 0 and rates.bought_before > 0
            then abs(ln(rates.conversion / rates.conversion_before))
                > 1.96 * sqrt(cast(1 as double) / rates.bought + cast(1 as double) / rates.bought_before)
    end as is_clear
from rates
