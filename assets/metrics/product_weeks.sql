-- One row per basis, week, store, currency and product; a view, for weeks are nearly as many as days. Visits are null where the
-- store's item report misses a day of the week; rates are taken over days on which both sides are known.
with order_spans as (
    select order_coverage.store, min(order_coverage.day) as first_day, max(order_coverage.day) as last_day
    from order_coverage
    group by order_coverage.store
),

-- A week's sum is known where it is known on each of its order days: what is not on one of them is a bit here.
sums_of_days as (
    select
        product_days.basis,
        cast(date_trunc('week', product_days.day) as date) as week,
        product_days.store,
        product_days.currency,
        product_days.product_id,
        bit_or(
            case
                when product_days.order_lines is null then 0
                else case when product_days.units is null then 2 else 0 end
                    | case when product_days.discounted_sales is null then 4 else 0 end
                    | case when product_days.refunds_goods_order_day is null then 8 else 0 end
                    | case when product_days.refunds_cash_order_day is null then 16 else 0 end
                    | case when product_days.refunds_goods_refund_day is null then 32 else 0 end
                    | case when product_days.refunds_cash_refund_day is null then 64 else 0 end
            end
        ) as unknown_where_sold,
        sum(product_days.paid_orders) as paid_orders,
        sum(product_days.order_lines) as order_lines,
        sum(product_days.units) as units,
        sum(product_days.gross_sales) as gross_sales,
        sum(product_days.discounts) as discounts,
        sum(product_days.discounted_sales) as discounted_sales,
        sum(product_days.full_price_sales) as full_price_sales,
        sum(product_days.returned_units) as returned_units,
        sum(product_days.refunds_goods_order_day) as refunds_goods_order_day,
        sum(product_days.refunds_cash_order_day) as refunds_cash_order_day,
        sum(product_days.refunds_goods_refund_day) as refunds_goods_refund_day,
        sum(product_days.refunds_cash_refund_day) as refunds_cash_refund_day,
        sum(product_days.item_visits) as item_visits,
        sum(case when product_days.order_lines is not null then product_days.item_visits end) as matched_visits,
        sum(case when product_days.item_visits is not null then product_days.order_lines end) as matched_lines,
        sum(case when product_days.item_visits is not null then product_days.discounted_sales end) as matched_sales
    from product_days
    group by
        product_days.basis,
        cast(date_trunc('week', product_days.day) as date),
        product_days.store,
        product_days.currency,
        product_days.product_id
),

-- Nothing is known of a day whose orders are not. Visits before a store's first order or after its last are outside what its exports
-- tell of orders: no sum is known on them, nor missed.
missed as (
    select distinct
        product_days.basis,
        cast(date_trunc('week', product_days.day) as date) as week,
        product_days.store,
        product_days.currency,
        product_days.product_id
    from product_days
    inner join order_spans
        on product_days.store = order_spans.store and product_days.day between order_spans.first_day and order_spans.last_day
    where product_days.order_lines is null
),

weeks as (
    select sums_of_days.*, case when missed.store is null then sums_of_days.unknown_where_sold else 127 end as unknown
    from sums_of_days
    left join missed
        on sums_of_days.basis = missed.basis
        and sums_of_days.week = missed.week
        and sums_of_days.store = missed.store
        and sums_of_days.currency is not distinct from missed.currency
        and sums_of_days.product_id = missed.product_id
),

periods as (
    select
        weeks.basis,
        weeks.week as period_start,
        weeks.store,
        weeks.currency,
        weeks.product_id,
        case when weeks.unknown & 1 = 0 then weeks.paid_orders end as paid_orders,
        case when weeks.unknown & 1 = 0 then weeks.order_lines end as order_lines,
        case when weeks.unknown & 2 = 0 then weeks.units end as units,
        case when weeks.unknown & 1 = 0 then weeks.gross_sales end as gross_sales,
        case when weeks.unknown & 4 = 0 then weeks.discounts end as discounts,
        case when weeks.unknown & 4 = 0 then weeks.discounted_sales end as discounted_sales,
        case when weeks.unknown & 4 = 0 then weeks.full_price_sales end as full_price_sales,
        case when weeks.unknown & 12 = 0 then weeks.returned_units end as returned_units,
        case when weeks.unknown & 8 = 0 then weeks.refunds_goods_order_day end as refunds_goods_order_day,
        case when weeks.unknown & 16 = 0 then weeks.refunds_cash_order_day end as refunds_cash_order_day,
        case when weeks.unknown & 32 = 0 then weeks.refunds_goods_refund_day end as refunds_goods_refund_day,
        case when weeks.unknown & 64 = 0 then weeks.refunds_cash_refund_day end as refunds_cash_refund_day,
        weeks.item_visits,
        weeks.matched_visits,
        weeks.matched_lines,
        weeks.matched_sales
    from weeks
),

