-- One row per basis, store, currency, product and local day on which it was ordered or a refund on it was done. Sums only.
with line_events as (
    select 'paid' as basis, order_lines.paid_day as day, order_lines.* from order_lines where order_lines.counted and order_lines.is_goods
    union all
    select 'placed' as basis, order_lines.placed_day as day, order_lines.*
    from order_lines
    where order_lines.counted and order_lines.is_goods
),

refund_events as (
    select 'paid' as basis, refund_lines.paid_day as day, refund_lines.* from refund_lines
    union all
    select 'placed' as basis, refund_lines.placed_day as day, refund_lines.* from refund_lines
),

refund_done_events as (
    select bases.basis, refund_lines.refund_day as day, refund_lines.*
    from refund_lines
    cross join (select 'paid' as basis union all select 'placed' as basis) as bases
    where refund_lines.refund_day is not null
),

events as (
    select
        basis, store, currency, product_id, day,
        1 as lines_seen, cast(opens_product as integer) as orders_seen, cast(refunds_known as integer) as refunds_seen,
        quantity as units, line_gross as gross, line_discount as discount,
        0 as refunds_counted, cast(null as decimal(18, 2)) as goods_on_order_day, cast(null as decimal(18, 2)) as cash_on_order_day,
        0 as refunds_done, cast(null as decimal(18, 2)) as goods_on_refund_day, cast(null as decimal(18, 2)) as cash_on_refund_day
    from line_events
    union all
    select basis, store, currency, product_id, day, 0, 0, 0, 0, null, null, 1, refund_goods, refund_cash, 0, null, null
    from refund_events
    union all
    select basis, store, currency, product_id, day, 0, 0, 0, 0, null, null, 0, null, null, 1, refund_goods, refund_cash
    from refund_done_events
),

sums as (
    select
        basis, store, currency, product_id, day,
        sum(orders_seen) as paid_orders,
        sum(lines_seen) as order_lines,
        sum(units) as units,
        sum(gross) as gross,
        count(discount) as discounts_known, sum(discount) as discounts,
        sum(refunds_seen) as refunds_known,
        sum(refunds_counted) as refunds_counted, count(goods_on_order_day) as refund_goods_known,
        sum(goods_on_order_day) as goods_on_order_day, sum(cash_on_order_day) as cash_on_order_day,
        sum(refunds_done) as refunds_done, count(goods_on_refund_day) as goods_done_known,
        sum(goods_on_refund_day) as goods_on_refund_day, sum(cash_on_refund_day) as cash_on_refund_day
    from events
    where product_id is not null
    group by basis, store, currency, product_id, day
)

select
    cast(date_trunc('month', sums.day) as date) as month,
    sums.basis,
    sums.store,
    sums.currency,
    sums.product_id,
    sums.day,
    cast(sums.paid_orders as bigint) as paid_orders,
    cast(sums.order_lines as bigint) as order_lines,
    cast(sums.units as bigint) as units,
    cast(coalesce(sums.gross, 0) as decimal(38, 2)) as gross_sales,
    cast(case when sums.discounts_known = sums.order_lines then coalesce(sums.discounts, 0) end as decimal(38, 2)) as discounts,
    cast(
        case when sums.discounts_known = sums.order_lines then coalesce(sums.gross, 0) - coalesce(sums.discounts, 0) end as decimal(38, 2)
    ) as discounted_sales,
    cast(
        case
            when sums.refunds_known = sums.order_lines and sums.refund_goods_known = sums.refunds_counted
                then coalesce(sums.goods_on_order_day, 0)
        end as decimal(38, 2)
    ) as refunds_goods_order_day,
    cast(case when sums.refunds_known = sums.order_lines then coalesce(sums.cash_on_order_day, 0) end as decimal(38, 2)) as refunds_cash_order_day,
    cast(
        case
            when store_sources.dates_refunds and sums.goods_done_known = sums.refunds_done
                then coalesce(sums.goods_on_refund_day, 0)
        end as decimal(38, 2)
    ) as refunds_goods_refund_day,
    cast(case when store_sources.dates_refunds then coalesce(sums.cash_on_refund_day, 0) end as decimal(38, 2)) as refunds_cash_refund_day
from sums
left join store_sources on sums.store = store_sources.store
