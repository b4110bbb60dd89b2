-- One row per store, product and day looked back from: what the margin of thirty days is to what the stock that made it cost, in the
-- reporting currency. A stock is that of the days a listing export shows, at the cost and rate of its day; one without a day is that of
-- the last known day. Where a unit of it has no known cost, the product's stock has none. Goods never in stock bind nothing.
with looks as (
    select distinct product_life.store, product_life.day, product_life.product_id
    from product_life
    where product_life.sold_30d is not null
),

ranked as (
    select
        landed_listings.*,
        row_number() over (
            partition by landed_listings.store, landed_listings.product_id, landed_listings.variant, landed_listings.seen_day
            order by
                landed_listings.exported_at desc nulls last,
                landed_listings.content desc,
                landed_listings.landing asc,
                landed_listings.row asc
        ) as place
    from landed_listings
    where landed_listings.stock is not null and landed_listings.seen_day is not null
),

latest as (
    select looks.store, max(looks.day) as day
    from looks
    group by looks.store
),

shown as (
    select ranked.store, ranked.product_id, ranked.merchant_sku, ranked.seen_day as day, ranked.stock
    from ranked
    where ranked.place = 1
    union all
    select listings.store, listings.product_id, listings.merchant_sku, latest.day, listings.stock
    from listings
    inner join latest on listings.store = latest.store
    where listings.stock is not null and listings.seen_day is null
),

valued as (
    select
        shown.store,
        shown.product_id,
        shown.day,
        case
            when shown.stock <= 0 then cast(0 as decimal(18, 2))
            else cast(
                round(
                    cast(shown.stock * unit_costs.unit_cost as decimal(24, 4))
                    * cast(
                        case when unit_costs.currency = reporting.currency then cast(1 as decimal(12, 8)) else reference_rates.rate end
                        as decimal(12, 8)
                    ),
                    2
                ) as decimal(18, 2)
            )
        end as stock_cost
    from shown
    cross join reporting
    left join unit_costs
        on shown.store = unit_costs.store
        and shown.merchant_sku = unit_costs.merchant_sku
        and shown.day >= unit_costs.valid_from
        and (unit_costs.valid_until is null or shown.day < unit_costs.valid_until)
    left join reference_rates on unit_costs.currency = reference_rates.currency and shown.day = reference_rates.day
),

stock_days as (
    select
        valued.store,
        valued.product_id,
        valued.day,
        case when count(valued.stock_cost) = count(*) then sum(valued.stock_cost) end as stock_cost
    from valued
    group by valued.store, valued.product_id, valued.day
),

stocks as (
    select
        looks.store,
        looks.day,
        looks.product_id,
        count(*) as days_stock_seen,
        case when count(stock_days.stock_cost) = count(*) then sum(stock_days.stock_cost) end as stock_cost
    from looks
    inner join stock_days
        on looks.store = stock_days.store
        and looks.product_id = stock_days.product_id
        and stock_days.day <= looks.day
        and stock_days.day > looks.day - 30
    group by looks.store, looks.day, looks.product_id
),

margins as (
    select
        looks.store,
        looks.day,
        looks.product_id,
        case
            when count(cost_days.costed_net_sales_base) = count(*) and count(cost_days.cost_of_goods_base) = count(*)
                then sum(cost_days.costed_net_sales_base - cost_days.cost_of_goods_base)
        end as margin
    from looks
    inner join cost_days
        on looks.store = cost_days.store
        and looks.product_id = cost_days.product_id
        and cost_days.day <= looks.day
        and cost_days.day > looks.day - 30
    where cost_days.basis = 'paid'
    group by looks.store, looks.day, looks.product_id
),

sales as (
    select product_life.store, product_life.day, product_life.product_id, max(cast(product_life.sold_30d as integer)) as is_sold
    from product_life
    where product_life.sold_30d is not null
    group by product_life.store, product_life.day, product_life.product_id
),

told as (
    select
        stocks.store,
        stocks.day,
        stocks.product_id,
        stocks.days_stock_seen,
        cast(round(stocks.stock_cost / stocks.days_stock_seen, 2) as decimal(18, 2)) as stock_cost,
        case when sales.is_sold = 0 then cast(0 as decimal(18, 2)) else margins.margin end as margin
    from stocks
    inner join sales on stocks.store = sales.store and stocks.day = sales.day and stocks.product_id = sales.product_id
    left join margins on stocks.store = margins.store and stocks.day = margins.day and stocks.product_id = margins.product_id
)

select
    told.store,
    told.day,
    told.product_id,
    cast(told.days_stock_seen as bigint) as days_stock_seen,
    cast(told.margin as decimal(18, 2)) as margin_30d_base,
    told.stock_cost as stock_cost_base,
    cast(told.margin as double) / nullif(told.stock_cost, 0) as gmroi_30d
from told
