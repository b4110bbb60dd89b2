-- One row per basis, store, currency and local day on which an order was paid or placed or a refund was done. Sums only.
-- A sum of which one part is unknown is unknown: null, never less.
with order_events as (
    select 'paid' as basis, orders.paid_day as day, orders.* from orders where orders.counted
    union all
    select 'placed' as basis, orders.placed_day as day, orders.* from orders where orders.counted
),

line_events as (
    select 'paid' as basis, order_lines.paid_day as day, order_lines.* from order_lines where order_lines.counted
    union all
    select 'placed' as basis, order_lines.placed_day as day, order_lines.* from order_lines where order_lines.counted
),

refund_events as (
    select 'paid' as basis, refunds.paid_day as day, refunds.* from refunds where refunds.counted
    union all
    select 'placed' as basis, refunds.placed_day as day, refunds.* from refunds where refunds.counted
),

refund_done_events as (
    select bases.basis, refunds.refund_day as day, refunds.*
    from refunds
    cross join (select 'paid' as basis union all select 'placed' as basis) as bases
    where refunds.counted and refunds.refund_day is not null
),

events as (
    select
        basis, store, currency, day,
        1 as orders_seen, cast(refunds_known as integer) as refunds_seen,
        goods_amount, order_shipping, order_tax, order_subsidy, order_paid,
        0 as lines_seen, 0 as orders_with_lines, 0 as units, cast(null as decimal(18, 2)) as gross,
        0 as refunds_counted, cast(null as decimal(18, 2)) as goods_on_order_day, cast(null as decimal(18, 2)) as cash_on_order_day,
        0 as refunds_done, cast(null as decimal(18, 2)) as goods_on_refund_day, cast(null as decimal(18, 2)) as cash_on_refund_day
    from order_events
    union all
    select
        basis, store, currency, day,
        0, 0, null, null, null, null, null,
        cast(is_goods as integer), cast(opens_order and lines_known as integer),
        case when is_goods then quantity else 0 end, case when is_goods then line_gross else 0 end,
        0, null, null,
        0, null, null
    from line_events
    union all
    select
        basis, store, currency, day,
        0, 0, null, null, null, null, null,
        0, 0, 0, null,
        1, refund_goods, refund_cash,
        0, null, null
    from refund_events
    union all
    select
        basis, store, currency, day,
        0, 0, null, null, null, null, null,
        0, 0, 0, null,
        0, null, null,
        1, refund_goods, refund_cash
    from refund_done_events
),

sums as (
    select
        basis, store, currency, day,
        sum(orders_seen) as paid_orders,
        sum(orders_with_lines) as orders_with_lines,
        sum(lines_seen) as order_lines,
        sum(units) as units,
        sum(gross) as gross,
        count(goods_amount) as goods_known, sum(goods_amount) as goods,
        count(order_shipping) as shipping_known, sum(order_shipping) as shipping,
        count(order_tax) as tax_known, sum(order_tax) as tax,
        count(order_subsidy) as subsidy_known, sum(order_subsidy) as subsidy,
        count(order_paid) as paid_known, sum(order_paid) as paid,
        sum(refunds_seen) as refunds_known,
        sum(refunds_counted) as refunds_counted, count(goods_on_order_day) as refund_goods_known,
        sum(goods_on_order_day) as goods_on_order_day, sum(cash_on_order_day) as cash_on_order_day,
        sum(refunds_done) as refunds_done, count(goods_on_refund_day) as goods_done_known,
        sum(goods_on_refund_day) as goods_on_refund_day, sum(cash_on_refund_day) as cash_on_refund_day
    from events
    group by basis, store, currency, day
)

select
    cast(date_trunc('month', sums.day) as date) as month,
    sums.basis,
    sums.store,
    sums.currency,
    sums.day,
    cast(sums.paid_orders as bigint) as paid_orders,
    cast(case when store_sources.states_lines and sums.orders_with_lines = sums.paid_orders then sums.order_lines end as bigint) as order_lines,
    cast(case when store_sources.states_lines and sums.orders_with_lines = sums.paid_orders then sums.units end as bigint) as units,
    cast(case when store_sources.states_lines and sums.orders_with_lines = sums.paid_orders then coalesce(sums.gross, 0) end as decimal(38, 2)) as gross_sales,
    cast(
        case
            when store_sources.states_lines and store_sources.states_goods
            and sums.orders_with_lines = sums.paid_orders and sums.goods_known = sums.paid_orders
                then coalesce(sums.gross, 0) - coalesce(sums.goods, 0)
        end as decimal(38, 2)
    ) as discounts,
    cast(case when store_sources.states_goods and sums.goods_known = sums.paid_orders then coalesce(sums.goods, 0) end as decimal(38, 2)) as discounted_sales,
    cast(case when store_sources.states_subsidy and sums.subsidy_known = sums.paid_orders then coalesce(sums.subsidy, 0) end as decimal(38, 2)) as platform_subsidy,
    cast(case when store_sources.states_shipping and sums.shipping_known = sums.paid_orders then coalesce(sums.shipping, 0) end as decimal(38, 2)) as shipping,
    cast(case when store_sources.states_tax and sums.tax_known = sums.paid_orders then coalesce(sums.tax, 0) end as decimal(38, 2)) as tax,
    cast(case when store_sources.states_paid and sums.paid_known = sums.paid_orders then coalesce(sums.paid, 0) end as decimal(38, 2)) as paid_amount,
    cast(
        case
            when store_sources.states_refunds and (store_sources.states_goods or store_sources.refunds_from is not null)
            and sums.refunds_known = sums.paid_orders and sums.refund_goods_known = sums.refunds_counted
                then coalesce(sums.goods_on_order_day, 0)
        end as decimal(38, 2)
    ) as refunds_goods_order_day,
    cast(case when store_sources.states_refunds and sums.refunds_known = sums.paid_orders then coalesce(sums.cash_on_order_day, 0) end as decimal(38, 2)) as refunds_cash_order_day,
    cast(
        case
            when refund_coverage.store is not null and sums.goods_done_known = sums.refunds_done
                then coalesce(sums.goods_on_refund_day, 0)
        end as decimal(38, 2)
    ) as refunds_goods_refund_day,
    cast(case when refund_coverage.store is not null then coalesce(sums.cash_on_refund_day, 0) end as decimal(38, 2)) as refunds_cash_refund_day,
    cast(sums.orders_with_lines as bigint) as orders_with_lines
from sums
left join store_sources on sums.store = store_sources.store
left join refund_coverage on sums.store = refund_coverage.store and sums.day = refund_coverage.day
