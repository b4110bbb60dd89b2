-- Exports whose time holds orders that older exports of the same kind have and they lack: a file was cut, or an order was taken off
-- the platform. The orders stand as they were last seen.
with exported as (
    select
        landed_orders.store,
        files.format,
        files.file,
        landed_orders.landing,
        landed_orders.exported_at,
        min(landed_orders.placed_at) as first_placed,
        max(landed_orders.placed_at) as last_placed
    from landed_orders
    inner join files on landed_orders.landing = files.landing
    where landed_orders.exported_at is not null
    group by all
),

last_seen as (
    select
        landed_orders.store,
        files.format,
        landed_orders.order_id,
        max(landed_orders.exported_at) as seen_at,
        max(landed_orders.placed_at) as placed_at
    from landed_orders
    inner join files on landed_orders.landing = files.landing
    where landed_orders.exported_at is not null
    group by all
)

select
    exported.store,
    exported.file,
    count(*) as orders_missing
from last_seen
inner join exported
    on last_seen.store = exported.store
    and last_seen.format = exported.format
    and last_seen.seen_at < exported.exported_at
    and last_seen.placed_at > exported.first_placed
    and last_seen.placed_at < exported.last_placed
group by exported.store, exported.file
