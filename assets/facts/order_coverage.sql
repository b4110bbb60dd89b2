-- One row per store and day between the first and the last order of an export: whether that day's orders are known. A day
-- without one, where the weeks around have a dozen a day, is missing; where they have few, it is empty.
with seen as (
    select landed_orders.landing, landed_orders.store, landed_orders.placed_day as day
    from landed_orders
    where landed_orders.placed_day is not null
),

spans as (
    select seen.landing, min(seen.day) as first_day, max(seen.day) as last_day
    from seen
    group by seen.landing
),

store_spans as (
    select distinct seen.store, spans.first_day, spans.last_day
    from seen
    inner join spans on seen.landing = spans.landing
),

spanned as (
    select store_spans.store, unnest(generate_series(store_spans.first_day, store_spans.last_day, interval 1 day)) as day
    from store_spans
),

days as (
    select distinct spanned.store, cast(spanned.day as date) as day
    from spanned
),

orders_a_day as (
    select orders.store, orders.placed_day as day, count(*) as orders_seen
    from orders
    group by orders.store, orders.placed_day
),

counted as (
    select days.store, days.day, coalesce(orders_a_day.orders_seen, 0) as orders_seen
    from days
    left join orders_a_day on days.store = orders_a_day.store and days.day = orders_a_day.day
),

expected as (
    select
        counted.*,
        avg(counted.orders_seen) over (
            partition by counted.store
            order by counted.day
            rows between 14 preceding and 14 following
        ) as orders_expected
    from counted
)

select
    expected.store,
    expected.day,
    cast(expected.orders_seen as bigint) as orders_seen,
    cast(expected.orders_expected as double) as orders_expected,
    case
        when expected.orders_seen > 0 then 'present'
        when expected.orders_expected >= 12 then 'missing'
        else 'empty'
    end as state
from expected
