-- One row per store and merchant SKU that stands for one product alone: by it lines are told whose export names no listing.
select
    landed_listings.store,
    landed_listings.merchant_sku,
    min(landed_listings.product_id) as product_id
from landed_listings
where landed_listings.merchant_sku is not null
group by landed_listings.store, landed_listings.merchant_sku
having min(landed_listings.product_id) = max(landed_listings.product_id)
