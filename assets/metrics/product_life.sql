-- One row per store, currency, product and day looked back from: each month's last day, and the store's last day known whole. Thirty
-- days are those up to that day; where one of them is not known whole nothing is said of them. Stock is as of the last day alone.
with known_days as (
    select coverage.store, coverage.day
    from coverage
    where coverage.source = 'orders' and coverage.state in ('present', 'empty')
),

last_days as (
    select known_days.store, max(known_days.day) as last_day
    from known_days
    group by known_days.store
),

looks as (
    select distinct known_days.store, known_days.day, known_days.day = last_days.last_day as is_latest
    from known_days
    inner join last_days on known_days.store = last_days.store
    where known_days.day = last_day(known_days.day) or known_days.day = last_days.last_day
),

whole as (
    select looks.store, looks.day, looks.is_latest, count(known_days.day) = 30 as is_whole
    from looks
    left join known_days
        on looks.store = known_days.store
        and known_days.day <= looks.day
        and known_days.day > looks.day - 30
    group by looks.store, looks.day, looks.is_latest
),

sales as (
    select
        product_days.store, product_days.currency, product_days.product_id, product_days.day, product_days.order_lines,
        product_days.units, product_days.discounted_sales
    from product_days
    where product_days.basis = 'paid' and product_days.order_lines > 0
),

-- Each day's sales meet the first day looked back from that is not before it, and all from which it is one of thirty.
look_days as (
    select looked.store, looked.sale_day, looked.day, looked.is_recent
    from (
        select
            whole.store,
            sale_days.day as sale_day,
            whole.day,
            sale_days.day > whole.day - 30 as is_recent,
            row_number() over (partition by sale_days.store, sale_days.day order by whole.day) as place
        from (select distinct sales.store, sales.day from sales) as sale_days
        inner join whole on sale_days.store = whole.store and sale_days.day <= whole.day
    ) as looked
    where looked.is_recent or looked.place = 1
),

sold_since as (
    select
        look_days.store,
        look_days.day,
        sales.currency,
        sales.product_id,
        max(sales.day) as last_sale,
        count(case when look_days.is_recent then 1 end) as days_sold_30d,
        sum(case when look_days.is_recent then sales.units else 0 end) as units_30d,
        sum(case when look_days.is_recent then sales.discounted_sales else 0 end) as sales_30d,
        count(case when look_days.is_recent and sales.discounted_sales is null then 1 end) as sales_unknown
    from look_days
    inner join sales on look_days.store = sales.store and look_days.sale_day = sales.day
    group by look_days.store, look_days.day, sales.currency, sales.product_id
),

first_sales as (
    select sales.store, sales.currency, sales.product_id, min(sales.day) as first_sale
    from sales
    group by sales.store, sales.currency, sales.product_id
),

sold as (
    select
        whole.store,
        whole.day,
        whole.is_latest,
        whole.is_whole,
        first_sales.currency,
        first_sales.product_id,
        first_sales.first_sale,
        max(sold_since.last_sale) over (
            partition by first_sales.store, first_sales.currency, first_sales.product_id
            order by whole.day
        ) as last_sale,
        coalesce(sold_since.days_sold_30d, 0) as days_sold_30d,
        case when sold_since.store is null then 0 else sold_since.units_30d end as units_30d,
        case when sold_since.store is null then 0 else sold_since.sales_30d end as sales_30d,
        coalesce(sold_since.sales_unknown, 0) as sales_unknown
    from whole
    inner join first_sales on whole.store = first_sales.store and first_sales.first_sale <= whole.day
    left join sold_since
        on whole.store = sold_since.store
        and whole.day = sold_since.day
        and first_sales.currency is not distinct from sold_since.currency
        and first_sales.product_id = sold_since.product_id
),

