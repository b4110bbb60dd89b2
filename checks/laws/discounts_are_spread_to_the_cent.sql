-- Orders whose lines, discounts taken off, do not add up to the goods the order states.
select
    order_lines.store,
    order_lines.order_id,
    orders.goods_amount,
    sum(order_lines.line_gross - order_lines.line_discount) as from_lines
from order_lines
inner join orders on order_lines.store = orders.store and order_lines.order_id = orders.order_id
where order_lines.is_goods and orders.goods_amount is not null
group by order_lines.store, order_lines.order_id, orders.goods_amount
having sum(order_lines.line_gross - order_lines.line_discount) <> orders.goods_amount
