-- One row per store, currency, month and window of 30, 90 or 365 days that ends with the month: how many buyers bought twice in
-- it. A window that reaches back before the store's first known day, misses a day, or
-- reaches over a change of the pseudonym key, has no row.
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

-- Who bought in a window is told by the last of his days in it, which stays the last until the month of his next. He bought twice
-- if he did so on that day, or if the day before it is in the window too: people of equal days are added up before they meet windows.
last_days as (
    select
        store, currency, day as since,
        cast(date_trunc('month', day) as date) as month,
        cast(date_trunc('month', paid_next) as date) as month_after,
        count(*) as buyers,
        sum(case when paid_orders >= 2 then 1 else 0 end) as repeat_buyers
    from buyer_days
    where paid_orders > 0 and (paid_next is null or paid_next > last_day(day))
    group by store, currency, day, date_trunc('month', paid_next)
    union all
    select
        store, currency, paid_before as since,
        cast(date_trunc('month', day) as date) as month,
        cast(date_trunc('month', paid_next) as date) as month_after,
        0 as buyers,
        count(*) as repeat_buyers
    from buyer_days
    where paid_orders = 1 and paid_before is not null and (paid_next is null or paid_next > last_day(day))
    group by store, currency, paid_before, date_trunc('month', day), date_trunc('month', paid_next)
),

cut as (
    select distinct known.store, known.day, known.window_days
    from known
    inner join buyer_breaks
        on known.store = buyer_breaks.store
        and buyer_breaks.linked_from <= known.day
        and buyer_breaks.linked_until > known.day - cast(known.window_days as integer)
),

counted as (
    select
        known.store,
        last_days.currency,
        known.day,
        known.window_days,
        sum(last_days.buyers) as buyers,
        sum(last_days.repeat_buyers) as repeat_buyers
    from known
    inner join last_days
        on known.store = last_days.store
        and last_days.month <= known.day
        and (last_days.month_after is null or last_days.month_after > known.day)
        and last_days.since > known.day - cast(known.window_days as integer)
    left join cut on known.store = cut.store and known.day = cut.day and known.window_days = cut.window_days
    where cut.store is null
    group by known.store, last_days.currency, known.day, known.window_days
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
