-- One row per store, segment and day, on the day orders were paid: what the statistics of edges are computed from. Amounts are in
-- the reporting currency. A count that is not known is null; a day known in part is left out. Of a day without orders there are no
-- lines to tell of, which is zero; of buyers, margins and prices there is nothing then, which is null. `parent` is the category all
-- of a segment's products are of.
with in_part as (
    select distinct coverage.store, coverage.day, coverage.source = 'channel' as of_channels
    from coverage
    where coverage.state = 'partial' and coverage.source in ('orders', 'item', 'channel')
),

refunded as (
    select
        refund_lines.store,
        refund_lines.product_id,
        refund_lines.paid_day as day,
        count(distinct concat(refund_lines.order_id, '/', refund_lines.line_id)) as refunded_lines
    from refund_lines
    group by refund_lines.store, refund_lines.product_id, refund_lines.paid_day
),

of_products as (
    select
        segments.segment_type,
        segments.segment,
        segments.parent,
        product_days.store,
        product_days.day,
        product_days.item_visits,
        product_visits.carts,
        product_visits.favourites,
        product_visits.search_visitors,
        product_visits.dialect,
        product_days.order_lines,
        product_days.units,
        case when product_days.refunds_cash_order_day is not null then coalesce(refunded.refunded_lines, 0) end as refunded_lines,
        cast(
            round(cast(product_days.gross_sales as decimal(26, 2)) * cast(store_rates.rate as decimal(12, 8)), 2) as decimal(18, 2)
        ) as sales
    from product_days
    inner join segments on product_days.store = segments.store and product_days.product_id = segments.product_id
    left join store_rates
        on product_days.store = store_rates.store
        and product_days.currency = store_rates.currency
        and product_days.day = store_rates.day
    left join product_visits
        on product_days.store = product_visits.store
        and product_days.product_id = product_visits.product_id
        and product_days.day = product_visits.day
    left join refunded
        on product_days.store = refunded.store
        and product_days.product_id = refunded.product_id
        and product_days.day = refunded.day
    where product_days.basis = 'paid'
),

product_cells as (
    select
        of_products.store,
        of_products.segment_type,
        of_products.segment,
        of_products.day,
        case when min(of_products.parent) = max(of_products.parent) then max(of_products.parent) end as parent,
        max(of_products.dialect) as dialect,
        case when count(of_products.item_visits) = count(*) then sum(of_products.item_visits) end as visits,
        case when count(of_products.item_visits) = count(*) and count(of_products.carts) > 0 then sum(of_products.carts) end as carts,
        case
            when count(of_products.item_visits) = count(*) and count(of_products.favourites) > 0 then sum(of_products.favourites)
        end as favourites,
        case
            when count(of_products.item_visits) = count(*) and count(of_products.search_visitors) > 0
                then sum(of_products.search_visitors)
        end as search_visitors,
        case when count(of_products.order_lines) = count(*) then sum(of_products.order_lines) end as orders,
        case when count(of_products.units) = count(*) then sum(of_products.units) end as units,
        case when count(of_products.refunded_lines) = count(*) then sum(of_products.refunded_lines) end as refunded,
        case when count(of_products.sales) = count(*) then sum(of_products.sales) end as sales
    from of_products
    group by of_products.store, of_products.segment_type, of_products.segment, of_products.day
),

channel_cells as (
    select
        channel_days.store,
        'channel' as segment_type,
        channel_days.channel_group as segment,
        channel_days.day,
        max(channel_days.dialect) as dialect,
        case when count(channel_days.visits) = count(*) then sum(channel_days.visits) end as visits,
        case when count(channel_days.carts) = count(*) then sum(channel_days.carts) end as carts,
        case
            when count(coalesce(channel_days.platform_orders, channel_days.platform_buyers)) = count(*)
                then sum(coalesce(channel_days.platform_orders, channel_days.platform_buyers))
        end as orders,
        case
            when count(channel_days.platform_paid) = count(*) and count(store_rates.rate) = count(*)
                then sum(
                    cast(
                        round(
                            cast(channel_days.platform_paid as decimal(26, 2)) * cast(store_rates.rate as decimal(12, 8)), 2
                        ) as decimal(18, 2)
                    )
                )
        end as sales
    from channel_days
    left join store_rates
        on channel_days.store = store_rates.store
        and channel_days.currency = store_rates.currency
        and channel_days.day = store_rates.day
    where channel_days.channel_group is not null
    group by channel_days.store, channel_days.channel_group, channel_days.day
)

