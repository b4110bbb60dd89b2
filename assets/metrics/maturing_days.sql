-- One row per store, currency, category or `all`, and local day orders were paid: goods sold, and what came back of them so far; for
-- the statistics of refunds alone. What products do not account for of a store's day is `uncategorised`.
with stores_sold as (
    select store_days.store, store_days.currency, store_days.day, store_days.discounted_sales, store_days.refunds_goods_order_day
    from store_days
    where store_days.basis = 'paid'
),

categories as (
    select
        product_days.store,
        product_days.currency,
        products.category,
        product_days.day,
        case when count(product_days.discounted_sales) = count(*) then sum(product_days.discounted_sales) end as discounted_sales,
        case
            when count(product_days.refunds_goods_order_day) = count(*) then sum(product_days.refunds_goods_order_day)
        end as refunds_goods_order_day
    from product_days
    inner join products on product_days.store = products.store and product_days.product_id = products.product_id
    inner join stores_sold
        on product_days.store = stores_sold.store
        and product_days.currency = stores_sold.currency
        and product_days.day = stores_sold.day
    where product_days.basis = 'paid' and products.category is not null
    group by product_days.store, product_days.currency, products.category, product_days.day
),

categorised as (
    select
        categories.store,
        categories.currency,
        categories.day,
        case when count(categories.discounted_sales) = count(*) then sum(categories.discounted_sales) end as discounted_sales,
        case
            when count(categories.refunds_goods_order_day) = count(*) then sum(categories.refunds_goods_order_day)
        end as refunds_goods_order_day
    from categories
    group by categories.store, categories.currency, categories.day
),

rest as (
    select
        stores_sold.store,
        stores_sold.currency,
        'uncategorised' as category,
        stores_sold.day,
        stores_sold.discounted_sales
        - case when categorised.store is null then 0 else categorised.discounted_sales end as discounted_sales,
        stores_sold.refunds_goods_order_day
        - case when categorised.store is null then 0 else categorised.refunds_goods_order_day end as refunds_goods_order_day
    from stores_sold
    left join categorised
        on stores_sold.store = categorised.store
        and stores_sold.currency = categorised.currency
        and stores_sold.day = categorised.day
),

dated as (
    select distinct refund_coverage.store
    from refund_coverage
),

cells as (
    select store, currency, category, day, discounted_sales, refunds_goods_order_day from categories
    union all
    select store, currency, 'all' as category, day, discounted_sales, refunds_goods_order_day from stores_sold
    union all
    select store, currency, category, day, discounted_sales, refunds_goods_order_day
    from rest
    where discounted_sales is distinct from 0 or refunds_goods_order_day is distinct from 0
)

select
    cells.store,
    cells.currency,
    cells.category,
    cells.day,
    cast(cells.discounted_sales as decimal(18, 2)) as discounted_sales,
    cast(cells.refunds_goods_order_day as decimal(18, 2)) as refunds_goods_order_day,
    dated.store is not null as dates_refunds
from cells
left join dated on cells.store = dated.store
