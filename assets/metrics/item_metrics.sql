-- One row per basis, grain from month to year, period and item: its sums over all stores that sell it, in the reporting currency,
-- each day converted at its rate. A sum of which one part is not known is not known.
with grains as (
    select unnest(['month', 'quarter', 'year']) as grain
),

days as (
    select
        product_days.basis,
        product_days.day,
        products.item,
        product_days.store,
        product_days.order_lines,
        product_days.units,
        cast(round(cast(product_days.gross_sales as decimal(26, 2)) * cast(store_rates.rate as decimal(12, 8)), 2) as decimal(18, 2)) as gross_sales_base,
        cast(round(cast(product_days.discounts as decimal(26, 2)) * cast(store_rates.rate as decimal(12, 8)), 2) as decimal(18, 2)) as discounts_base,
        cast(round(cast(product_days.discounted_sales as decimal(26, 2)) * cast(store_rates.rate as decimal(12, 8)), 2) as decimal(18, 2)) as discounted_sales_base
    from product_days
    inner join products on product_days.store = products.store and product_days.product_id = products.product_id
    left join store_rates
        on product_days.store = store_rates.store
        and product_days.currency = store_rates.currency
        and product_days.day = store_rates.day
    where products.item is not null
)

select
    days.basis,
    grains.grain,
    cast(date_trunc(grains.grain, days.day) as date) as period_start,
    days.item,
    count(distinct days.store) as stores,
    cast(case when count(days.order_lines) = count(*) then sum(days.order_lines) end as bigint) as order_lines,
    cast(case when count(days.units) = count(*) then sum(days.units) end as bigint) as units,
    cast(case when count(days.gross_sales_base) = count(*) then sum(days.gross_sales_base) end as decimal(18, 2)) as gross_sales_base,
    cast(case when count(days.discounts_base) = count(*) then sum(days.discounts_base) end as decimal(18, 2)) as discounts_base,
    cast(case when count(days.discounted_sales_base) = count(*) then sum(days.discounted_sales_base) end as decimal(18, 2)) as discounted_sales_base
from days
cross join grains
group by days.basis, grains.grain, cast(date_trunc(grains.grain, days.day) as date), days.item
