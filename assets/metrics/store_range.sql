-- One row per store, currency and day looked back from: how many of its products sold over thirty days, and on how few of them
-- its sales rest, added up in whole cents. What is on sale is known as of the last day alone, where a listing export says it.
with ranked as (
    select
        product_life.store,
        product_life.currency,
        product_life.day,
        count(case when product_life.sold_30d then 1 end) as products_sold_30d,
        case when count(product_life.sold_30d) = count(*) then sum(product_life.sales_30d) end as sales_30d,
        count(product_life.sold_30d) = count(*) as is_whole,
        sum(case when product_life.sales_rank <= 1 then product_life.sales_30d end) as top1_sales,
        sum(case when product_life.sales_rank <= 3 then product_life.sales_30d end) as top3_sales,
        sum(case when product_life.sales_rank <= 10 then product_life.sales_30d end) as top10_sales,
        sum(cast(product_life.sales_30d * 100 as decimal(19, 0)) * cast(product_life.sales_30d * 100 as decimal(19, 0))) as squared_cents
    from product_life
    group by product_life.store, product_life.currency, product_life.day
),

on_sale as (
    select
        listings.store,
        count(distinct listings.product_id) as products_listed
    from listings
    group by listings.store
),

sold_and_listed as (
    select product_life.store, product_life.currency, product_life.day, count(distinct product_life.product_id) as listed_and_sold
    from product_life
    inner join listings on product_life.store = listings.store and product_life.product_id = listings.product_id
    where product_life.sold_30d
    group by product_life.store, product_life.currency, product_life.day
),

latest as (
    select product_life.store, max(product_life.day) as day
    from product_life
    group by product_life.store
),

told as (
    select
        ranked.*,
        case when latest.day = ranked.day then on_sale.products_listed end as products_listed,
        case when latest.day = ranked.day and ranked.is_whole then coalesce(sold_and_listed.listed_and_sold, 0) end as listed_and_sold
    from ranked
    inner join latest on ranked.store = latest.store
    left join on_sale on ranked.store = on_sale.store
    left join sold_and_listed
        on ranked.store = sold_and_listed.store
        and ranked.currency = sold_and_listed.currency
        and ranked.day = sold_and_listed.day
)

select
    told.store,
    told.currency,
    told.day,
    cast(case when told.is_whole then told.products_sold_30d end as bigint) as products_sold_30d,
    cast(told.products_listed as bigint) as products_listed,
    cast(case when told.products_listed is not null then told.listed_and_sold end as bigint) as listed_and_sold,
    cast(told.sales_30d as decimal(18, 2)) as sales_30d,
    case when told.products_listed is not null then cast(told.listed_and_sold as double) / nullif(told.products_listed, 0) end as sell_active_rate,
    cast(told.top1_sales as double) / nullif(told.sales_30d, 0) as top1_share,
    cast(told.top3_sales as double) / nullif(told.sales_30d, 0) as top3_share,
    cast(told.top10_sales as double) / nullif(told.sales_30d, 0) as top10_share,
    cast(told.squared_cents as double) / nullif(cast(told.sales_30d * 100 as double) * cast(told.sales_30d * 100 as double), 0) as hhi,
    cast(told.sales_30d * 100 as double) * cast(told.sales_30d * 100 as double) / nullif(told.squared_cents, 0) as effective_products
from told
