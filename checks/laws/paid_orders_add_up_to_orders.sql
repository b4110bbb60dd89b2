-- Days whose paid orders are not the counted orders of that day.
with facts as (
    select 'paid' as basis, store, currency, paid_day as day, 1 as amount from orders where counted
    union all
    select 'placed' as basis, store, currency, placed_day as day, 1 as amount from orders where counted
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
    store_days.paid_orders,
    coalesce(fact_days.amount, 0) as from_facts
from store_days
left join fact_days
    on store_days.basis = fact_days.basis
    and store_days.store = fact_days.store
    and store_days.currency = fact_days.currency
    and store_days.day = fact_days.day
where store_days.paid_orders <> coalesce(fact_days.amount, 0)
