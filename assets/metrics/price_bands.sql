-- One row per store, currency, month, category and price band, on the day orders were paid: what was sold at which asked price.
-- Bands are the same everywhere: 0, 10, 20, 50, 100 and so on, in the store's currency. `-` is of no category.
with lines as (
    select
        order_lines.store,
        order_lines.currency,
        cast(date_trunc('month', order_lines.paid_day) as date) as month,
        coalesce(products.category, '-') as category,
        order_lines.quantity,
        order_lines.line_gross,
        order_lines.line_discount,
        case
            when order_lines.line_gross < 10 * order_lines.quantity then 0
            when order_lines.line_gross < 20 * order_lines.quantity then 10
            when order_lines.line_gross < 50 * order_lines.quantity then 20
            when order_lines.line_gross < 100 * order_lines.quantity then 50
            when order_lines.line_gross < 200 * order_lines.quantity then 100
            when order_lines.line_gross < 500 * order_lines.quantity then 200
            when order_lines.line_gross < 1000 * order_lines.quantity then 500
            when order_lines.line_gross < 2000 * order_lines.quantity then 1000
            when order_lines.line_gross < 5000 * order_lines.quantity then 2000
            when order_lines.line_gross < 10000 * order_lines.quantity then 5000
            else 10000
        end as band_from
    from order_lines
    left join products on order_lines.store = products.store and order_lines.product_id = products.product_id
    where order_lines.counted and order_lines.is_goods and order_lines.line_gross is not null and order_lines.quantity > 0
),

sums as (
    select
        lines.store,
        lines.currency,
        lines.month,
        lines.category,
        lines.band_from,
        count(*) as order_lines,
        sum(lines.quantity) as units,
        sum(lines.line_gross) as gross_sales,
        case when count(lines.line_discount) = count(*) then sum(lines.line_discount) end as discounts
    from lines
    group by lines.store, lines.currency, lines.month, lines.category, lines.band_from
)

select
    sums.month,
    sums.store,
    sums.currency,
    sums.category,
    cast(sums.band_from as decimal(18, 2)) as band_from,
    cast(
        case sums.band_from
            when 0 then 10
            when 10 then 20
            when 20 then 50
            when 50 then 100
            when 100 then 200
            when 200 then 500
            when 500 then 1000
            when 1000 then 2000
            when 2000 then 5000
            when 5000 then 10000
        end as decimal(18, 2)
    ) as band_below,
    cast(sums.order_lines as bigint) as order_lines,
    cast(sums.units as bigint) as units,
    cast(sums.gross_sales as decimal(18, 2)) as gross_sales,
    cast(sums.discounts as decimal(18, 2)) as discounts,
    cast(sums.gross_sales - sums.discounts as decimal(18, 2)) as discounted_sales,
    cast(sums.gross_sales as double) / nullif(
        sum(sums.gross_sales) over (partition by sums.store, sums.currency, sums.month, sums.category), 0
    ) as band_share
from sums
