-- Days whose products do not add up to the counted lines of that day.
with facts as (
    select 'paid' as basis, store, currency, paid_day as day, line_gross as amount from order_lines where counted and is_goods and product_id is not null
    union all
    select 'placed' as basis, store, currency, placed_day as day, line_gross as amount from order_lines where counted and is_goods and product_id is not null
),

fact_days as (
    select basis, store, currency, day, sum(amount) as amount
    from facts
    group by basis, store, currency, day
),

product_sums as (
    select basis, store, currency, day, sum(gross_sales) as amount
    from product_days
    group by basis, store, currency, day
)

select
    coalesce(fact_days.basis, product_sums.basis) as basis,
    coalesce(fact_days.store, product_sums.store) as store,
    coalesce(fact_days.day, product_sums.day) as day,
    fact_days.amount as from_lines,
    product_sums.amount as from_products
from fact_days
full outer join product_sums
    on fact_days.basis = product_sums.basis
    and fact_days.store = product_sums.store
    and fact_days.currency = product_sums.currency
    and fact_days.day = product_sums.day
where coalesce(fact_days.amount, 0) <> coalesce(product_sums.amount, 0)
