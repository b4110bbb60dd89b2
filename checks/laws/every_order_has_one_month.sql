-- Orders the exports place in more than one month: a number used twice, or a changed placing time.
with placed as (
    select store, order_id, month from landed_orders
    union
    select store, order_id, month from landed_order_lines where month is not null
)

select
    placed.store,
    placed.order_id,
    count(*) as months
from placed
group by placed.store, placed.order_id
having count(*) > 1
