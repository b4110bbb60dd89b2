-- Stores whose weeks, months, quarters or years do not add up to their days.
with days as (
    select
        basis,
        store,
        currency,
        sum(paid_orders) as paid_orders,
        case when count(paid_amount) = count(*) then sum(paid_amount) end as paid_amount
    from store_days
    group by basis, store, currency
),

periods as (
    select basis, store, currency, grain, sum(paid_orders) as paid_orders, sum(paid_amount) as paid_amount
    from store_metrics
    group by basis, store, currency, grain
)

select
    periods.basis,
    periods.store,
    periods.grain,
    periods.paid_orders,
    days.paid_orders as days_paid_orders,
    periods.paid_amount,
    days.paid_amount as days_paid_amount
from periods
inner join days
    on periods.basis = days.basis
    and periods.store = days.store
    and periods.currency = days.currency
where periods.paid_orders <> days.paid_orders
    or (days.paid_amount is not null and periods.paid_amount is distinct from days.paid_amount)
