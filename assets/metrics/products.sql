-- One row per store and product that was listed or sold: as the newest listing shows it, else as the newest order line names
-- it. The category is the catalogue's where it knows the merchant SKU, else the listing's own, and says which.
with variants as (
    select
        order_lines.store,
        order_lines.product_id,
        order_lines.merchant_sku,
        max(cast(order_lines.is_goods as integer)) = 1 as is_goods,
        min(case when order_lines.is_goods then order_lines.placed_day end) as first_seen,
        max(case when order_lines.is_goods then order_lines.placed_day end) as last_seen
    from order_lines
    where order_lines.product_id is not null
    group by order_lines.store, order_lines.product_id, order_lines.merchant_sku
),

spans as (
    select variants.store, variants.product_id, min(variants.first_seen) as first_seen, max(variants.last_seen) as last_seen
    from variants
    where variants.is_goods
    group by variants.store, variants.product_id
),

lines as (
    select
        order_lines.store,
        order_lines.product_id,
        order_lines.merchant_sku,
        order_lines.title,
        spans.first_seen,
        spans.last_seen,
        row_number() over (
            partition by order_lines.store, order_lines.product_id
            order by order_lines.order_id desc, order_lines.line_id desc
        ) as place
    from order_lines
    inner join spans
        on order_lines.store = spans.store
        and order_lines.product_id = spans.product_id
        and order_lines.placed_day is not distinct from spans.last_seen
    where order_lines.is_goods
),

sold as (
    select lines.store, lines.product_id, lines.merchant_sku, lines.title, lines.first_seen, lines.last_seen
    from lines
    where lines.place = 1
),

ranked_listings as (
    select
        listings.*,
        row_number() over (
            partition by listings.store, listings.product_id
            order by listings.price is null, listings.seen_day desc nulls last, listings.variant
        ) as place
    from listings
),

listed as (
    select
        ranked_listings.store,
        ranked_listings.product_id,
        max(case when ranked_listings.place = 1 then ranked_listings.merchant_sku end) as merchant_sku,
        max(case when ranked_listings.place = 1 then ranked_listings.title end) as title,
        max(ranked_listings.category) as category,
        min(ranked_listings.price) as price,
        max(ranked_listings.list_price) as list_price,
        case when count(ranked_listings.stock) > 0 then sum(ranked_listings.stock) end as stock,
        max(ranked_listings.listing_status) as listing_status
    from ranked_listings
    group by ranked_listings.store, ranked_listings.product_id
),

skus as (
    select listings.store, listings.product_id, listings.merchant_sku
    from listings
    where listings.merchant_sku is not null
    union
    select variants.store, variants.product_id, variants.merchant_sku
    from variants
    where variants.merchant_sku is not null
),

catalogued as (
    select
        skus.store,
        skus.product_id,
        min(reference_catalogue.item) as item,
        min(reference_catalogue.category) as category
    from skus
    inner join reference_catalogue on skus.merchant_sku = reference_catalogue.merchant_sku
    group by skus.store, skus.product_id
),

known as (
    select
        coalesce(sold.store, listed.store) as store,
        coalesce(sold.product_id, listed.product_id) as product_id,
        coalesce(sold.merchant_sku, listed.merchant_sku) as merchant_sku,
        coalesce(listed.title, sold.title) as title,
        listed.category as listed_category,
        listed.price,
        listed.list_price,
        listed.stock,
        listed.listing_status,
        sold.first_seen,
        sold.last_seen
    from sold
    full outer join listed on sold.store = listed.store and sold.product_id = listed.product_id
)

select
    known.store,
    known.product_id,
    known.merchant_sku,
    coalesce(catalogued.item, reference_item_links.item) as item,
    known.title,
    coalesce(catalogued.category, known.listed_category) as category,
    case
        when catalogued.category is not null then 'catalogue'
        when known.listed_category is not null then 'listing'
    end as category_source,
    known.price,
    known.list_price,
    cast(known.stock as bigint) as stock,
    known.listing_status,
    known.first_seen,
    known.last_seen
from known
left join catalogued on known.store = catalogued.store and known.product_id = catalogued.product_id
left join reference_item_links
    on known.store = reference_item_links.store and known.product_id = reference_item_links.product_id
