-- One row per basis, store, currency, local day and buyer who paid an order; private.
with events as (
    select 'paid' as basis, order_buyers.paid_day as day, order_buyers.* from order_buyers where order_buyers.counted
    union all
    select 'placed' as basis, order_buyers.placed_day as day, order_buyers.* from order_buyers where order_buyers.counted
)

select
    cast(date_trunc('month', events.day) as date) as month,
    events.basis,
    events.store,
    events.currency,
    events.day,
    events.buyer,
    count(*) as paid_orders
from events
group by events.basis, events.store, events.currency, events.day, events.buyer
