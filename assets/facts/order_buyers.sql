-- One row per store and order whose buyer any export names; an order's buyer never changes, so the versions need no ranking.
with named as (
    select
        landed_orders.month,
        landed_orders.store,
        landed_orders.order_id,
        max(landed_orders.buyer) as buyer
    from landed_orders
    where landed_orders.buyer is not null
    group by landed_orders.month, landed_orders.store, landed_orders.order_id
)

select
    named.month,
    named.store,
    named.order_id,
    orders.currency,
    named.buyer,
    orders.placed_day,
    orders.paid_day,
    orders.counted
from named
inner join orders
    on named.store = orders.store
    and named.month = orders.month
    and named.order_id = orders.order_id
