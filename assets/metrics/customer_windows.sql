-- One row per store, currency, month and window of 30, 90 or 365 days that ends with the month: how many buyers bought twice in
-- it. A window that reaches back before the store's first known day, or misses a day, has no row.
with windows as (
    select unnest([30, 90, 365]) as window_days
),

order_days as (
    select coverage.store, coverage.day, coverage.state
    from coverage
    where coverage.source = 'orders'
),

month_ends as (
    select distinct order_days.store, last_day(order_days.day) as day
    from order_days
),

known as (
    select month_ends.store, month_ends.day, windows.window_days
    from month_ends
    cross join windows
    inner join order_days
        on month_ends.store = order_days.store
        and order_days.day <= month_ends.day
        and order_days.day > month_ends.day - cast(windows.window_days as integer)
    where order_days.state in ('present', 'empty')
    group by month_ends.store, month_ends.day, windows.window_days
    having count(*) = windows.window_days
),

people as (
    select
        known.store,
        known.day,
        known.window_days,
        buyer_days.currency,
        buyer_days.buyer,
        sum(buyer_days.paid_orders) as paid_orders
    from known
    inner join buyer_days
        on known.store = buyer_days.store
        and buyer_days.day <= known.day
        and buyer_days.day > known.day - cast(known.window_days as integer)
    where buyer_days.basis = 'paid'
    group by all
),

counted as (
    select
        people.store,
        people.currency,
        people.day,
        people.window_days,
        count(*) as buyers,
        sum(case when people.paid_orders >= 2 then 1 else 0 end) as repeat_buyers
    from people
    group by people.store, people.currency, people.day, people.window_days
)

select
    counted.store,
    counted.currency,
    counted.day,
    cast(counted.window_days as bigint) as window_days,
    cast(counted.buyers as bigint) as buyers,
    cast(counted.repeat_buyers as bigint) as repeat_buyers,
    cast(counted.repeat_buyers as double) / nullif(counted.buyers, 0) as repeat_rate
from counted
