-- One row per basis, grain from month to year, period, store, currency and product: how many people bought it. Counted distinct from
-- distinct: of each buyer and year the months bought in are bits, the first twelve those paid in, the next those placed in.
with lines as (
    select
        order_lines.store,
        order_lines.currency,
        order_lines.product_id,
        order_buyers.buyer,
        cast(year(order_lines.paid_day) as integer) as paid_year,
        cast(year(order_lines.placed_day) as integer) as placed_year,
        cast(1 as integer) << (cast(month(order_lines.paid_day) as integer) - 1) as paid_month,
        cast(1 as integer) << (cast(month(order_lines.placed_day) as integer) + 11) as placed_month
    from order_lines
    inner join order_buyers on order_lines.store = order_buyers.store and order_lines.order_id = order_buyers.order_id
    where order_lines.counted and order_lines.is_goods and order_lines.product_id is not null
),

bought as (
    select
        store, currency, product_id, buyer, placed_year as year,
        placed_month | case when paid_year = placed_year then paid_month else 0 end as months
    from lines
    union all
    select store, currency, product_id, buyer, paid_year, paid_month
    from lines
    where paid_year <> placed_year
),

buyer_years as (
    select bought.store, bought.currency, bought.product_id, bought.year, bought.buyer, bit_or(bought.months) as months
    from bought
    group by bought.store, bought.currency, bought.product_id, bought.year, bought.buyer
),

-- Buyers of the same months are added up before they meet periods.
patterns as (
    select buyer_years.store, buyer_years.currency, buyer_years.product_id, buyer_years.year, buyer_years.months, count(*) as buyers
    from buyer_years
    group by buyer_years.store, buyer_years.currency, buyer_years.product_id, buyer_years.year, buyer_years.months
),

bases as (
    select 'paid' as basis, 0 as first_bit
    union all
    select 'placed', 12
),

spans as (
    select 'month' as grain, unnest(range(0, 12)) as first_month, 1 as span
    union all
    select 'quarter', unnest([0, 3, 6, 9]), 3
    union all
    select 'year', 0, 12
),

periods as (
    select
        bases.basis,
        spans.grain,
        spans.first_month,
        cast(((1 << spans.span) - 1) << (spans.first_month + bases.first_bit) as integer) as months
    from bases
    cross join spans
)

select
    periods.basis,
    periods.grain,
    make_date(patterns.year, periods.first_month + 1, 1) as period_start,
    patterns.store,
    patterns.currency,
    patterns.product_id,
    cast(sum(patterns.buyers) as bigint) as buyers
from patterns
inner join periods on (patterns.months & periods.months) <> 0
group by
    periods.basis,
    periods.grain,
    make_date(patterns.year, periods.first_month + 1, 1),
    patterns.store,
    patterns.currency,
    patterns.product_id
