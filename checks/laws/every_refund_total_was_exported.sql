-- Orders of which more is said to be refunded than any export says, or less than the export does that says how the order stands.
with stated as (
    select
        landed_orders.store,
        landed_orders.month,
        landed_orders.order_id,
        max(landed_orders.refund_reported) as most
    from landed_orders
    group by landed_orders.store, landed_orders.month, landed_orders.order_id
)

select
    orders.store,
    orders.order_id,
    orders.refund_reported,
    stated.most,
    winners.refund_reported as chosen
from orders
inner join stated
    on orders.store = stated.store
    and orders.month = stated.month
    and orders.order_id = stated.order_id
inner join landed_orders as winners
    on orders.store = winners.store
    and orders.landing = winners.landing
    and orders.row = winners.row
where orders.refund_reported > stated.most
    or orders.refund_reported < winners.refund_reported
    or (orders.refund_reported is null and stated.most is not null and winners.refund_reported is not null)
