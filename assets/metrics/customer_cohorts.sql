-- One row per store, currency, cohort and age in months: those who first paid in a month, and what they bought so many months
-- later. Ages end with the last month whose every day is known; a month that misses a day is null. Cohorts of fewer than five
-- people are one, `other`, and amounts of fewer than five people are null, so that nobody's purchases can be told; a sum so far
-- needs every amount before it, and one cohort's people all along. Where the pseudonym key changed, a cohort's months from then on
-- are null, nobody is new before the next month, and history begins there.
with order_days as (
    select coverage.store, coverage.day, coverage.state
    from coverage
    where coverage.source = 'orders'
),

months as (
    select
        order_days.store,
        cast(date_trunc('month', order_days.day) as date) as month,
        count(case when order_days.state in ('present', 'empty') then 1 end) as days_known,
        date_diff('day', cast(date_trunc('month', min(order_days.day)) as date), last_day(min(order_days.day))) + 1 as days_in_month,
        min(order_days.day) as first_day
    from order_days
    group by order_days.store, date_trunc('month', order_days.day)
),

ends as (
    select
        months.store,
        max(case when months.days_known = months.days_in_month then months.month end) as last_month,
        min(months.first_day) as first_day
    from months
    group by months.store
),

bought as (
    select
        buyer_days.store,
        buyer_days.currency,
        cast(date_trunc('month', buyer_days.first_paid) as date) as cohort_month,
        cast(date_trunc('month', buyer_days.day) as date) as month,
        sum(case when buyer_days.day = buyer_days.first_paid then 1 else 0 end) as new_buyers,
        sum(case when buyer_days.paid_before >= date_trunc('month', buyer_days.day) then 0 else 1 end) as buyers,
        sum(buyer_days.paid_orders) as paid_orders,
        case when count(buyer_days.net_sales_order_day) = count(*) then sum(buyer_days.net_sales_order_day) end as net_sales,
        count(buyer_days.net_sales_order_day) = count(*) as is_known
    from buyer_days
    where buyer_days.paid_orders > 0
    group by
        buyer_days.store, buyer_days.currency, date_trunc('month', buyer_days.first_paid), date_trunc('month', buyer_days.day)
),

sizes as (
    select bought.store, bought.currency, bought.cohort_month, sum(bought.new_buyers) as cohort_buyers
    from bought
    group by bought.store, bought.currency, bought.cohort_month
),

histories as (
    select
        sizes.store,
        sizes.currency,
        sizes.cohort_month,
        max(case when buyer_breaks.linked_until < sizes.cohort_month then buyer_breaks.linked_until end) + 1 as first_day,
        min(case when buyer_breaks.linked_until >= sizes.cohort_month then buyer_breaks.linked_from end) as broken_from
    from sizes
    inner join buyer_breaks on sizes.store = buyer_breaks.store
    group by sizes.store, sizes.currency, sizes.cohort_month
),

ages as (
    select
        sizes.*,
        months.month,
        months.days_known = months.days_in_month and (histories.broken_from is null or last_day(months.month) < histories.broken_from) as is_whole,
        date_diff('month', sizes.cohort_month, months.month) as age_months,
        greatest(date_diff('day', greatest(ends.first_day, coalesce(histories.first_day, ends.first_day)), sizes.cohort_month), 0) as history_days
    from sizes
    inner join ends on sizes.store = ends.store
    inner join months
        on sizes.store = months.store
        and sizes.cohort_month <= months.month
        and months.month <= ends.last_month
    left join histories
        on sizes.store = histories.store
        and sizes.currency = histories.currency
        and sizes.cohort_month = histories.cohort_month
    left join unlinked_periods
        on sizes.store = unlinked_periods.store
        and unlinked_periods.grain = 'month'
        and sizes.cohort_month = unlinked_periods.period_start
    where unlinked_periods.store is null
),

cells as (
    select
        ages.store,
        ages.currency,
        case when ages.cohort_buyers < 5 then 'other' else strftime(ages.cohort_month, '%Y-%m') end as cohort,
        ages.age_months,
        ages.cohort_buyers,
        ages.history_days,
        case when ages.is_whole then coalesce(bought.buyers, 0) end as buyers,
        case when ages.is_whole then coalesce(bought.paid_orders, 0) end as paid_orders,
        case when ages.is_whole and coalesce(bought.is_known, true) then coalesce(bought.net_sales, 0) end as net_sales
    from ages
    left join bought
        on ages.store = bought.store
        and ages.currency = bought.currency
        and ages.cohort_month = bought.cohort_month
        and ages.month = bought.month
),

merged as (
    select
        cells.store,
        cells.currency,
        cells.cohort,
        cells.age_months,
        sum(cells.cohort_buyers) as cohort_buyers,
        min(cells.history_days) as history_days,
        case when count(cells.buyers) = count(*) then sum(cells.buyers) end as buyers,
        case when count(cells.paid_orders) = count(*) then sum(cells.paid_orders) end as paid_orders,
        case when count(cells.net_sales) = count(*) then sum(cells.net_sales) end as net_sales
    from cells
    group by cells.store, cells.currency, cells.cohort, cells.age_months
),

told as (
    select
        merged.*,
        case when merged.buyers = 0 or merged.buyers >= 5 then merged.net_sales end as net_sales_told
    from merged
    where merged.cohort_buyers >= 5
),

so_far as (
    select
        told.*,
        case
            when told.cohort <> 'other' and count(told.net_sales_told) over ages = told.age_months + 1
                then sum(told.net_sales_told) over ages
        end as net_sales_so_far
    from told
    window ages as (partition by told.store, told.currency, told.cohort order by told.age_months)
)

select
    so_far.store,
    so_far.currency,
    so_far.cohort,
    cast(so_far.age_months as bigint) as age_months,
    cast(so_far.cohort_buyers as bigint) as cohort_buyers,
    cast(so_far.history_days as bigint) as history_days,
    cast(so_far.buyers as bigint) as buyers,
    cast(case when so_far.buyers = 0 or so_far.buyers >= 5 then so_far.paid_orders end as bigint) as paid_orders,
    cast(so_far.net_sales_told as decimal(18, 2)) as net_sales_order_day,
    cast(so_far.buyers as double) / nullif(so_far.cohort_buyers, 0) as retention,
    cast(so_far.net_sales_so_far as decimal(18, 2)) as net_sales_so_far,
    cast(cast(so_far.net_sales_so_far as double) / nullif(so_far.cohort_buyers, 0) as decimal(18, 4)) as lifetime_value
from so_far
