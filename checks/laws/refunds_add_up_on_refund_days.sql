-- Days whose known refunds are not the refunds done on that day.
with facts as (
    select 'paid' as basis, store, currency, refund_day as day, refund_cash as amount from refunds where counted and refund_day is not null
    union all
    select 'placed' as basis, store, currency, refund_day as day, refund_cash as amount from refunds where counted and refund_day is not null
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
    store_days.refunds_cash_refund_day,
    coalesce(fact_days.amount, 0) as from_facts
from store_days
left join fact_days
    on store_days.basis = fact_days.basis
    and store_days.store = fact_days.store
    and store_days.currency = fact_days.currency
    and store_days.day = fact_days.day
where store_days.refunds_cash_refund_day <> coalesce(fact_days.amount, 0)
