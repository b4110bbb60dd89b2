-- One row per basis, store, currency, product and local day on which it was ordered, a refund on it was done or it was visited.
-- Sums only. On a day whose visits are known a product without any has none; on a day whose orders are not, its sales are null.
with currencies as (
    select order_lines.month, order_lines.store, min(order_lines.currency) as currency
    from order_lines
    where order_lines.counted
    group by order_lines.month, order_lines.store
),

visited_days as (
    select product_visits.store, product_visits.day
    from product_visits
    group by product_visits.store, product_visits.day
),

visit_events as (
    select
        bases.basis,
        product_visits.store,
        coalesce(product_visits.currency, currencies.currency) as currency,
        product_visits.product_id,
        product_visits.day,
        product_visits.visits
    from product_visits
    cross join (select 'paid' as basis union all select 'placed' as basis) as bases
    left join currencies on product_visits.store = currencies.store and product_visits.month = currencies.month
),

line_events as (
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
        0 as refunds_done, cast(null as decimal(18, 2)) as goods_on_refund_day, cast(null as decimal(18, 2)) as cash_on_refund_day,
        0 as visits
    from line_events
    union all
    select basis, store, currency, product_id, day, 0, 0, 0, 0, null, null, 1, refund_goods, refund_cash, 0, null, null, 0
    from refund_events
    union all
    select basis, store, currency, product_id, day, 0, 0, 0, 0, null, null, 0, null, null, 1, refund_goods, refund_cash, 0
    from refund_done_events
    union all
    select basis, store, currency, product_id, day, 0, 0, 0, 0, null, null, 0, null, null, 0, null, null, visits
    from visit_events
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
        sum(goods_on_refund_day) as goods_on_refund_day, sum(cash_on_refund_day) as cash_on_refund_day,
        sum(visits) as visits
    from events
    where product_id is not null
    group by basis, store, currency, product_id, day
),

known as (
    select
        sums.*,
        coalesce(store_sources.states_refunds, false) as states_refunds,
        refund_coverage.store is not null as dates_refunds,
        visited_days.store is not null as visits_known,
        sums.order_lines > 0
        or sums.refunds_counted > 0
        or sums.refunds_done > 0
        or (coalesce(order_coverage.state, 'missing') in ('present', 'empty') and store_sources.states_lines) as sales_known
    from sums
    left join store_sources on sums.store = store_sources.store
    left join refund_coverage on sums.store = refund_coverage.store and sums.day = refund_coverage.day
    left join visited_days on sums.store = visited_days.store and sums.day = visited_days.day
    left join order_coverage on sums.store = order_coverage.store and sums.day = order_coverage.day
)

select
    cast(date_trunc('month', known.day) as date) as month,
    known.basis,
    known.store,
    known.currency,
    known.product_id,
    known.day,
    cast(case when known.sales_known then known.paid_orders end as bigint) as paid_orders,
    cast(case when known.sales_known then known.order_lines end as bigint) as order_lines,
    cast(case when known.sales_known then known.units end as bigint) as units,
    cast(case when known.sales_known then coalesce(known.gross, 0) end as decimal(38, 2)) as gross_sales,
    cast(
        case when known.sales_known and known.discounts_known = known.order_lines then coalesce(known.discounts, 0) end as decimal(38, 2)
    ) as discounts,
    cast(
        case
            when known.sales_known and known.discounts_known = known.order_lines
                then coalesce(known.gross, 0) - coalesce(known.discounts, 0)
        end as decimal(38, 2)
    ) as discounted_sales,
    cast(
        case
            when known.sales_known and known.states_refunds
            and known.refunds_known = known.order_lines and known.refund_goods_known = known.refunds_counted
                then coalesce(known.goods_on_order_day, 0)
        end as decimal(38, 2)
    ) as refunds_goods_order_day,
    cast(
        case when known.sales_known and known.states_refunds and known.refunds_known = known.order_lines then coalesce(known.cash_on_order_day, 0) end
        as decimal(38, 2)
    ) as refunds_cash_order_day,
    cast(
        case
            when known.sales_known and known.dates_refunds and known.goods_done_known = known.refunds_done
                then coalesce(known.goods_on_refund_day, 0)
        end as decimal(38, 2)
    ) as refunds_goods_refund_day,
    cast(
        case when known.sales_known and known.dates_refunds then coalesce(known.cash_on_refund_day, 0) end as decimal(38, 2)
    ) as refunds_cash_refund_day,
    cast(case when known.visits_known then known.visits end as bigint) as item_visits
from known
