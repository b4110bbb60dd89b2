-- One row per store, source and day from the source's first day to the store's last: present, empty, partial or missing. A missing
-- day is never a zero: what is summed over it is unknown. A partial day is known in part: the newest export that tells of it was
-- made within it, or each export that does had a row refused beside its own. All of it is told by content, nothing by when files came.
with made as (
    select
        zones.landing,
        cast(zones.exported_at at time zone 'UTC' at time zone zones.timezone as date) as day
    from (
        select
            ledger_landings.landing,
            ledger_landings.exported_at,
            coalesce(reference_stores.timezone, ledger_landings.timezone) as timezone
        from ledger_landings
        left join reference_stores on ledger_landings.store = reference_stores.store
        where ledger_landings.exported_at is not null
    ) as zones
    where zones.timezone <> ''
),

placed as (
    select orders.store, 'orders' as source, orders.placed_day as day, orders.landing, orders.row
    from orders
    where orders.placed_day is not null
    union all
    select order_lines.store, 'orders' as source, order_lines.placed_day as day, order_lines.landing, order_lines.row
    from order_lines
    where order_lines.placed_day is not null
    union all
    select traffic.store, traffic.report as source, traffic.day, traffic.landing, traffic.row
    from traffic
),

within_the_day as (
    select placed.store, placed.source, placed.day
    from placed
    left join made on placed.landing = made.landing
    group by placed.store, placed.source, placed.day
    having count(made.day) = count(*) and max(made.day) <= placed.day
),

shaken as (
    select distinct landed_quarantine.store from landed_quarantine
),

stated as (
    select landed_orders.store, 'orders' as source, orders.placed_day as day, landed_orders.landing, landed_orders.row
    from landed_orders
    inner join shaken on landed_orders.store = shaken.store
    inner join orders on landed_orders.store = orders.store and landed_orders.order_id = orders.order_id
    where orders.placed_day is not null
    union all
    select landed_order_lines.store, 'orders' as source, orders.placed_day as day, landed_order_lines.landing, landed_order_lines.row
    from landed_order_lines
    inner join shaken on landed_order_lines.store = shaken.store
    inner join orders on landed_order_lines.store = orders.store and landed_order_lines.order_id = orders.order_id
    where orders.placed_day is not null
    union all
    select landed_traffic.store, landed_traffic.report as source, landed_traffic.day, landed_traffic.landing, landed_traffic.row
    from landed_traffic
    inner join shaken on landed_traffic.store = shaken.store
),

neighbours as (
    select
        rows_of_files.landing,
        rows_of_files.is_refused,
        max(rows_of_files.kept_row) over (
            partition by rows_of_files.landing order by rows_of_files.row rows between unbounded preceding and current row
        ) as row_before,
        min(rows_of_files.kept_row) over (
            partition by rows_of_files.landing order by rows_of_files.row rows between current row and unbounded following
        ) as row_after
    from (
        select stated.landing, stated.row, stated.row as kept_row, false as is_refused from stated
        union all
        select landed_quarantine.landing, landed_quarantine.row, null as kept_row, true as is_refused from landed_quarantine
    ) as rows_of_files
),

beside as (
    select neighbours.landing, neighbours.row_before as row from neighbours where neighbours.is_refused
    union
    select neighbours.landing, neighbours.row_after as row from neighbours where neighbours.is_refused
),

-- What each export tells of each day; a day that one of them tells whole is known.
told_by as (
    select
        stated.store,
        stated.source,
        stated.day,
        stated.landing,
        count(beside.row) > 0 as is_beside_a_refusal
    from stated
    left join beside on stated.landing = beside.landing and stated.row = beside.row
    group by stated.store, stated.source, stated.day, stated.landing
),

beside_a_refusal as (
    select told_by.store, told_by.source, told_by.day
    from told_by
    left join made on told_by.landing = made.landing
    group by told_by.store, told_by.source, told_by.day
    having bool_and(told_by.is_beside_a_refusal or coalesce(made.day <= told_by.day, false))
),

in_part as (
    select within_the_day.store, within_the_day.source, within_the_day.day
    from within_the_day
    union
    select beside_a_refusal.store, beside_a_refusal.source, beside_a_refusal.day
    from beside_a_refusal
),

reported as (
    select
        traffic.store,
        traffic.report as source,
        traffic.day,
        sum(coalesce(traffic.visitors, traffic.sessions, 0)) as visits
    from traffic
    group by traffic.store, traffic.report, traffic.day
),

-- What the four weeks up to the last order make a day: a dozen orders that should have come since are missing, not none.
last_orders as (
    select order_coverage.store, min(order_coverage.day) as first_day, max(order_coverage.day) as last_day
    from order_coverage
    group by order_coverage.store
),

recent as (
    select
        last_orders.store,
        cast(sum(order_coverage.orders_seen) as double) / least(28, date_diff('day', last_orders.first_day, last_orders.last_day) + 1)
            as orders_a_day
    from last_orders
    inner join order_coverage
        on last_orders.store = order_coverage.store
        and order_coverage.day > last_orders.last_day - interval 28 day
    group by last_orders.store, last_orders.first_day, last_orders.last_day
),

last_days as (
    select days.store, max(days.day) as last_day
    from (
        select reported.store, reported.day from reported
        union all
        select order_coverage.store, order_coverage.day from order_coverage
    ) as days
    group by days.store
),

spans as (
    select reported.store, reported.source, min(reported.day) as first_day, max(last_days.last_day) as last_day
    from reported
    inner join last_days on reported.store = last_days.store
    group by reported.store, reported.source
    union all
    select
        last_orders.store,
        'orders' as source,
        last_orders.first_day,
        case
            when date_diff('day', last_orders.last_day, last_days.last_day) * recent.orders_a_day >= 12 then last_days.last_day
            else last_orders.last_day
        end as last_day
    from last_orders
    inner join last_days on last_orders.store = last_days.store
    inner join recent on last_orders.store = recent.store
),

spanned as (
    select
        spans.store,
        spans.source,
        unnest(generate_series(spans.first_day, spans.last_day, interval 1 day)) as day
    from spans
),

told as (
    select
        spanned.store,
        spanned.source,
        cast(spanned.day as date) as day,
        case
            when spanned.source = 'orders' then coalesce(order_coverage.state, 'missing')
            when reported.day is null then 'missing'
            when reported.visits = 0 then 'empty'
            else 'present'
        end as state
    from spanned
    left join reported
        on spanned.store = reported.store
        and spanned.source = reported.source
        and cast(spanned.day as date) = reported.day
    left join order_coverage
        on spanned.source = 'orders'
        and spanned.store = order_coverage.store
        and cast(spanned.day as date) = order_coverage.day
)

select
    told.store,
    told.source,
    told.day,
    case when told.state <> 'missing' and in_part.day is not null then 'partial' else told.state end as state
from told
left join in_part on told.store = in_part.store and told.source = in_part.source and told.day = in_part.day
