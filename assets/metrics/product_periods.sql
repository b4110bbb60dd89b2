-- One row per basis, grain from week to year, period, store, currency and product. Buyers from the month up, recounted.
with grains as (
    select unnest(['week', 'month', 'quarter', 'year']) as grain
),

periods as (
    select
        product_days.basis,
        grains.grain,
        cast(date_trunc(grains.grain, product_days.day) as date) as period_start,
        product_days.store,
        product_days.currency,
        product_days.product_id,
        case when count(product_days.paid_orders) = count(*) then sum(product_days.paid_orders) end as paid_orders,
        case when count(product_days.order_lines) = count(*) then sum(product_days.order_lines) end as order_lines,
        case when count(product_days.units) = count(*) then sum(product_days.units) end as units,
        case when count(product_days.gross_sales) = count(*) then sum(product_days.gross_sales) end as gross_sales,
        case when count(product_days.discounts) = count(*) then sum(product_days.discounts) end as discounts,
        case when count(product_days.discounted_sales) = count(*) then sum(product_days.discounted_sales) end as discounted_sales,
        case when count(product_days.refunds_goods_order_day) = count(*) then sum(product_days.refunds_goods_order_day) end as refunds_goods_order_day,
        case when count(product_days.refunds_cash_order_day) = count(*) then sum(product_days.refunds_cash_order_day) end as refunds_cash_order_day,
        case when count(product_days.refunds_goods_refund_day) = count(*) then sum(product_days.refunds_goods_refund_day) end as refunds_goods_refund_day,
        case when count(product_days.refunds_cash_refund_day) = count(*) then sum(product_days.refunds_cash_refund_day) end as refunds_cash_refund_day
    from product_days
    cross join grains
    group by all
),

product_buyer_quarters as (
    select distinct basis, store, currency, product_id, cast(date_trunc('quarter', month) as date) as quarter, buyer
    from product_buyers
),

product_buyer_years as (
    select distinct basis, store, currency, product_id, cast(date_trunc('year', quarter) as date) as year, buyer
    from product_buyer_quarters
),

buyer_counts as (
    select basis, 'month' as grain, store, currency, product_id, month as period_start, count(*) as buyers
    from product_buyers
    group by all
    union all
    select basis, 'quarter', store, currency, product_id, quarter, count(*) from product_buyer_quarters group by all
    union all
    select basis, 'year', store, currency, product_id, year, count(*) from product_buyer_years group by all
)

select
    periods.basis,
    periods.grain,
    periods.period_start,
    periods.store,
    periods.currency,
    periods.product_id,
    cast(periods.paid_orders as bigint) as paid_orders,
    cast(periods.order_lines as bigint) as order_lines,
    cast(periods.units as bigint) as units,
    cast(periods.gross_sales as decimal(38, 2)) as gross_sales,
    cast(periods.discounts as decimal(38, 2)) as discounts,
    cast(periods.discounted_sales as decimal(38, 2)) as discounted_sales,
    cast(periods.refunds_goods_order_day as decimal(38, 2)) as refunds_goods_order_day,
    cast(periods.refunds_cash_order_day as decimal(38, 2)) as refunds_cash_order_day,
    cast(periods.refunds_goods_refund_day as decimal(38, 2)) as refunds_goods_refund_day,
    cast(periods.refunds_cash_refund_day as decimal(38, 2)) as refunds_cash_refund_day,
    cast(periods.discounted_sales - periods.refunds_goods_order_day as decimal(38, 2)) as net_sales_order_day,
    cast(periods.discounted_sales - periods.refunds_goods_refund_day as decimal(38, 2)) as net_sales_refund_day,
    cast(case when periods.paid_orders = 0 and periods.grain != 'week' then 0 else buyer_counts.buyers end as bigint) as buyers
from periods
left join buyer_counts
    on periods.basis = buyer_counts.basis
    and periods.grain = buyer_counts.grain
    and periods.period_start = buyer_counts.period_start
    and periods.store = buyer_counts.store
    and periods.currency = buyer_counts.currency
    and periods.product_id = buyer_counts.product_id
