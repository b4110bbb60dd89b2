-- Keys that were landed and are in no fact: every superseded row must have a winner.
select distinct
    landed_order_lines.store,
    landed_order_lines.order_id
from landed_order_lines
left join order_lines on landed_order_lines.store = order_lines.store and landed_order_lines.order_id = order_lines.order_id
where order_lines.order_id is null
