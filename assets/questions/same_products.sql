-- One row per store, currency, whole month and earlier whole month it is set against: discounted sales of products sold in both, and of
-- those sold in one alone. Months of which lines or discounts are not known whole are left out: what seems new may be untold.
with told as (
    select store_growth.store, store_growth.currency, store_growth.month
    from store_growth
    inner join store_metrics
        on store_growth.store = store_metrics.store
        and store_growth.currency = store_metrics.currency
        and store_growth.month = store_metrics.period_start
    where store_metrics.basis = 'paid' and store_metrics.grain = 'month' and store_metrics.discounts is not null
),

pairs as (
    select
        told.store,
        told.currency,
        told.month,
        spans.compared_with,
        earlier.month as month_before
    from told
    cross join (select 'month before' as compared_with, 1 as span union all select 'year before', 12) as spans
    inner join told as earlier
        on told.store = earlier.store
        and told.currency = earlier.currency
        and earlier.month = cast(told.month - spans.span * interval 1 month as date)
),

sold as (
    select store, currency, period_start as month, product_id, discounted_sales
    from product_periods
    where basis = 'paid' and grain = 'month' and order_lines > 0
),

of_products as (
    select pairs.*, sold.product_id, sold.discounted_sales as sales, cast(null as decimal(18, 2)) as sales_before
    from pairs
    inner join sold on pairs.store = sold.store and pairs.currency = sold.currency and pairs.month = sold.month
    union all
    select pairs.*, sold.product_id, null, sold.discounted_sales
    from pairs
    inner join sold on pairs.store = sold.store and pairs.currency = sold.currency and pairs.month_before = sold.month
),

products as (
    select store, currency, month, compared_with, product_id, max(sales) as sales, max(sales_before) as sales_before
    from of_products
    group by store, currency, month, compared_with, product_id
),

sums as (
    select
        store,
        currency,
        month,
        compared_with,
        count(case when sales is not null and sales_before is not null then 1 end) as same_products,
        sum(case when sales is not null and sales_before is not null then sales else 0 end) as same_product_sales,
        sum(case when sales is not null and sales_before is not null then sales_before else 0 end) as same_product_sales_before,
        sum(case when sales_before is null then sales else 0 end) as new_product_sales,
        sum(case when sales is null then sales_before else 0 end) as gone_product_sales
    from products
    group by store, currency, month, compared_with
)

select
    sums.store,
    sums.currency,
    sums.month,
    sums.compared_with,
    cast(sums.same_products as bigint) as same_products,
    cast(sums.same_product_sales as decimal(18, 2)) as same_product_sales,
    cast(sums.same_product_sales_before as decimal(18, 2)) as same_product_sales_before,
    cast(sums.same_product_sales as double) / nullif(sums.same_product_sales_before, 0) - 1 as same_product_growth,
    cast(sums.new_product_sales as decimal(18, 2)) as new_product_sales,
    cast(sums.gone_product_sales as decimal(18, 2)) as gone_product_sales
from sums