listed as (
    select
        whole.store,
        whole.day,
        whole.is_whole,
        stores.currency,
        products.product_id
    from whole
    inner join stores on whole.store = stores.store
    inner join products on whole.store = products.store
    left join sold
        on whole.store = sold.store
        and whole.day = sold.day
        and products.product_id = sold.product_id
    where whole.is_latest and products.first_seen is null and sold.store is null
),

everything as (
    select
        store, day, is_latest, is_whole, currency, product_id, first_sale, last_sale, days_sold_30d,
        units_30d, sales_30d, sales_unknown
    from sold
    union all
    select store, day, true, is_whole, currency, product_id, null, null, 0, 0, 0, 0
    from listed
),

shares as (
    select
        everything.*,
        case when sum(everything.sales_unknown) over of_store = 0 then sum(everything.sales_30d) over of_store end as store_sales_30d,
        row_number() over (
            partition by everything.store, everything.currency, everything.day
            order by everything.sales_30d desc, everything.product_id
        ) as place,
        sum(everything.sales_30d) over (
            partition by everything.store, everything.currency, everything.day
            order by everything.sales_30d desc, everything.product_id
            rows between unbounded preceding and 1 preceding
        ) as sales_above
    from everything
    window of_store as (partition by everything.store, everything.currency, everything.day)
),

empty_days as (
    select landed_listings.store, landed_listings.product_id, landed_listings.seen_day as day
    from landed_listings
    where landed_listings.stock is not null and landed_listings.seen_day is not null
    group by landed_listings.store, landed_listings.product_id, landed_listings.seen_day
    having max(landed_listings.stock) <= 0
),

out_of_stock as (
    select looks.store, looks.day, empty_days.product_id, count(*) as days_out
    from looks
    inner join empty_days
        on looks.store = empty_days.store
        and empty_days.day <= looks.day
        and empty_days.day > looks.day - 30
    where looks.is_latest
    group by looks.store, looks.day, empty_days.product_id
),

told as (
    select
        shares.*,
        products.merchant_sku,
        products.item,
        products.category,
        shares.is_whole and shares.sales_30d > 0 and shares.store_sales_30d > 0 as is_ranked,
        case when shares.is_latest then products.stock end as stock,
        case
            when shares.is_latest and shares.is_whole and products.stock is not null and shares.first_sale is not null
                then least(30, date_diff('day', shares.first_sale, shares.day) + 1) - coalesce(out_of_stock.days_out, 0)
        end as days_in_stock_30d
    from shares
    left join products on shares.store = products.store and shares.product_id = products.product_id
    left join out_of_stock
        on shares.store = out_of_stock.store
        and shares.day = out_of_stock.day
        and shares.product_id = out_of_stock.product_id
)

select
    told.store,
    told.currency,
    told.day,
    told.product_id,
    told.merchant_sku,
    told.item,
    told.category,
    told.first_sale,
    told.last_sale,
    cast(date_diff('day', told.last_sale, told.day) as bigint) as days_since_sale,
    case when told.is_whole then told.days_sold_30d > 0 end as sold_30d,
    cast(case when told.is_whole then told.units_30d end as bigint) as units_30d,
    cast(case when told.is_whole and told.sales_unknown = 0 then told.sales_30d end as decimal(18, 2)) as sales_30d,
    case when told.is_whole then cast(told.sales_30d as double) / nullif(told.store_sales_30d, 0) end as sales_share,
    cast(case when told.is_ranked then told.place end as bigint) as sales_rank,
    case
        when not told.is_ranked then null
        when coalesce(told.sales_above, 0) * 100 < told.store_sales_30d * 80 then 'A'
        when told.sales_above * 100 < told.store_sales_30d * 95 then 'B'
        else 'C'
    end as abc,
    cast(told.stock as bigint) as stock,
    cast(told.days_in_stock_30d as bigint) as days_in_stock_30d,
    cast(greatest(told.stock, 0) as double) * nullif(told.days_in_stock_30d, 0) / nullif(told.units_30d, 0) as days_of_cover
from told
