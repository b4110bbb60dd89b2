-- One row per store, product and variant: as the newest export shows it. What one kind of export does not say, the newest of
-- another kind does.
with ranked as (
    select
        landed_listings.*,
        row_number() over (
            partition by landed_listings.store, landed_listings.product_id, landed_listings.variant
            order by
                landed_listings.seen_day desc nulls last,
                landed_listings.exported_at desc nulls last,
                landed_listings.price is not null desc,
                landed_listings.content desc,
                landed_listings.landing asc,
                landed_listings.row asc
        ) as place
    from landed_listings
)

select
    ranked.store,
    ranked.product_id,
    ranked.variant,
    ranked.merchant_sku,
    ranked.title,
    ranked.category,
    ranked.currency,
    ranked.price,
    ranked.list_price,
    ranked.stock,
    ranked.listing_status,
    ranked.seen_day,
    ranked.landing,
    ranked.row
from ranked
where ranked.place = 1
