-- Keys that were landed and are in no fact: every superseded row must have a winner.
select distinct
    landed_orders.store,
    landed_orders.order_id
from landed_orders
left join orders on landed_orders.store = orders.store and landed_orders.order_id = orders.order_id
where orders.order_id is null
