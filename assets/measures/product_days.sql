-- One row per basis, store, currency, product and local day on which it was ordered, a refund on it was done or it was visited.
-- Sums only; a line is returned where all it was sold for came back. On a day whose visits are known a product without any has none; on a day whose orders are not, its sales are null.
with currencies as (
    select order_lines.month, order_lines.store, min(order_lines.currency) as currency
    from order_lines
    where order_lines.counted
    group by order_lines.month, order_lines.store
),

bases as (
    select 'paid' as basis
    union all
    select 'placed' as basis
),

sales as (
    select
        'paid' as basis, store, currency, product_id, paid_day as day,
        sum(cast(opens_product as integer)) as paid_orders,
        count(*) as order_lines,
        sum(quantity) as units,
        sum(line_gross) as gross,
        count(line_discount) as discounts_known, sum(line_discount) as discounts,
        sum(case when line_discount = 0 then line_gross end) as full_price,
        sum(cast(refunds_known as integer)) as refunds_known
    from order_lines
    where counted and is_goods and product_id is not null
    group by store, currency, product_id, paid_day
    union all
    select
        'placed' as basis, store, currency, product_id, placed_day as day,
        sum(cast(opens_product as integer)) as paid_orders,
        count(*) as order_lines,
        sum(quantity) as units,
        sum(line_gross) as gross,
        count(line_discount) as discounts_known, sum(line_discount) as discounts,
        sum(case when line_discount = 0 then line_gross end) as full_price,
        sum(cast(refunds_known as integer)) as refunds_known
    from order_lines
    where counted and is_goods and product_id is not null
    group by store, currency, product_id, placed_day
),

-- Refunds and visits are summed by themselves: one row of all sums for every line would cost most of the time and the memory.
other_events as (
    select
        'paid' as basis, store, currency, product_id, paid_day as day,
        1 as refunds_counted, refund_goods as goods_on_order_day, refund_cash as cash_on_order_day,
        0 as refunds_done, cast(null as decimal(18, 2)) as goods_on_refund_day, cast(null as decimal(18, 2)) as cash_on_refund_day,
        returned_units, cast(null as bigint) as visits
    from refund_lines
    union all
    select 'placed' as basis, store, currency, product_id, placed_day, 1, refund_goods, refund_cash, 0, null, null, returned_units, null
    from refund_lines
    union all
    select bases.basis, store, currency, product_id, refund_day, 0, null, null, 1, refund_goods, refund_cash, 0, null
    from refund_lines
    cross join bases
    where refund_day is not null
    union all
    select
        bases.basis, product_visits.store, coalesce(product_visits.currency, currencies.currency), product_visits.product_id, product_visits.day,
        0, null, null, 0, null, null, 0, product_visits.visits
    from product_visits
    cross join bases
    left join currencies on product_visits.store = currencies.store and product_visits.month = currencies.month
),

others as (
    select
        basis, store, currency, product_id, day,
        sum(refunds_counted) as refunds_counted, count(goods_on_order_day) as refund_goods_known,
        sum(goods_on_order_day) as goods_on_order_day, sum(cash_on_order_day) as cash_on_order_day,
        sum(refunds_done) as refunds_done, count(goods_on_refund_day) as goods_done_known,
        sum(goods_on_refund_day) as goods_on_refund_day, sum(cash_on_refund_day) as cash_on_refund_day,
        sum(returned_units) as returned_units, sum(visits) as visits
    from other_events
    where product_id is not null
    group by basis, store, currency, product_id, day
),

