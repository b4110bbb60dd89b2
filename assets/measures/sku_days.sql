-- One row per basis, store, currency, product, merchant SKU, local day, day paid and quantity of a line: goods whose discount and
-- refunds are known, of SKUs that a cost is given for: what they cost is told by these. A line is returned when all it was sold for
-- came back. Sums only.
with costed as (
    select distinct reference_costs.merchant_sku from reference_costs
),

refunded as (
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
    inner join costed on order_lines.merchant_sku = costed.merchant_sku
    left join refunded
        on order_lines.store = refunded.store
        and order_lines.order_id = refunded.order_id
        and order_lines.line_id = refunded.line_id
    where order_lines.counted
        and order_lines.is_goods
        and order_lines.refunds_known
        and order_lines.quantity is not null
        and order_lines.line_discount is not null
        and coalesce(refunded.is_known, true)
),

sums as (
    select
        'paid' as basis, store, currency, product_id, merchant_sku, paid_day as day, paid_day, quantity,
        count(*) as order_lines,
        sum(case when refund_goods >= line_net and refund_goods > 0 then 1 else 0 end) as returned_lines,
        sum(line_net) as discounted_sales,
        sum(refund_goods) as refunds_goods_order_day
    from lines
    group by store, currency, product_id, merchant_sku, paid_day, quantity
    union all
    select
        'placed' as basis, store, currency, product_id, merchant_sku, placed_day as day, paid_day, quantity,
        count(*) as order_lines,
        sum(case when refund_goods >= line_net and refund_goods > 0 then 1 else 0 end) as returned_lines,
        sum(line_net) as discounted_sales,
        sum(refund_goods) as refunds_goods_order_day
    from lines
    group by store, currency, product_id, merchant_sku, placed_day, paid_day, quantity
)

select
    cast(date_trunc('month', sums.day) as date) as month,
    sums.basis,
    sums.store,
    sums.currency,
    sums.product_id,
    sums.merchant_sku,
    sums.day,
    sums.paid_day,
    sums.quantity,
    cast(sums.order_lines as bigint) as order_lines,
    cast(sums.returned_lines as bigint) as returned_lines,
    cast(sums.discounted_sales as decimal(18, 2)) as discounted_sales,
    cast(sums.refunds_goods_order_day as decimal(18, 2)) as refunds_goods_order_day
from sums
