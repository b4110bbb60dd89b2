-- One row per store, category and day on which items other stores sell too were paid for: how its prices asked lie to the median of
-- the other stores' prices of the same item, in the reporting currency, as logs. Two other stores at least make a price.
with item_days as (
    select
        product_days.store,
        products.item,
        product_days.day,
        sum(cast(product_days.gross_sales as decimal(26, 2)) * cast(store_rates.rate as decimal(12, 8))) as sales,
        sum(product_days.units) as units
    from product_days
    inner join products on product_days.store = products.store and product_days.product_id = products.product_id
    inner join store_rates
        on product_days.store = store_rates.store
        and product_days.currency = store_rates.currency
        and product_days.day = store_rates.day
    where
        product_days.basis = 'paid'
        and products.item is not null
        and product_days.units > 0
        and product_days.gross_sales > 0
        and store_rates.rate is not null
    group by product_days.store, products.item, product_days.day
),

item_prices as (
    select item_days.store, item_days.item, cast(sum(item_days.sales) as double) / sum(item_days.units) as price
    from item_days
    group by item_days.store, item_days.item
),

peer_prices as (
    select own.store, own.item, median(peers.price) as price
    from item_prices as own
    inner join item_prices as peers on own.item = peers.item and own.store <> peers.store
    group by own.store, own.item
    having count(*) >= 2
),

categories as (
    select distinct products.store, products.item, segments.segment
    from products
    inner join segments on products.store = segments.store and products.product_id = segments.product_id
    where products.item is not null and segments.segment_type = 'category'
),

logs as (
    select
        item_days.store,
        categories.segment,
        item_days.day,
        cast(
            round(ln(cast(item_days.sales as double) / item_days.units / peer_prices.price), 6) as decimal(18, 6)
        ) as price_log
    from item_days
    inner join peer_prices on item_days.store = peer_prices.store and item_days.item = peer_prices.item
    inner join categories on item_days.store = categories.store and item_days.item = categories.item
)

select
    logs.store,
    'category' as segment_type,
    logs.segment,
    logs.day,
    cast(count(*) as bigint) as matched_items,
    cast(sum(logs.price_log) as double) as price_log,
    cast(sum(logs.price_log * logs.price_log) as double) as price_log_sq
from logs
group by logs.store, logs.segment, logs.day
