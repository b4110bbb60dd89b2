-- One row per basis, store, currency and local day on which an order was paid or placed or a refund was done. Sums only.
-- A sum of which one part is unknown is unknown: null, never less. A line is returned where all it was sold for came back.
with discounted_orders as (
    select distinct order_lines.store, order_lines.order_id, order_lines.currency, order_lines.paid_day, order_lines.placed_day
    from order_lines
    where order_lines.counted and order_lines.is_goods and order_lines.line_discount > 0
),

returned_orders as (
    select distinct refunds.store, refunds.order_id, refunds.currency, refunds.paid_day, refunds.placed_day
    from refunds
    where refunds.counted and refunds.refund_cash > 0
),

-- Orders, lines and refunds are added up by both their days at once, once; on each basis the sums of these are added up again.
by_both_days as (
    select
        store, currency, paid_day, placed_day,
        count(*) as orders_seen, sum(cast(refunds_known as integer)) as refunds_seen,
        count(goods_amount) as goods_known, sum(goods_amount) as goods,
        count(order_shipping) as shipping_known, sum(order_shipping) as shipping,
        count(order_tax) as tax_known, sum(order_tax) as tax,
        count(order_subsidy) as subsidy_known, sum(order_subsidy) as subsidy,
        count(order_paid) as paid_known, sum(order_paid) as paid,
        0 as lines_seen, 0 as orders_with_lines, 0 as units, cast(null as decimal(18, 2)) as gross,
        0 as refunds_counted, 0 as refund_goods_known, cast(null as decimal(18, 2)) as refund_goods, cast(null as decimal(18, 2)) as refund_cash,
        cast(null as decimal(18, 2)) as full_price, 0 as discounted, 0 as returned, 0 as units_returned
    from orders
    where counted
    group by store, currency, paid_day, placed_day
    union all
    select
        store, currency, paid_day, placed_day,
        0, 0, 0, null, 0, null, 0, null, 0, null, 0, null,
        sum(cast(is_goods as integer)), sum(cast(opens_order and lines_known as integer)),
        sum(case when is_goods then quantity else 0 end), sum(case when is_goods then line_gross else 0 end),
        0, 0, null, null,
        sum(case when is_goods and line_discount = 0 then line_gross end), 0, 0, 0
    from order_lines
    where counted
    group by store, currency, paid_day, placed_day
    union all
    select
        store, currency, paid_day, placed_day,
        0, 0, 0, null, 0, null, 0, null, 0, null, 0, null,
        0, 0, 0, null,
        count(*), count(refund_goods), sum(refund_goods), sum(refund_cash),
        null, 0, 0, 0
    from refunds
    where counted
    group by store, currency, paid_day, placed_day
    union all
    select
        store, currency, paid_day, placed_day,
        0, 0, 0, null, 0, null, 0, null, 0, null, 0, null,
        0, 0, 0, null,
        0, 0, null, null,
        null, count(*), 0, 0
    from discounted_orders
    group by store, currency, paid_day, placed_day
    union all
    select
        store, currency, paid_day, placed_day,
        0, 0, 0, null, 0, null, 0, null, 0, null, 0, null,
        0, 0, 0, null,
        0, 0, null, null,
        null, 0, count(*), 0
    from returned_orders
    group by store, currency, paid_day, placed_day
    union all
    select
        store, currency, paid_day, placed_day,
        0, 0, 0, null, 0, null, 0, null, 0, null, 0, null,
        0, 0, 0, null,
        0, 0, null, null,
        null, 0, 0, sum(returned_units)
    from refund_lines
    group by store, currency, paid_day, placed_day
),

refunds_done as (
    select
        store, currency, refund_day as day,
        count(*) as refunds_done, count(refund_goods) as goods_done_known, sum(refund_goods) as refund_goods, sum(refund_cash) as refund_cash
    from refunds
    where counted and refund_day is not null
    group by store, currency, refund_day
),

events as (
    select
        'paid' as basis, paid_day as day, by_both_days.*,
        0 as refunds_done, 0 as goods_done_known, cast(null as decimal(18, 2)) as goods_done, cast(null as decimal(18, 2)) as cash_done
    from by_both_days
    union all
    select 'placed' as basis, placed_day as day, by_both_days.*, 0, 0, null, null
    from by_both_days
    union all
    select
        bases.basis, day, store, currency, null, null,
        0, 0, 0, null, 0, null, 0, null, 0, null, 0, null,
        0, 0, 0, null,
        0, 0, null, null,
        null, 0, 0, 0,
        refunds_done, goods_done_known, refund_goods, refund_cash
    from refunds_done
    cross join (select 'paid' as basis union all select 'placed' as basis) as bases
),

