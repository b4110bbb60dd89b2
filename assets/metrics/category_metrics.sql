-- One row per basis, grain, period, store, currency and category: products added up, rates over days on which both are known.
-- A category's visits are its products' visits: one person who sees two of them is counted twice.
with products_in_category as (
    select product_metrics.*
    from product_metrics
    where product_metrics.category is not null
),

sums as (
    select
        basis,
        grain,
        period_start,
        store,
        currency,
        category,
        count(*) as products,
        case when count(order_lines) = count(*) then sum(order_lines) end as order_lines,
        case when count(units) = count(*) then sum(units) end as units,
        case when count(gross_sales) = count(*) then sum(gross_sales) end as gross_sales,
        case when count(discounts) = count(*) then sum(discounts) end as discounts,
        case when count(discounted_sales) = count(*) then sum(discounted_sales) end as discounted_sales,
        case when count(full_price_sales) = count(*) then sum(full_price_sales) end as full_price_sales,
        case when count(returned_units) = count(*) then sum(returned_units) end as returned_units,
        case when count(refunds_goods_order_day) = count(*) then sum(refunds_goods_order_day) end as refunds_goods_order_day,
        case when count(refunds_goods_refund_day) = count(*) then sum(refunds_goods_refund_day) end as refunds_goods_refund_day,
        case when count(item_visits) = count(*) then sum(item_visits) end as item_visits,
        max(days_with_traffic) as days_with_traffic,
        sum(matched_visits) as matched_visits,
        sum(matched_lines) as matched_lines,
        sum(matched_sales) as matched_sales,
        sum(costed_net_sales) as costed_net_sales,
        sum(cost_of_goods) as cost_of_goods
    from products_in_category
    group by basis, grain, period_start, store, currency, category
)

select
    sums.basis,
    sums.grain,
    sums.period_start,
    sums.store,
    sums.currency,
    sums.category,
    cast(sums.products as bigint) as products,
    cast(sums.order_lines as bigint) as order_lines,
    cast(sums.units as bigint) as units,
    cast(sums.gross_sales as decimal(18, 2)) as gross_sales,
    cast(sums.discounts as decimal(18, 2)) as discounts,
    cast(sums.discounted_sales as decimal(18, 2)) as discounted_sales,
    cast(sums.full_price_sales as decimal(18, 2)) as full_price_sales,
    cast(sums.refunds_goods_order_day as decimal(18, 2)) as refunds_goods_order_day,
    cast(sums.refunds_goods_refund_day as decimal(18, 2)) as refunds_goods_refund_day,
    cast(sums.returned_units as bigint) as returned_units,
    cast(sums.discounted_sales - sums.refunds_goods_order_day as decimal(18, 2)) as net_sales_order_day,
    cast(sums.discounted_sales - sums.refunds_goods_refund_day as decimal(18, 2)) as net_sales_refund_day,
    cast(sums.item_visits as bigint) as item_visits,
    cast(sums.days_with_traffic as bigint) as days_with_traffic,
    cast(sums.matched_visits as bigint) as matched_visits,
    cast(sums.matched_lines as bigint) as matched_lines,
    cast(sums.matched_sales as decimal(18, 2)) as matched_sales,
    cast(cast(sums.discounted_sales as double) / nullif(sums.units, 0) as decimal(18, 4)) as average_price,
    cast(sums.discounts as double) / nullif(sums.gross_sales, 0) as discount_rate,
    cast(sums.full_price_sales as double) / nullif(sums.discounted_sales, 0) as full_price_share,
    cast(sums.returned_units as double) / nullif(sums.units, 0) as unit_return_rate,
    cast(sums.matched_lines as double) / nullif(sums.matched_visits, 0) as conversion,
    cast(cast(sums.matched_sales as double) / nullif(sums.matched_visits, 0) as decimal(18, 4)) as sales_per_visit,
    cast(sums.costed_net_sales as decimal(18, 2)) as costed_net_sales,
    cast(sums.cost_of_goods as decimal(18, 2)) as cost_of_goods,
    cast(sums.costed_net_sales - sums.cost_of_goods as decimal(18, 2)) as margin,
    cast(sums.costed_net_sales - sums.cost_of_goods as double) / nullif(sums.costed_net_sales, 0) as margin_rate,
    cast(
        case when sums.discounted_sales - sums.refunds_goods_order_day is not null then coalesce(sums.costed_net_sales, 0) end as double
    ) / nullif(sums.discounted_sales - sums.refunds_goods_order_day, 0) as cost_coverage
from sums
