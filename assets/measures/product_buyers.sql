-- One row per basis, store, currency, product, month and buyer; private.
with lines as (
    select
        order_lines.store,
        order_lines.currency,
        order_lines.product_id,
        order_buyers.buyer,
        cast(date_trunc('month', order_lines.paid_day) as date) as paid_month,
        cast(date_trunc('month', order_lines.placed_day) as date) as placed_month
    from order_lines
    inner join order_buyers on order_lines.store = order_buyers.store and order_lines.order_id = order_buyers.order_id
    where order_lines.counted and order_lines.is_goods and order_lines.product_id is not null
)

select distinct paid_month as month, 'paid' as basis, store, currency, product_id, buyer
from lines
union all
select distinct placed_month as month, 'placed' as basis, store, currency, product_id, buyer
from lines
