-- Orders that exports state in more than one currency.
select
    store,
    order_id,
    min(currency) as one,
    max(currency) as other
from landed_orders
group by store, order_id
having min(currency) <> max(currency)
