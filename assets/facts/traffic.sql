-- One row per store, report, day, product and channel. A report's day is taken whole from one export: the newest where exports
-- state when they were made, else the fullest. Days are restated for a while, so they are replaced, never added.
with best_export as (
    select
        landed_traffic.*,
        rank() over (
            partition by
                landed_traffic.month, landed_traffic.store, landed_traffic.dialect, landed_traffic.report,
                landed_traffic.about_product, landed_traffic.day
            order by
                landed_traffic.exported_at desc nulls last,
                landed_traffic.set_rows desc,
                landed_traffic.set_visits desc nulls last,
                landed_traffic.set_content desc
        ) as place
    from landed_traffic
),

versions as (
    select
        best_export.*,
        row_number() over (
            partition by
                best_export.month, best_export.store, best_export.dialect, best_export.report,
                best_export.about_product, best_export.day, best_export.product_id, best_export.channel
            order by best_export.content desc, best_export.landing asc, best_export.row asc
        ) as version
    from best_export
    where best_export.place = 1
)

select
    versions.month,
    versions.store,
    versions.dialect,
    versions.report,
    versions.about_product,
    versions.day,
    versions.product_id,
    versions.channel,
    versions.channel_group,
    versions.currency,
    versions.visitors,
    versions.sessions,
    versions.page_views,
    versions.new_visitors,
    versions.favourites,
    versions.carts,
    versions.cart_units,
    versions.search_visitors,
    versions.platform_buyers,
    versions.platform_orders,
    versions.platform_units,
    cast(versions.platform_paid as decimal(18, 2)) as platform_paid,
    cast(versions.platform_refunds as decimal(18, 2)) as platform_refunds,
    versions.landing,
    versions.row
from versions
where versions.version = 1
