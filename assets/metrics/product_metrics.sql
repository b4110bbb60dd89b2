-- One row per basis, grain, period, store, currency and product; a view: days and weeks are read through from product_days.
with longer_periods as (
    select * from product_periods
    union all
    select * from product_weeks
),

periods as (
    select
        product_days.basis,
        'day' as grain,
        product_days.day as period_start,
        product_days.store,
        product_days.currency,
        product_days.product_id,
        product_days.paid_orders,
        product_days.order_lines,
        product_days.units,
        product_days.gross_sales,
        product_days.discounts,
        product_days.discounted_sales,
        product_days.full_price_sales,
        product_days.returned_units,
        product_days.refunds_goods_order_day,
        product_days.refunds_cash_order_day,
        product_days.refunds_goods_refund_day,
        product_days.refunds_cash_refund_day,
        cast(product_days.discounted_sales - product_days.refunds_goods_order_day as decimal(18, 2)) as net_sales_order_day,
        cast(product_days.discounted_sales - product_days.refunds_goods_refund_day as decimal(18, 2)) as net_sales_refund_day,
        cast(null as bigint) as buyers,
        product_days.item_visits,
        cast(case when product_days.item_visits is null then 0 else 1 end as bigint) as days_with_traffic,
        case when product_days.order_lines is not null then product_days.item_visits end as matched_visits,
        case when product_days.item_visits is not null then product_days.order_lines end as matched_lines,
        case when product_days.item_visits is not null then product_days.discounted_sales end as matched_sales,
        cost_days.costed_net_sales,
        cost_days.cost_of_goods
    from product_days
    left join cost_days
        on product_days.basis = cost_days.basis
        and product_days.store = cost_days.store
        and product_days.currency = cost_days.currency
        and product_days.product_id = cost_days.product_id
        and product_days.day = cost_days.day
    union all
    select
        basis,
        grain,
        period_start,
        store,
        currency,
        product_id,
        paid_orders,
        order_lines,
        units,
        gross_sales,
        discounts,
        discounted_sales,
        full_price_sales,
        returned_units,
        refunds_goods_order_day,
        refunds_cash_order_day,
        refunds_goods_refund_day,
        refunds_cash_refund_day,
        net_sales_order_day,
        net_sales_refund_day,
        buyers,
        item_visits,
        days_with_traffic,
        matched_visits,
        matched_lines,
        matched_sales,
        costed_net_sales,
        cost_of_goods
    from longer_periods
)

select
    periods.basis,
    periods.grain,
    periods.period_start,
    periods.store,
    periods.product_id,
    products.merchant_sku,
    products.item,
    products.category,
    periods.currency,
    periods.paid_orders,
    periods.order_lines,
    periods.units,
    periods.gross_sales,
    periods.discounts,
    periods.discounted_sales,
    periods.full_price_sales,
    periods.returned_units,
    periods.refunds_goods_order_day,
    periods.refunds_cash_order_day,
    periods.refunds_goods_refund_day,
    periods.refunds_cash_refund_day,
    periods.net_sales_order_day,
    periods.net_sales_refund_day,
    periods.buyers,
    periods.item_visits,
    periods.days_with_traffic,
    periods.matched_visits,
    periods.matched_lines,
    periods.matched_sales,
    cast(cast(periods.discounted_sales as double) / nullif(periods.units, 0) as decimal(18, 4)) as average_price,
    cast(periods.discounts as double) / nullif(periods.gross_sales, 0) as discount_rate,
    cast(periods.matched_lines as double) / nullif(periods.matched_visits, 0) as conversion,
    cast(cast(periods.matched_sales as double) / nullif(periods.matched_visits, 0) as decimal(18, 4)) as sales_per_visit,
    cast(periods.full_price_sales as double) / nullif(periods.discounted_sales, 0) as full_price_share,
    cast(periods.returned_units as double) / nullif(periods.units, 0) as unit_return_rate,
    periods.costed_net_sales,
    periods.cost_of_goods,
    cast(periods.costed_net_sales - periods.cost_of_goods as decimal(18, 2)) as margin,
    cast(periods.costed_net_sales - periods.cost_of_goods as double) / nullif(periods.costed_net_sales, 0) as margin_rate,
    cast(
        case when periods.net_sales_order_day is not null then coalesce(periods.costed_net_sales, 0) end as double
    ) / nullif(periods.net_sales_order_day, 0) as cost_coverage
from periods
left join products on periods.store = products.store and periods.product_id = products.product_id