select
    product_cells.store,
    product_cells.segment_type,
    product_cells.segment,
    product_cells.parent,
    product_cells.day,
    coalesce(product_cells.dialect, stores.platform) as dialect,
    cast(product_cells.visits as bigint) as visits,
    cast(product_cells.carts as bigint) as carts,
    cast(product_cells.favourites as bigint) as favourites,
    cast(product_cells.search_visitors as bigint) as search_visitors,
    cast(null as bigint) as all_visits,
    cast(product_cells.orders as bigint) as orders,
    cast(product_cells.units as bigint) as units,
    cast(product_cells.refunded as bigint) as refunded,
    cast(product_cells.sales as decimal(18, 2)) as sales,
    case when product_cells.orders = 0 then 0 else cell_lines.sales_w end as sales_w,
    case when product_cells.orders = 0 then 0 else cell_lines.sales_w_sq end as sales_w_sq,
    case when product_cells.orders = 0 then 0 else cell_lines.units_w end as units_w,
    case when product_cells.orders = 0 then 0 else cell_lines.units_w_sq end as units_w_sq,
    case when product_cells.orders = 0 then 0 else cell_lines.price_w end as price_w,
    case when product_cells.orders = 0 then 0 else cell_lines.price_w_sq end as price_w_sq,
    case when cell_lines.costed_lines > 0 then cell_lines.costed_lines end as costed_lines,
    cell_lines.costed_sales,
    cell_lines.costed_margin,
    cell_buyers.watched_buyers,
    cell_buyers.returned_buyers,
    cell_prices.matched_items,
    cell_prices.price_log,
    cell_prices.price_log_sq
from product_cells
left join stores on product_cells.store = stores.store
left join cell_lines
    on product_cells.store = cell_lines.store
    and product_cells.segment_type = cell_lines.segment_type
    and product_cells.segment = cell_lines.segment
    and product_cells.day = cell_lines.day
left join cell_buyers
    on product_cells.store = cell_buyers.store
    and product_cells.segment_type = cell_buyers.segment_type
    and product_cells.segment = cell_buyers.segment
    and product_cells.day = cell_buyers.day
left join cell_prices
    on product_cells.store = cell_prices.store
    and product_cells.segment_type = cell_prices.segment_type
    and product_cells.segment = cell_prices.segment
    and product_cells.day = cell_prices.day
left join in_part on product_cells.store = in_part.store and product_cells.day = in_part.day and not in_part.of_channels
where in_part.day is null
union all
select
    channel_cells.store,
    channel_cells.segment_type,
    channel_cells.segment,
    cast(null as varchar) as parent,
    channel_cells.day,
    channel_cells.dialect,
    cast(channel_cells.visits as bigint) as visits,
    cast(channel_cells.carts as bigint) as carts,
    cast(null as bigint) as favourites,
    cast(null as bigint) as search_visitors,
    cast(
        case
            when count(channel_cells.visits) over of_store = count(*) over of_store then sum(channel_cells.visits) over of_store
        end as bigint
    ) as all_visits,
    cast(channel_cells.orders as bigint) as orders,
    cast(null as bigint) as units,
    cast(null as bigint) as refunded,
    cast(channel_cells.sales as decimal(18, 2)) as sales,
    cast(null as double) as sales_w,
    cast(null as double) as sales_w_sq,
    cast(null as double) as units_w,
    cast(null as double) as units_w_sq,
    cast(null as double) as price_w,
    cast(null as double) as price_w_sq,
    cast(null as bigint) as costed_lines,
    cast(null as decimal(18, 2)) as costed_sales,
    cast(null as decimal(18, 2)) as costed_margin,
    cast(null as bigint) as watched_buyers,
    cast(null as bigint) as returned_buyers,
    cast(null as bigint) as matched_items,
    cast(null as double) as price_log,
    cast(null as double) as price_log_sq
from channel_cells
left join in_part on channel_cells.store = in_part.store and channel_cells.day = in_part.day and in_part.of_channels
where in_part.day is null
window of_store as (partition by channel_cells.store, channel_cells.dialect, channel_cells.day)
