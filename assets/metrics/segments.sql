-- One row per store, product and segment it is compared in: its category; its item; the price band within its category, by the mean
-- price asked in the reporting currency; and its listing's own category where the owner's catalogue names another. `parent` is the
-- category a segment lies in.
with prices as (
    select
        product_days.store,
        product_days.product_id,
        cast(sum(cast(product_days.gross_sales as decimal(26, 2)) * cast(store_rates.rate as decimal(12, 8))) as double)
        / nullif(sum(product_days.units), 0) as mean_price
    from product_days
    inner join store_rates
        on product_days.store = store_rates.store
        and product_days.currency = store_rates.currency
        and product_days.day = store_rates.day
    where product_days.basis = 'paid' and product_days.gross_sales is not null and store_rates.rate is not null
    group by product_days.store, product_days.product_id
),

listed as (
    select listings.store, listings.product_id, max(listings.category) as category
    from listings
    group by listings.store, listings.product_id
),

known as (
    select
        products.store,
        products.product_id,
        products.item,
        case
            when products.category_source = 'catalogue' then products.category
            when products.category is not null then concat(stores.platform, ': ', products.category)
        end as category,
        case when products.category_source = 'catalogue' then concat(stores.platform, ': ', listed.category) end as product_group,
        case
            when prices.mean_price < 20 then '0–20'
            when prices.mean_price < 50 then '20–50'
            when prices.mean_price < 100 then '50–100'
            when prices.mean_price < 200 then '100–200'
            when prices.mean_price < 500 then '200–500'
            when prices.mean_price < 1000 then '500–1000'
            when prices.mean_price < 5000 then '1000–5000'
            when prices.mean_price is not null then '5000+'
        end as price_band,
        listed.category as listed_category
    from products
    inner join stores on products.store = stores.store
    left join prices on products.store = prices.store and products.product_id = prices.product_id
    left join listed on products.store = listed.store and products.product_id = listed.product_id
)

select known.store, known.product_id, 'category' as segment_type, known.category as segment, cast(null as varchar) as parent
from known
where known.category is not null
union all
select known.store, known.product_id, 'item' as segment_type, known.item as segment, known.category as parent
from known
where known.item is not null
union all
select
    known.store,
    known.product_id,
    'price_band' as segment_type,
    concat(known.category, ' · ', known.price_band) as segment,
    known.category as parent
from known
where known.category is not null and known.price_band is not null
union all
select known.store, known.product_id, 'group' as segment_type, known.product_group as segment, known.category as parent
from known
where known.listed_category is not null and known.product_group is not null
