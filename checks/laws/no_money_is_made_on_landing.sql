-- Landings whose money in the parts is not what their reader read less what it refused, per kind, column, store and currency.
with landed_order_sums as (
    select
        landing, store, currency,
        sum(order_paid) as order_paid, sum(order_shipping) as order_shipping, sum(order_tax) as order_tax,
        sum(refund_reported) as refund_reported
    from landed_orders
    group by landing, store, currency
),

landed as (
    select landing, 'orders' as kind, 'order_paid' as money, store, currency, order_paid as amount from landed_order_sums
    union all
    select landing, 'orders' as kind, 'order_shipping' as money, store, currency, order_shipping as amount from landed_order_sums
    union all
    select landing, 'orders' as kind, 'order_tax' as money, store, currency, order_tax as amount from landed_order_sums
    union all
    select landing, 'orders' as kind, 'refund_reported' as money, store, currency, refund_reported as amount from landed_order_sums
    union all
    select landing, 'order_lines' as kind, 'line_gross' as money, store, currency, sum(line_gross) as amount
    from landed_order_lines
    group by landing, store, currency
    union all
    select landing, 'refunds' as kind, 'refund_cash' as money, store, currency, sum(refund_cash) as amount
    from landed_refunds
    group by landing, store, currency
)

select
    ledger_money.landing,
    ledger_money.store,
    ledger_money.currency,
    ledger_money.money,
    ledger_money.amount as was_read,
    coalesce(landed.amount, 0) as was_landed
from ledger_money
left join landed
    on ledger_money.landing = landed.landing
    and ledger_money.kind = landed.kind
    and ledger_money.money = landed.money
    and ledger_money.store = landed.store
    and ledger_money.currency = landed.currency
where ledger_money.amount <> coalesce(landed.amount, 0)
