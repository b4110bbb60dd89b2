-- Days whose known gross sales are not the gross of that day's counted lines.
with facts as (
    select 'paid' as basis, store, currency, paid_day as day, line_gross as amount from order_lines where counted and is_goods
    union all
    select 'placed' as basis, store, currency, placed_day as day, line_gross as amount from order_lines where counted and is_goods
),

fact_days as (
    select basis, store, currency, day, sum(amount) as amount
    from facts
    group by basis, store, currency, day
)

select
    store_days.basis,
    store_days.store,
    store_days.currency,
    store_days.day,
    store_days.gross_sales,
    coalesce(fact_days.amount, 0) as from_facts
from store_days
left join fact_days
    on store_days.basis = fact_days.basis
    and store_days.store = fact_days.store
    and store_days.currency = fact_days.currency
    and store_days.day = fact_days.day
where store_days.gross_sales <> coalesce(fact_days.amount, 0)