visited_days as (
    select product_visits.store, product_visits.day
    from product_visits
    group by product_visits.store, product_visits.day
),

visit_spans as (
    select visited_days.store, min(visited_days.day) as first_day, max(visited_days.day) as last_day
    from visited_days
    group by visited_days.store
),

visited as (
    select visited_days.store, cast(date_trunc('week', visited_days.day) as date) as period_start, count(*) as days_with_traffic
    from visited_days
    group by visited_days.store, date_trunc('week', visited_days.day)
),

complete as (
    select
        visited.*,
        visited.days_with_traffic = date_diff(
            'day', greatest(visited.period_start, visit_spans.first_day), least(visited.period_start + 6, visit_spans.last_day)
        ) + 1 as is_complete
    from visited
    inner join visit_spans on visited.store = visit_spans.store
),

costs as (
    select
        cost_days.basis,
        cast(date_trunc('week', cost_days.day) as date) as period_start,
        cost_days.store,
        cost_days.currency,
        cost_days.product_id,
        sum(cost_days.costed_net_sales) as costed_net_sales,
        sum(cost_days.cost_of_goods) as cost_of_goods
    from cost_days
    group by cost_days.basis, date_trunc('week', cost_days.day), cost_days.store, cost_days.currency, cost_days.product_id
)

select
    periods.basis,
    'week' as grain,
    periods.period_start,
    periods.store,
    periods.currency,
    periods.product_id,
    cast(periods.paid_orders as bigint) as paid_orders,
    cast(periods.order_lines as bigint) as order_lines,
    cast(periods.units as bigint) as units,
    cast(periods.gross_sales as decimal(18, 2)) as gross_sales,
    cast(periods.discounts as decimal(18, 2)) as discounts,
    cast(periods.discounted_sales as decimal(18, 2)) as discounted_sales,
    cast(periods.full_price_sales as decimal(18, 2)) as full_price_sales,
    cast(periods.returned_units as bigint) as returned_units,
    cast(periods.refunds_goods_order_day as decimal(18, 2)) as refunds_goods_order_day,
    cast(periods.refunds_cash_order_day as decimal(18, 2)) as refunds_cash_order_day,
    cast(periods.refunds_goods_refund_day as decimal(18, 2)) as refunds_goods_refund_day,
    cast(periods.refunds_cash_refund_day as decimal(18, 2)) as refunds_cash_refund_day,
    cast(periods.discounted_sales - periods.refunds_goods_order_day as decimal(18, 2)) as net_sales_order_day,
    cast(periods.discounted_sales - periods.refunds_goods_refund_day as decimal(18, 2)) as net_sales_refund_day,
    cast(null as bigint) as buyers,
    cast(case when complete.is_complete then periods.item_visits end as bigint) as item_visits,
    cast(coalesce(complete.days_with_traffic, 0) as bigint) as days_with_traffic,
    cast(periods.matched_visits as bigint) as matched_visits,
    cast(periods.matched_lines as bigint) as matched_lines,
    cast(periods.matched_sales as decimal(18, 2)) as matched_sales,
    cast(costs.costed_net_sales as decimal(18, 2)) as costed_net_sales,
    cast(costs.cost_of_goods as decimal(18, 2)) as cost_of_goods
from periods
left join costs
    on periods.basis = costs.basis
    and periods.period_start = costs.period_start
    and periods.store = costs.store
    and periods.currency = costs.currency
    and periods.product_id = costs.product_id
left join complete on periods.store = complete.store and periods.period_start = complete.period_start
