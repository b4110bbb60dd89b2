-- One row per store and day whose refunds are dated: from the month of the first refund exported to the last export, or to 31 days
-- after the last refund where no file says when it was made. Days before it are too, while each order until then states what was
-- refunded of it, and all of that is dated. Only on such a day is no refund a zero.
with seen as (
    select
        landed_refunds.store,
        min(coalesce(landed_refunds.month, cast(date_trunc('month', landed_refunds.refund_day) as date))) as first_day,
        max(greatest(coalesce(cast(landed_refunds.applied_at as date), landed_refunds.month), landed_refunds.refund_day)) as last_seen,
        max(cast(landed_refunds.exported_at as date)) as last_export
    from landed_refunds
    group by landed_refunds.store
),

undated as (
    select orders.store, orders.placed_day as day
    from orders
    where orders.counted and orders.refund_reported is null
    union all
    select refunds.store, refunds.placed_day as day
    from refunds
    where refunds.counted and refunds.is_estimate
),

first_undated as (
    select undated.store, min(undated.day) as day
    from undated
    group by undated.store
),

first_orders as (
    select orders.store, min(orders.placed_day) as day
    from orders
    group by orders.store
),

spans as (
    select
        seen.store,
        seen.first_day,
        greatest(cast(seen.last_seen + interval 31 day as date), seen.last_export) as last_day
    from seen
    where seen.first_day is not null
    union all
    select
        seen.store,
        first_orders.day as first_day,
        cast(least(seen.first_day, first_undated.day) - interval 1 day as date) as last_day
    from seen
    inner join first_orders on seen.store = first_orders.store
    left join first_undated on seen.store = first_undated.store
    where first_orders.day < least(seen.first_day, first_undated.day)
),

days as (
    select
        spans.store,
        unnest(generate_series(spans.first_day, spans.last_day, interval 1 day)) as day
    from spans
)

select
    days.store,
    cast(days.day as date) as day
from days
