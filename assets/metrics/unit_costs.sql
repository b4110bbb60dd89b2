-- One row per store, merchant SKU and day from which on a unit costs something: the store's own costs where it has any by then, else every
-- store's; until the day the next one begins.
with skus as (
    select sku_days.store, sku_days.merchant_sku
    from sku_days
    union
    select listings.store, listings.merchant_sku
    from listings
    where listings.merchant_sku is not null
),

own as (
    select skus.store, skus.merchant_sku, reference_costs.valid_from, reference_costs.unit_cost, reference_costs.currency
    from skus
    inner join reference_costs on skus.store = reference_costs.store and skus.merchant_sku = reference_costs.merchant_sku
),

first_own as (
    select own.store, own.merchant_sku, min(own.valid_from) as day
    from own
    group by own.store, own.merchant_sku
),

common as (
    select skus.store, skus.merchant_sku, reference_costs.valid_from, reference_costs.unit_cost, reference_costs.currency
    from skus
    inner join reference_costs on reference_costs.store is null and skus.merchant_sku = reference_costs.merchant_sku
    left join first_own on skus.store = first_own.store and skus.merchant_sku = first_own.merchant_sku
    where first_own.day is null or reference_costs.valid_from < first_own.day
),

costs as (
    select * from own
    union all
    select * from common
)

select
    costs.store,
    costs.merchant_sku,
    costs.valid_from,
    lead(costs.valid_from) over (partition by costs.store, costs.merchant_sku order by costs.valid_from) as valid_until,
    costs.unit_cost,
    costs.currency
from costs
