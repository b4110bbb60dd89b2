-- One row per store and order whose buyer any export names; an order's buyer never changes, so the versions need no ranking. Only
-- where the pseudonym key changed are there two of them: the newest key's counts, which tells most orders apart.
with named as (
    select
        landed_orders.month,
        landed_orders.store,
        landed_orders.order_id,
        min(coalesce(ledger_epochs.epochs_ago, 0)) as epochs_ago,
        case
            when count(ledger_epochs.epochs_ago) = 0 then max(landed_orders.buyer)
            else min_by(landed_orders.buyer, coalesce(ledger_epochs.epochs_ago, 0))
        end as buyer
    from landed_orders
    left join ledger_epochs on landed_orders.landing = ledger_epochs.landing
    where landed_orders.buyer is not null
    group by landed_orders.month, landed_orders.store, landed_orders.order_id
)

select
    named.month,
    named.store,
    named.order_id,
    orders.currency,
    named.buyer,
    named.epochs_ago,
    orders.placed_day,
    orders.paid_day,
    orders.counted
from named
inner join orders
    on named.store = orders.store
    and named.month = orders.month
    and named.order_id = orders.order_id
