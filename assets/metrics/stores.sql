-- One row per store: what stores.csv says of it, else the platform's defaults, the days it has counted orders on, and
-- which share of the days its orders should be known of is known whole, with orders or without. A day known in part is not.
with seen as (
    select
        orders.store,
        min(case when orders.counted then orders.paid_day end) as first_day,
        max(case when orders.counted then orders.paid_day end) as last_day,
        count(distinct case when orders.counted then orders.paid_day end) as days_with_orders,
        min(orders.currency) as currency,
        min(ledger_landings.platform) as platform,
        min(ledger_landings.timezone) as timezone
    from orders
    left join ledger_landings on orders.landing = ledger_landings.landing
    group by orders.store
),

covered as (
    select
        coverage.store,
        cast(count(case when coverage.state in ('present', 'empty') then 1 end) as double) / count(*) as days_covered_share
    from coverage
    where coverage.source = 'orders'
    group by coverage.store
)

select
    coalesce(reference_stores.store, seen.store) as store,
    coalesce(reference_stores.platform, seen.platform) as platform,
    coalesce(reference_stores.name, reference_stores.store, seen.store) as name,
    coalesce(reference_stores.timezone, seen.timezone) as timezone,
    coalesce(reference_stores.currency, seen.currency) as currency,
    reference_stores.store_group,
    reference_stores.store is not null as listed,
    seen.first_day,
    seen.last_day,
    coalesce(seen.days_with_orders, 0) as days_with_orders,
    covered.days_covered_share
from reference_stores
full outer join seen on reference_stores.store = seen.store
left join covered on seen.store = covered.store
