-- One row per store, segment and day, on the day orders were paid: what the statistics of edges are computed from. Amounts are
-- in the reporting currency, those of single lines cut at the segment's 99th percentile; they are added up as decimals, so that no
-- order of adding changes a digit. A count that is not known is null; a day known in part is left out.
with in_part as (
    select distinct coverage.store, coverage.day, coverage.source = 'channel' as of_channels
    from coverage
    where coverage.state = 'partial' and coverage.source in ('orders', 'item', 'channel')
),

segments as (
    select
        products.store,
        products.product_id,
        'category' as segment_type,
        case
            when products.category_source = 'catalogue' then products.category
            else concat(stores.platform, ': ', products.category)
        end as segment
    from products
    inner join stores on products.store = stores.store
    where products.category is not null
    union all
    select products.store, products.product_id, 'item' as segment_type, products.item as segment
    from products
    where products.item is not null
),

line_values as (
    select
        order_lines.store,
        segments.segment_type,
        segments.segment,
        order_lines.paid_day as day,
        cast(round(cast(order_lines.line_gross as decimal(18, 2)) * cast(store_rates.rate as decimal(12, 8)), 4) as decimal(18, 4)) as line_value
    from order_lines
    inner join segments on order_lines.store = segments.store and order_lines.product_id = segments.product_id
    inner join store_rates
        on order_lines.store = store_rates.store
        and order_lines.currency = store_rates.currency
        and order_lines.paid_day = store_rates.day
    where order_lines.counted and order_lines.is_goods
),

limits as (
    select line_values.segment_type, line_values.segment, quantile_disc(line_values.line_value, 0.99) as highest
    from line_values
    group by line_values.segment_type, line_values.segment
),

winsorised as (
    select
        line_values.store,
        line_values.segment_type,
        line_values.segment,
        line_values.day,
        sum(least(line_values.line_value, limits.highest)) as sales_w,
        sum(
            cast(least(line_values.line_value, limits.highest) as decimal(18, 4))
            * cast(least(line_values.line_value, limits.highest) as decimal(18, 4))
        ) as sales_w_sq
    from line_values
    inner join limits on line_values.segment_type = limits.segment_type and line_values.segment = limits.segment
    group by line_values.store, line_values.segment_type, line_values.segment, line_values.day
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
        product_days.store,
        product_days.day,
        product_days.item_visits,
        product_visits.carts,
        product_visits.dialect,
        product_days.order_lines,
        product_days.units,
        case when product_days.refunds_cash_order_day is not null then coalesce(refunded.refunded_lines, 0) end as refunded_lines,
        cast(
            round(cast(product_days.gross_sales as decimal(26, 2)) * cast(store_rates.rate as decimal(12, 8)), 2) as decimal(38, 2)
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
        max(of_products.dialect) as dialect,
        case when count(of_products.item_visits) = count(*) then sum(of_products.item_visits) end as visits,
        case when count(of_products.item_visits) = count(*) and count(of_products.carts) > 0 then sum(of_products.carts) end as carts,
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
                        ) as decimal(38, 2)
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
    product_cells.day,
    coalesce(product_cells.dialect, stores.platform) as dialect,
    cast(product_cells.visits as bigint) as visits,
    cast(product_cells.carts as bigint) as carts,
    cast(product_cells.orders as bigint) as orders,
    cast(product_cells.units as bigint) as units,
    cast(product_cells.refunded as bigint) as refunded,
    cast(product_cells.sales as decimal(38, 2)) as sales,
    case when product_cells.orders is not null then coalesce(cast(winsorised.sales_w as double), 0) end as sales_w,
    case when product_cells.orders is not null then coalesce(cast(winsorised.sales_w_sq as double), 0) end as sales_w_sq
from product_cells
left join stores on product_cells.store = stores.store
left join winsorised
    on product_cells.store = winsorised.store
    and product_cells.segment_type = winsorised.segment_type
    and product_cells.segment = winsorised.segment
    and product_cells.day = winsorised.day
left join in_part on product_cells.store = in_part.store and product_cells.day = in_part.day and not in_part.of_channels
where in_part.day is null
union all
select
    channel_cells.store,
    channel_cells.segment_type,
    channel_cells.segment,
    channel_cells.day,
    channel_cells.dialect,
    cast(channel_cells.visits as bigint) as visits,
    cast(channel_cells.carts as bigint) as carts,
    cast(channel_cells.orders as bigint) as orders,
    cast(null as bigint) as units,
    cast(null as bigint) as refunded,
    cast(channel_cells.sales as decimal(38, 2)) as sales,
    cast(null as double) as sales_w,
    cast(null as double) as sales_w_sq
from channel_cells
left join in_part on channel_cells.store = in_part.store and channel_cells.day = in_part.day and in_part.of_channels
where in_part.day is null
