-- One row per basis, grain, period, store, currency and product; a view: days are read through from product_days.
with periods as (
    select
        basis,
        'day' as grain,
        day as period_start,
        store,
        currency,
        product_id,
        paid_orders,
        order_lines,
        units,
        gross_sales,
        discounts,
        discounted_sales,
        refunds_goods_order_day,
        refunds_cash_order_day,
        refunds_goods_refund_day,
        refunds_cash_refund_day,
        cast(discounted_sales - refunds_goods_order_day as decimal(38, 2)) as net_sales_order_day,
        cast(discounted_sales - refunds_goods_refund_day as decimal(38, 2)) as net_sales_refund_day,
        cast(null as bigint) as buyers
    from product_days
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
        refunds_goods_order_day,
        refunds_cash_order_day,
        refunds_goods_refund_day,
        refunds_cash_refund_day,
        net_sales_order_day,
        net_sales_refund_day,
        buyers
    from product_periods
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
    periods.refunds_goods_order_day,
    periods.refunds_cash_order_day,
    periods.refunds_goods_refund_day,
    periods.refunds_cash_refund_day,
    periods.net_sales_order_day,
    periods.net_sales_refund_day,
    periods.buyers,
    cast(cast(periods.discounted_sales as double) / nullif(periods.units, 0) as decimal(18, 4)) as average_price,
    cast(periods.discounts as double) / nullif(periods.gross_sales, 0) as discount_rate
from periods
left join products on periods.store = products.store and periods.product_id = products.product_id
