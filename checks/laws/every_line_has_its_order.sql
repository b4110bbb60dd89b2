-- Lines of orders no export dates: they count nowhere until the order comes.
select
    order_lines.store,
    count(*) as lines
from order_lines
left join orders on order_lines.store = orders.store and order_lines.order_id = orders.order_id
where orders.order_id is null
group by order_lines.store
