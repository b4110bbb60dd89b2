-- One row per store, product and day whose visits are known.
with items as (
    select
        traffic.*,
        row_number() over (
            partition by traffic.month, traffic.store, traffic.day, traffic.product_id
            order by traffic.dialect
        ) as place
    from traffic
    where traffic.report = 'item' and traffic.product_id is not null
)

select
    items.month,
    items.store,
    items.product_id,
    items.day,
    items.dialect,
    items.currency,
    coalesce(items.visitors, items.sessions) as visits,
    items.visitors,
    items.sessions,
    items.page_views,
    items.favourites,
    items.carts,
    items.search_visitors,
    items.platform_orders,
    items.platform_buyers,
    items.platform_units,
    items.platform_paid
from items
where items.place = 1
