-- Landings whose money in the facts is not the money of those of their rows that won, per kind, column, store and currency.
with winners as (
    select landed.landing, 'orders' as kind, 'order_paid' as money, landed.store, landed.currency, sum(landed.order_paid) as amount
    from landed_orders as landed
    inner join (select distinct landing, row, store from orders) as won
        on landed.landing = won.landing and landed.row = won.row and landed.store = won.store
    group by landed.landing, landed.store, landed.currency
    union all
    select landed.landing, 'orders' as kind, 'order_shipping' as money, landed.store, landed.currency, sum(landed.order_shipping) as amount
    from landed_orders as landed
    inner join (select distinct landing, row, store from orders) as won
        on landed.landing = won.landing and landed.row = won.row and landed.store = won.store
    group by landed.landing, landed.store, landed.currency
    union all
    select landed.landing, 'orders' as kind, 'order_tax' as money, landed.store, landed.currency, sum(landed.order_tax) as amount
    from landed_orders as landed
    inner join (select distinct landing, row, store from orders) as won
        on landed.landing = won.landing and landed.row = won.row and landed.store = won.store
    group by landed.landing, landed.store, landed.currency
    union all
    select landed.landing, 'orders' as kind, 'refund_reported' as money, landed.store, landed.currency, sum(landed.refund_reported) as amount
    from landed_orders as landed
    inner join (select distinct landing, row, store from orders) as won
        on landed.landing = won.landing and landed.row = won.row and landed.store = won.store
    group by landed.landing, landed.store, landed.currency
    union all
    select landed.landing, 'order_lines' as kind, 'line_gross' as money, landed.store, landed.currency, sum(landed.line_gross) as amount
    from landed_order_lines as landed
    inner join (select distinct landing, row, store from order_lines) as won
        on landed.landing = won.landing and landed.row = won.row and landed.store = won.store
    group by landed.landing, landed.store, landed.currency
    union all
    select landed.landing, 'refunds' as kind, 'refund_cash' as money, landed.store, landed.currency, sum(landed.refund_cash) as amount
    from landed_refunds as landed
    inner join (select distinct landing, row, store from refunds) as won
        on landed.landing = won.landing and landed.row = won.row and landed.store = won.store
    group by landed.landing, landed.store, landed.currency
),

facts as (
    select landing, 'orders' as kind, 'order_paid' as money, store, currency, sum(order_paid) as amount
    from orders
    where landing is not null
    group by landing, store, currency
    union all
    select landing, 'orders' as kind, 'order_shipping' as money, store, currency, sum(order_shipping) as amount
    from orders
    where landing is not null
    group by landing, store, currency
    union all
    select landing, 'orders' as kind, 'order_tax' as money, store, currency, sum(order_tax) as amount
    from orders
    where landing is not null
    group by landing, store, currency
    union all
    select landing, 'orders' as kind, 'refund_reported' as money, store, currency, sum(refund_reported) as amount
    from orders
    where landing is not null
    group by landing, store, currency
    union all
    select landing, 'order_lines' as kind, 'line_gross' as money, store, currency, sum(line_gross) as amount
    from order_lines
    where landing is not null
    group by landing, store, currency
    union all
    select landing, 'refunds' as kind, 'refund_cash' as money, store, currency, sum(refund_cash) as amount
    from refunds
    where landing is not null
    group by landing, store, currency
)

select
    coalesce(winners.landing, facts.landing) as landing,
    coalesce(winners.store, facts.store) as store,
    coalesce(winners.money, facts.money) as money,
    winners.amount as of_winning_rows,
    facts.amount as in_facts
from winners
full outer join facts
    on winners.landing = facts.landing
    and winners.kind = facts.kind
    and winners.money = facts.money
    and winners.store = facts.store
    and winners.currency = facts.currency
where coalesce(winners.amount, 0) <> coalesce(facts.amount, 0)
