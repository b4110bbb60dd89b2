-- One row per basis, store, currency, product, merchant SKU, local day, day paid and quantity of a line: goods whose discount and
-- refunds are known, for what they cost. A line is returned when all it was sold for came back. Sums only.
with refunded as (
    select
        refund_lines.store,
        refund_lines.order_id,
        refund_lines.line_id,
        sum(refund_lines.refund_goods) as refund_goods,
        count(refund_lines.refund_goods) = count(*) as is_known
    from refund_lines
    where refund_lines.line_id is not null
    group by refund_lines.store, refund_lines.order_id, refund_lines.line_id
),

lines as (
    select
        order_lines.store,
        order_lines.currency,
        order_lines.product_id,
        order_lines.merchant_sku,
        order_lines.placed_day,
        order_lines.paid_day,
        order_lines.quantity,
        order_lines.line_gross - order_lines.line_discount as line_net,
        coalesce(refunded.refund_goods, 0) as refund_goods
    from order_lines
    left join refunded
        on order_lines.store = refunded.store
        and order_lines.order_id = refunded.order_id
        and order_lines.line_id = refunded.line_id
    where order_lines.counted
        and order_lines.is_goods
        and order_lines.refunds_known
        and order_lines.merchant_sku is not null
        and order_lines.quantity is not null
        and order_lines.line_discount is not null
        and coalesce(refunded.is_known, true)
),

events as (
    select 'paid' as basis, lines.paid_day as day, lines.* from lines
    union all
    select 'placed' as basis, lines.placed_day as day, lines.* from lines
)

select
    cast(date_trunc('month', events.day) as date) as month,
    events.basis,
    events.store,
    events.currency,
    events.product_id,
    events.merchant_sku,
    events.day,
    events.paid_day,
    events.quantity,
    cast(count(*) as bigint) as order_lines,
    cast(sum(case when events.refund_goods >= events.line_net and events.refund_goods > 0 then 1 else 0 end) as bigint) as returned_lines,
    cast(sum(events.line_net) as decimal(38, 2)) as discounted_sales,
    cast(sum(events.refund_goods) as decimal(38, 2)) as refunds_goods_order_day
from events
group by
    events.basis, events.store, events.currency, events.product_id, events.merchant_sku, events.day, events.paid_day, events.quantity
