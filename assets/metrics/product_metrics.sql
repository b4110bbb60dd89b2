-- One row per basis, grain, period, store, currency and product; a view: days are read through from product_days.
with periods as (
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
        product_days.refunds_goods_order_day,
        product_days.refunds_cash_order_day,
        product_days.refunds_goods_refund_day,
        product_days.refunds_cash_refund_day,
        cast(product_days.discounted_sales - product_days.refunds_goods_order_day as decimal(38, 2)) as net_sales_order_day,
        cast(product_days.discounted_sales - product_days.refunds_goods_refund_day as decimal(38, 2)) as net_sales_refund_day,
        cast(null as bigint) as buyers,
        product_days.item_visits,
        cast(case when product_days.item_visits is null then 0 else 1 end as bigint) as days_with_traffic,
        case when product_days.order_lines is not null then product_days.item_visits end as matched_visits,
        case when product_days.item_visits is not null then product_days.order_lines end as matched_lines,
        case when product_days.item_visits is not null then product_days.discounted_sales end as matched_sales,
        cost_days.costed_net_sales,
        cost_days.cost_of_goods,
        product_allowances.reduced_sales,
        product_allowances.returned_units
    from product_days
    left join cost_days
        on product_days.basis = cost_days.basis
        and product_days.store = cost_days.store
        and product_days.currency = cost_days.currency
        and product_days.product_id = cost_days.product_id
        and product_days.day = cost_days.day
    left join product_allowances
        on product_days.basis = product_allowances.basis
        and product_days.store = product_allowances.store
        and product_days.currency = product_allowances.currency
        and product_days.product_id = product_allowances.product_id
        and product_days.day = product_allowances.day
    union all
    select
        product_periods.basis,
        product_periods.grain,
        product_periods.period_start,
        product_periods.store,
        product_periods.currency,
        product_periods.product_id,
        product_periods.paid_orders,
        product_periods.order_lines,
        product_periods.units,
        product_periods.gross_sales,
        product_periods.discounts,
        product_periods.discounted_sales,
        product_periods.refunds_goods_order_day,
        product_periods.refunds_cash_order_day,
        product_periods.refunds_goods_refund_day,
        product_periods.refunds_cash_refund_day,
        product_periods.net_sales_order_day,
        product_periods.net_sales_refund_day,
        product_periods.buyers,
        product_periods.item_visits,
        product_periods.days_with_traffic,
        product_periods.matched_visits,
        product_periods.matched_lines,
        product_periods.matched_sales,
        product_periods.costed_net_sales,
        product_periods.cost_of_goods,
        allowance_periods.reduced_sales,
        allowance_periods.returned_units
    from product_periods
    left join allowance_periods
        on product_periods.basis = allowance_periods.basis
        and product_periods.grain = allowance_periods.grain
        and product_periods.period_start = allowance_periods.period_start
        and product_periods.store = allowance_periods.store
        and product_periods.currency = allowance_periods.currency
        and product_periods.product_id = allowance_periods.product_id
),

-- What is not among the allowances was sold at full price and stayed, where prices and refunds are known.
kept as (
    select
        periods.*,
        case when periods.discounts is not null then periods.gross_sales - coalesce(periods.reduced_sales, 0) end as full_price,
        case
            when periods.discounts is not null and periods.refunds_goods_order_day is not null then coalesce(periods.returned_units, 0)
        end as units_returned
    from periods
)

select
    kept.basis,
    kept.grain,
    kept.period_start,
    kept.store,
    kept.product_id,
    products.merchant_sku,
    products.item,
    products.category,
    kept.currency,
    kept.paid_orders,
    kept.order_lines,
    kept.units,
    kept.gross_sales,
    kept.discounts,
    kept.discounted_sales,
    cast(kept.full_price as decimal(38, 2)) as full_price_sales,
    kept.refunds_goods_order_day,
    kept.refunds_cash_order_day,
    kept.refunds_goods_refund_day,
    kept.refunds_cash_refund_day,
    kept.units_returned as returned_units,
    kept.net_sales_order_day,
    kept.net_sales_refund_day,
    kept.buyers,
    kept.item_visits,
    kept.days_with_traffic,
    kept.matched_visits,
    kept.matched_lines,
    kept.matched_sales,
    cast(cast(kept.discounted_sales as double) / nullif(kept.units, 0) as decimal(18, 4)) as average_price,
    cast(kept.discounts as double) / nullif(kept.gross_sales, 0) as discount_rate,
    cast(kept.full_price as double) / nullif(kept.discounted_sales, 0) as full_price_share,
    cast(kept.units_returned as double) / nullif(kept.units, 0) as unit_return_rate,
    cast(kept.matched_lines as double) / nullif(kept.matched_visits, 0) as conversion,
    cast(cast(kept.matched_sales as double) / nullif(kept.matched_visits, 0) as decimal(18, 4)) as sales_per_visit,
    kept.costed_net_sales,
    kept.cost_of_goods,
    cast(kept.costed_net_sales - kept.cost_of_goods as decimal(38, 2)) as margin,
    cast(kept.costed_net_sales - kept.cost_of_goods as double) / nullif(kept.costed_net_sales, 0) as margin_rate,
    cast(
        case when kept.net_sales_order_day is not null then coalesce(kept.costed_net_sales, 0) end as double
    ) / nullif(kept.net_sales_order_day, 0) as cost_coverage
from kept
left join products on kept.store = products.store and kept.product_id = products.product_id
