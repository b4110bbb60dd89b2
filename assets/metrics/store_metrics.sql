-- One row per basis, grain, period, store and currency. Sums first, ratios last; buyers are recounted at every grain, distinct
-- from distinct. A sum of which one part is unknown is unknown. `_base` columns add each day converted at that day's rate.
with days as (
    select
        store_days.basis,
        store_days.store,
        store_days.currency,
        store_days.day,
        store_days.paid_orders,
        store_days.order_lines,
        store_days.units,
        store_days.gross_sales,
        store_days.discounts,
        store_days.discounted_sales,
        store_days.platform_subsidy,
        store_days.shipping,
        store_days.tax,
        store_days.paid_amount,
        store_days.refunds_goods_order_day,
        store_days.refunds_cash_order_day,
        store_days.refunds_goods_refund_day,
        store_days.refunds_cash_refund_day,
        store_days.orders_with_lines,
        case when store_days.currency = reporting.currency then cast(1 as decimal(18, 8)) else reference_rates.rate end as rate
    from store_days
    cross join reporting
    left join reference_rates on store_days.currency = reference_rates.currency and store_days.day = reference_rates.day
),

days_in_base as (
    select
        days.*,
        cast(round(cast(days.gross_sales as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as gross_sales_base,
        cast(round(cast(days.discounts as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as discounts_base,
        cast(round(cast(days.discounted_sales as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as discounted_sales_base,
        cast(round(cast(days.platform_subsidy as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as platform_subsidy_base,
        cast(round(cast(days.shipping as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as shipping_base,
        cast(round(cast(days.tax as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as tax_base,
        cast(round(cast(days.paid_amount as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as paid_amount_base,
        cast(round(cast(days.refunds_goods_order_day as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as refunds_goods_order_day_base,
        cast(round(cast(days.refunds_cash_order_day as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as refunds_cash_order_day_base,
        cast(round(cast(days.refunds_goods_refund_day as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as refunds_goods_refund_day_base,
        cast(round(cast(days.refunds_cash_refund_day as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(38, 2)) as refunds_cash_refund_day_base
    from days
),

grains as (
    select unnest(['day', 'week', 'month', 'quarter', 'year']) as grain
),

periods as (
    select
        days_in_base.basis,
        grains.grain,
        cast(case when grains.grain = 'day' then days_in_base.day else date_trunc(grains.grain, days_in_base.day) end as date) as period_start,
        days_in_base.store,
        days_in_base.currency,
        case when count(days_in_base.paid_orders) = count(*) then sum(days_in_base.paid_orders) end as paid_orders,
        case when count(days_in_base.order_lines) = count(*) then sum(days_in_base.order_lines) end as order_lines,
        case when count(days_in_base.units) = count(*) then sum(days_in_base.units) end as units,
        case when count(days_in_base.gross_sales) = count(*) then sum(days_in_base.gross_sales) end as gross_sales,
        case when count(days_in_base.discounts) = count(*) then sum(days_in_base.discounts) end as discounts,
        case when count(days_in_base.discounted_sales) = count(*) then sum(days_in_base.discounted_sales) end as discounted_sales,
        case when count(days_in_base.platform_subsidy) = count(*) then sum(days_in_base.platform_subsidy) end as platform_subsidy,
        case when count(days_in_base.shipping) = count(*) then sum(days_in_base.shipping) end as shipping,
        case when count(days_in_base.tax) = count(*) then sum(days_in_base.tax) end as tax,
        case when count(days_in_base.paid_amount) = count(*) then sum(days_in_base.paid_amount) end as paid_amount,
        case when count(days_in_base.refunds_goods_order_day) = count(*) then sum(days_in_base.refunds_goods_order_day) end as refunds_goods_order_day,
        case when count(days_in_base.refunds_cash_order_day) = count(*) then sum(days_in_base.refunds_cash_order_day) end as refunds_cash_order_day,
        case when count(days_in_base.refunds_goods_refund_day) = count(*) then sum(days_in_base.refunds_goods_refund_day) end as refunds_goods_refund_day,
        case when count(days_in_base.refunds_cash_refund_day) = count(*) then sum(days_in_base.refunds_cash_refund_day) end as refunds_cash_refund_day,
        sum(days_in_base.orders_with_lines) as orders_with_lines,
        case when count(days_in_base.gross_sales_base) = count(*) then sum(days_in_base.gross_sales_base) end as gross_sales_base,
        case when count(days_in_base.discounts_base) = count(*) then sum(days_in_base.discounts_base) end as discounts_base,
        case when count(days_in_base.discounted_sales_base) = count(*) then sum(days_in_base.discounted_sales_base) end as discounted_sales_base,
        case when count(days_in_base.platform_subsidy_base) = count(*) then sum(days_in_base.platform_subsidy_base) end as platform_subsidy_base,
        case when count(days_in_base.shipping_base) = count(*) then sum(days_in_base.shipping_base) end as shipping_base,
        case when count(days_in_base.tax_base) = count(*) then sum(days_in_base.tax_base) end as tax_base,
        case when count(days_in_base.paid_amount_base) = count(*) then sum(days_in_base.paid_amount_base) end as paid_amount_base,
        case when count(days_in_base.refunds_goods_order_day_base) = count(*) then sum(days_in_base.refunds_goods_order_day_base) end as refunds_goods_order_day_base,
        case when count(days_in_base.refunds_cash_order_day_base) = count(*) then sum(days_in_base.refunds_cash_order_day_base) end as refunds_cash_order_day_base,
        case when count(days_in_base.refunds_goods_refund_day_base) = count(*) then sum(days_in_base.refunds_goods_refund_day_base) end as refunds_goods_refund_day_base,
        case when count(days_in_base.refunds_cash_refund_day_base) = count(*) then sum(days_in_base.refunds_cash_refund_day_base) end as refunds_cash_refund_day_base
    from days_in_base
    cross join grains
    group by all
),

buyer_weeks as (
    select basis, store, currency, cast(date_trunc('week', day) as date) as week, buyer, sum(paid_orders) as paid_orders
    from buyer_days
    group by all
),

buyer_months as (
    select basis, store, currency, month, buyer, sum(paid_orders) as paid_orders
    from buyer_days
    group by all
),

buyer_quarters as (
    select basis, store, currency, cast(date_trunc('quarter', month) as date) as quarter, buyer, sum(paid_orders) as paid_orders
    from buyer_months
    group by all
),

buyer_years as (
    select basis, store, currency, cast(date_trunc('year', quarter) as date) as year, buyer, sum(paid_orders) as paid_orders
    from buyer_quarters
    group by all
),

buyer_counts as (
    select basis, 'day' as grain, store, currency, day as period_start, count(*) as buyers, sum(paid_orders) as orders_with_buyer
    from buyer_days
    group by all
    union all
    select basis, 'week', store, currency, week, count(*), sum(paid_orders) from buyer_weeks group by all
    union all
    select basis, 'month', store, currency, month, count(*), sum(paid_orders) from buyer_months group by all
    union all
    select basis, 'quarter', store, currency, quarter, count(*), sum(paid_orders) from buyer_quarters group by all
    union all
    select basis, 'year', store, currency, year, count(*), sum(paid_orders) from buyer_years group by all
),

with_nets as (
    select
        periods.*,
        periods.discounted_sales - periods.refunds_goods_order_day as net_sales_order_day,
        periods.discounted_sales - periods.refunds_goods_refund_day as net_sales_refund_day,
        periods.paid_amount - periods.refunds_cash_order_day as net_paid_order_day,
        periods.paid_amount - periods.refunds_cash_refund_day as net_paid_refund_day,
        periods.discounted_sales_base - periods.refunds_goods_order_day_base as net_sales_order_day_base,
        periods.discounted_sales_base - periods.refunds_goods_refund_day_base as net_sales_refund_day_base,
        periods.paid_amount_base - periods.refunds_cash_order_day_base as net_paid_order_day_base,
        periods.paid_amount_base - periods.refunds_cash_refund_day_base as net_paid_refund_day_base,
        case when periods.paid_orders = 0 then 0 else buyer_counts.buyers end as buyers,
        coalesce(buyer_counts.orders_with_buyer, 0) as orders_with_buyer
    from periods
    left join buyer_counts
        on periods.basis = buyer_counts.basis
        and periods.grain = buyer_counts.grain
        and periods.store = buyer_counts.store
        and periods.currency = buyer_counts.currency
        and periods.period_start = buyer_counts.period_start
)

select
    with_nets.basis,
    with_nets.grain,
    with_nets.period_start,
    with_nets.store,
    with_nets.currency,
    cast(with_nets.paid_orders as bigint) as paid_orders,
    cast(with_nets.order_lines as bigint) as order_lines,
    cast(with_nets.units as bigint) as units,
    cast(with_nets.gross_sales as decimal(38, 2)) as gross_sales,
    cast(with_nets.discounts as decimal(38, 2)) as discounts,
    cast(with_nets.discounted_sales as decimal(38, 2)) as discounted_sales,
    cast(with_nets.platform_subsidy as decimal(38, 2)) as platform_subsidy,
    cast(with_nets.shipping as decimal(38, 2)) as shipping,
    cast(with_nets.tax as decimal(38, 2)) as tax,
    cast(with_nets.paid_amount as decimal(38, 2)) as paid_amount,
    cast(with_nets.refunds_goods_order_day as decimal(38, 2)) as refunds_goods_order_day,
    cast(with_nets.refunds_cash_order_day as decimal(38, 2)) as refunds_cash_order_day,
    cast(with_nets.refunds_goods_refund_day as decimal(38, 2)) as refunds_goods_refund_day,
    cast(with_nets.refunds_cash_refund_day as decimal(38, 2)) as refunds_cash_refund_day,
    cast(with_nets.net_sales_order_day as decimal(38, 2)) as net_sales_order_day,
    cast(with_nets.net_sales_refund_day as decimal(38, 2)) as net_sales_refund_day,
    cast(with_nets.net_paid_order_day as decimal(38, 2)) as net_paid_order_day,
    cast(with_nets.net_paid_refund_day as decimal(38, 2)) as net_paid_refund_day,
    cast(with_nets.orders_with_lines as bigint) as orders_with_lines,
    cast(with_nets.orders_with_buyer as bigint) as orders_with_buyer,
    cast(with_nets.buyers as bigint) as buyers,
    cast(cast(with_nets.discounted_sales as double) / nullif(with_nets.paid_orders, 0) as decimal(18, 4)) as aov,
    cast(cast(with_nets.paid_amount as double) / nullif(with_nets.buyers, 0) as decimal(18, 4)) as sales_per_buyer,
    cast(cast(with_nets.discounted_sales as double) / nullif(with_nets.units, 0) as decimal(18, 4)) as average_price,
    cast(with_nets.units as double) / nullif(with_nets.paid_orders, 0) as units_per_order,
    cast(with_nets.discounts as double) / nullif(with_nets.gross_sales, 0) as discount_rate,
    cast(with_nets.refunds_cash_order_day as double) / nullif(with_nets.paid_amount, 0) as refund_rate,
    cast(with_nets.gross_sales_base as decimal(38, 2)) as gross_sales_base,
    cast(with_nets.discounts_base as decimal(38, 2)) as discounts_base,
    cast(with_nets.discounted_sales_base as decimal(38, 2)) as discounted_sales_base,
    cast(with_nets.platform_subsidy_base as decimal(38, 2)) as platform_subsidy_base,
    cast(with_nets.shipping_base as decimal(38, 2)) as shipping_base,
    cast(with_nets.tax_base as decimal(38, 2)) as tax_base,
    cast(with_nets.paid_amount_base as decimal(38, 2)) as paid_amount_base,
    cast(with_nets.refunds_goods_order_day_base as decimal(38, 2)) as refunds_goods_order_day_base,
    cast(with_nets.refunds_cash_order_day_base as decimal(38, 2)) as refunds_cash_order_day_base,
    cast(with_nets.refunds_goods_refund_day_base as decimal(38, 2)) as refunds_goods_refund_day_base,
    cast(with_nets.refunds_cash_refund_day_base as decimal(38, 2)) as refunds_cash_refund_day_base,
    cast(with_nets.net_sales_order_day_base as decimal(38, 2)) as net_sales_order_day_base,
    cast(with_nets.net_sales_refund_day_base as decimal(38, 2)) as net_sales_refund_day_base,
    cast(with_nets.net_paid_order_day_base as decimal(38, 2)) as net_paid_order_day_base,
    cast(with_nets.net_paid_refund_day_base as decimal(38, 2)) as net_paid_refund_day_base
from with_nets
