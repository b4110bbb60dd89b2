-- One row per store and day between its first and its last order: whether that day's orders are known. Days in a row without any
-- are missing where the four weeks before and after them would make a dozen in that time; where they make fewer, they are empty.
with days_with_orders as (
    select orders.store, orders.placed_day as day, count(*) as orders_seen
    from orders
    where orders.placed_day is not null
    group by orders.store, orders.placed_day
),

spans as (
    select days_with_orders.store, min(days_with_orders.day) as first_day, max(days_with_orders.day) as last_day
    from days_with_orders
    group by days_with_orders.store
),

followed as (
    select
        days_with_orders.store,
        days_with_orders.day,
        lead(days_with_orders.day) over (partition by days_with_orders.store order by days_with_orders.day) as next_day
    from days_with_orders
),

gaps as (
    select
        followed.store,
        cast(followed.day + interval 1 day as date) as first_day,
        cast(followed.next_day - interval 1 day as date) as last_day
    from followed
    where date_diff('day', followed.day, followed.next_day) > 1
),

around as (
    select
        gaps.store,
        gaps.first_day,
        gaps.last_day,
        sum(days_with_orders.orders_seen) as orders_around,
        max(
            least(28, date_diff('day', spans.first_day, gaps.first_day)) + least(28, date_diff('day', gaps.last_day, spans.last_day))
        ) as days_around
    from gaps
    inner join spans on gaps.store = spans.store
    inner join days_with_orders
        on gaps.store = days_with_orders.store
        and days_with_orders.day between gaps.first_day - interval 28 day and gaps.last_day + interval 28 day
    group by gaps.store, gaps.first_day, gaps.last_day
),

judged as (
    select
        around.store,
        around.first_day,
        around.last_day,
        cast(around.orders_around as double) / around.days_around as orders_expected,
        cast(around.orders_around as double) / around.days_around
        * (date_diff('day', around.first_day, around.last_day) + 1) as orders_of_gap
    from around
),

gap_days as (
    select
        judged.store,
        unnest(generate_series(judged.first_day, judged.last_day, interval 1 day)) as day,
        judged.orders_expected,
        judged.orders_of_gap
    from judged
)

select
    days_with_orders.store,
    days_with_orders.day,
    cast(days_with_orders.orders_seen as bigint) as orders_seen,
    cast(null as double) as orders_expected,
    'present' as state
from days_with_orders
union all
select
    gap_days.store,
    cast(gap_days.day as date) as day,
    cast(0 as bigint) as orders_seen,
    gap_days.orders_expected,
    case when gap_days.orders_of_gap >= 12 then 'missing' else 'empty' end as state
from gap_days
