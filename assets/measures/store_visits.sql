-- One row per store and day whose traffic is known: the shop's own report; where a platform has none that day and its visits
-- add up, the sum over its items' report.
with shop as (
    select
        traffic.*,
        row_number() over (partition by traffic.month, traffic.store, traffic.day order by traffic.dialect) as place
    from traffic
    where traffic.report = 'shop'
),

item_sums as (
    select
        traffic.month,
        traffic.store,
        concat(traffic.dialect, '.child_sum') as dialect,
        traffic.day,
        max(traffic.currency) as currency,
        sum(traffic.sessions) as sessions,
        sum(traffic.page_views) as page_views,
        sum(traffic.platform_orders) as platform_orders,
        sum(traffic.platform_units) as platform_units,
        sum(traffic.platform_paid) as platform_paid
    from traffic
    where traffic.report = 'item' and traffic.dialect = 'amazon'
    group by traffic.month, traffic.store, traffic.dialect, traffic.day
)

select
    shop.month,
    shop.store,
    shop.day,
    shop.dialect,
    shop.currency,
    coalesce(shop.visitors, shop.sessions) as visits,
    shop.visitors,
    shop.sessions,
    shop.page_views,
    shop.new_visitors,
    shop.favourites,
    shop.carts,
    shop.platform_buyers,
    shop.platform_orders,
    shop.platform_units,
    shop.platform_paid
from shop
where shop.place = 1
union all
select
    item_sums.month,
    item_sums.store,
    item_sums.day,
    item_sums.dialect,
    item_sums.currency,
    cast(item_sums.sessions as bigint) as visits,
    cast(null as bigint) as visitors,
    cast(item_sums.sessions as bigint) as sessions,
    cast(item_sums.page_views as bigint) as page_views,
    cast(null as bigint) as new_visitors,
    cast(null as bigint) as favourites,
    cast(null as bigint) as carts,
    cast(null as bigint) as platform_buyers,
    cast(item_sums.platform_orders as bigint) as platform_orders,
    cast(item_sums.platform_units as bigint) as platform_units,
    cast(item_sums.platform_paid as decimal(18, 2)) as platform_paid
from item_sums
left join shop on item_sums.store = shop.store and item_sums.day = shop.day and shop.place = 1
where shop.store is null