sums as (
    select
        coalesce(sales.basis, others.basis) as basis,
        coalesce(sales.store, others.store) as store,
        coalesce(sales.currency, others.currency) as currency,
        coalesce(sales.product_id, others.product_id) as product_id,
        coalesce(sales.day, others.day) as day,
        coalesce(sales.paid_orders, 0) as paid_orders,
        coalesce(sales.order_lines, 0) as order_lines,
        case when sales.store is null then 0 else sales.units end as units,
        sales.gross,
        coalesce(sales.discounts_known, 0) as discounts_known,
        sales.discounts,
        sales.full_price,
        coalesce(sales.refunds_known, 0) as refunds_known,
        coalesce(others.refunds_counted, 0) as refunds_counted,
        coalesce(others.refund_goods_known, 0) as refund_goods_known,
        others.goods_on_order_day,
        others.cash_on_order_day,
        coalesce(others.refunds_done, 0) as refunds_done,
        coalesce(others.goods_done_known, 0) as goods_done_known,
        others.goods_on_refund_day,
        others.cash_on_refund_day,
        coalesce(others.returned_units, 0) as returned_units,
        coalesce(others.visits, 0) as visits
    from sales
    full outer join others
        on sales.basis = others.basis
        and sales.store = others.store
        and sales.currency is not distinct from others.currency
        and sales.product_id = others.product_id
        and sales.day = others.day
),

-- What is known of a store's day, on one row.
day_sources as (
    select store, day, state in ('present', 'empty') as orders_known, false as dates_refunds, false as visits_known
    from order_coverage
    union all
    select store, day, false, true, false
    from refund_coverage
    union all
    select store, day, false, false, true
    from product_visits
),

store_days_known as (
    select
        store, day,
        max(cast(orders_known as integer)) = 1 as orders_known,
        max(cast(dates_refunds as integer)) = 1 as dates_refunds,
        max(cast(visits_known as integer)) = 1 as visits_known
    from day_sources
    group by store, day
),

known as (
    select
        sums.*,
        coalesce(store_sources.states_refunds, false) as states_refunds,
        coalesce(store_days_known.dates_refunds, false) as dates_refunds,
        coalesce(store_days_known.visits_known, false) as visits_known,
        sums.order_lines > 0
        or sums.refunds_counted > 0
        or sums.refunds_done > 0
        or (coalesce(store_days_known.orders_known, false) and store_sources.states_lines) as sales_known
    from sums
    left join store_sources on sums.store = store_sources.store
    left join store_days_known on sums.store = store_days_known.store and sums.day = store_days_known.day
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
    cast(case when known.sales_known then coalesce(known.gross, 0) end as decimal(18, 2)) as gross_sales,
    cast(
        case when known.sales_known and known.discounts_known = known.order_lines then coalesce(known.discounts, 0) end as decimal(18, 2)
    ) as discounts,
    cast(
        case
            when known.sales_known and known.discounts_known = known.order_lines
                then coalesce(known.gross, 0) - coalesce(known.discounts, 0)
        end as decimal(18, 2)
    ) as discounted_sales,
    cast(
        case when known.sales_known and known.discounts_known = known.order_lines then coalesce(known.full_price, 0) end as decimal(18, 2)
    ) as full_price_sales,
    cast(
        case
            when known.sales_known and known.states_refunds and known.discounts_known = known.order_lines
            and known.refunds_known = known.order_lines and known.refund_goods_known = known.refunds_counted
                then known.returned_units
        end as bigint
    ) as returned_units,
    cast(
        case
            when known.sales_known and known.states_refunds
            and known.refunds_known = known.order_lines and known.refund_goods_known = known.refunds_counted
                then coalesce(known.goods_on_order_day, 0)
        end as decimal(18, 2)
    ) as refunds_goods_order_day,
    cast(
        case when known.sales_known and known.states_refunds and known.refunds_known = known.order_lines then coalesce(known.cash_on_order_day, 0) end
        as decimal(18, 2)
    ) as refunds_cash_order_day,
    cast(
        case
            when known.sales_known and known.dates_refunds and known.goods_done_known = known.refunds_done
                then coalesce(known.goods_on_refund_day, 0)
        end as decimal(18, 2)
    ) as refunds_goods_refund_day,
    cast(
        case when known.sales_known and known.dates_refunds then coalesce(known.cash_on_refund_day, 0) end as decimal(18, 2)
    ) as refunds_cash_refund_day,
    cast(case when known.visits_known then known.visits end as bigint) as item_visits
from known