sums as (
    select
        basis, store, currency, day,
        sum(orders_seen) as paid_orders,
        sum(orders_with_lines) as orders_with_lines,
        sum(lines_seen) as order_lines,
        sum(units) as units,
        sum(gross) as gross,
        sum(goods_known) as goods_known, sum(goods) as goods,
        sum(shipping_known) as shipping_known, sum(shipping) as shipping,
        sum(tax_known) as tax_known, sum(tax) as tax,
        sum(subsidy_known) as subsidy_known, sum(subsidy) as subsidy,
        sum(paid_known) as paid_known, sum(paid) as paid,
        sum(refunds_seen) as refunds_known,
        sum(refunds_counted) as refunds_counted, sum(refund_goods_known) as refund_goods_known,
        sum(refund_goods) as goods_on_order_day, sum(refund_cash) as cash_on_order_day,
        sum(refunds_done) as refunds_done, sum(goods_done_known) as goods_done_known,
        sum(goods_done) as goods_on_refund_day, sum(cash_done) as cash_on_refund_day,
        sum(full_price) as full_price,
        sum(discounted) as discounted,
        sum(returned) as returned,
        sum(units_returned) as units_returned
    from events
    group by basis, store, currency, day
),

known as (
    select
        sums.*,
        store_sources.states_goods,
        store_sources.states_subsidy,
        store_sources.states_shipping,
        store_sources.states_tax,
        store_sources.states_paid,
        refund_coverage.store is not null as dates_refunds,
        store_sources.states_lines and sums.orders_with_lines = sums.paid_orders as lines_known,
        store_sources.states_lines and store_sources.states_goods
        and sums.orders_with_lines = sums.paid_orders and sums.goods_known = sums.paid_orders as discounts_known,
        store_sources.states_refunds and sums.refunds_known = sums.paid_orders as returns_known,
        store_sources.states_refunds and (store_sources.states_goods or store_sources.refunds_from is not null)
        and sums.refunds_known = sums.paid_orders and sums.refund_goods_known = sums.refunds_counted as returned_goods_known
    from sums
    left join store_sources on sums.store = store_sources.store
    left join refund_coverage on sums.store = refund_coverage.store and sums.day = refund_coverage.day
)

select
    cast(date_trunc('month', known.day) as date) as month,
    known.basis,
    known.store,
    known.currency,
    known.day,
    cast(known.paid_orders as bigint) as paid_orders,
    cast(case when known.lines_known then known.order_lines end as bigint) as order_lines,
    cast(case when known.lines_known then known.units end as bigint) as units,
    cast(case when known.lines_known then coalesce(known.gross, 0) end as decimal(18, 2)) as gross_sales,
    cast(case when known.discounts_known then coalesce(known.gross, 0) - coalesce(known.goods, 0) end as decimal(18, 2)) as discounts,
    cast(
        case when known.states_goods and known.goods_known = known.paid_orders then coalesce(known.goods, 0) end as decimal(18, 2)
    ) as discounted_sales,
    cast(case when known.discounts_known then coalesce(known.full_price, 0) end as decimal(18, 2)) as full_price_sales,
    cast(case when known.discounts_known then known.discounted end as bigint) as discounted_orders,
    cast(
        case when known.states_subsidy and known.subsidy_known = known.paid_orders then coalesce(known.subsidy, 0) end as decimal(18, 2)
    ) as platform_subsidy,
    cast(
        case when known.states_shipping and known.shipping_known = known.paid_orders then coalesce(known.shipping, 0) end as decimal(18, 2)
    ) as shipping,
    cast(case when known.states_tax and known.tax_known = known.paid_orders then coalesce(known.tax, 0) end as decimal(18, 2)) as tax,
    cast(
        case when known.states_paid and known.paid_known = known.paid_orders then coalesce(known.paid, 0) end as decimal(18, 2)
    ) as paid_amount,
    cast(case when known.returned_goods_known then coalesce(known.goods_on_order_day, 0) end as decimal(18, 2)) as refunds_goods_order_day,
    cast(case when known.returns_known then coalesce(known.cash_on_order_day, 0) end as decimal(18, 2)) as refunds_cash_order_day,
    cast(
        case when known.dates_refunds and known.goods_done_known = known.refunds_done then coalesce(known.goods_on_refund_day, 0) end
        as decimal(18, 2)
    ) as refunds_goods_refund_day,
    cast(case when known.dates_refunds then coalesce(known.cash_on_refund_day, 0) end as decimal(18, 2)) as refunds_cash_refund_day,
    cast(case when known.returns_known then known.returned end as bigint) as returned_orders,
    cast(case when known.returned_goods_known and known.discounts_known then known.units_returned end as bigint) as returned_units,
    cast(known.orders_with_lines as bigint) as orders_with_lines
from known
