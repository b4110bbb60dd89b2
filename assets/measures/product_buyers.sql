-- One row per basis, store, currency, product, month and buyer; private.
with line_events as (
    select 'paid' as basis, order_lines.paid_day as day, order_lines.* from order_lines where order_lines.counted and order_lines.is_goods
    union all
    select 'placed' as basis, order_lines.placed_day as day, order_lines.*
    from order_lines
    where order_lines.counted and order_lines.is_goods
),

buyer_events as (
    select 'paid' as basis, order_buyers.paid_day as day, order_buyers.* from order_buyers
    union all
    select 'placed' as basis, order_buyers.placed_day as day, order_buyers.* from order_buyers
)

select distinct
    cast(date_trunc('month', line_events.day) as date) as month,
    line_events.basis,
    line_events.store,
    line_events.currency,
    line_events.product_id,
    buyer_events.buyer
from line_events
inner join buyer_events
    on line_events.basis = buyer_events.basis
    and line_events.store = buyer_events.store
    and line_events.order_id = buyer_events.order_id
    and date_trunc('month', line_events.day) = date_trunc('month', buyer_events.day)
where line_events.product_id is not null
