-- Landings whose money in the facts is not the money of those of their rows that won, per kind, column, store and currency.
with winning_orders as (
    select
        landing, store, currency,
        sum(order_paid) as order_paid, sum(order_shipping) as order_shipping, sum(order_tax) as order_tax
    from landed_orders
    semi join orders
        on landed_orders.landing = orders.landing
        and landed_orders.row = orders.row
        and landed_orders.store = orders.store
    group by landing, store, currency
),

fact_orders as (
    select
        landing, store, currency,
        sum(order_paid) as order_paid, sum(order_shipping) as order_shipping, sum(order_tax) as order_tax
    from orders
    where landing is not null
    group by landing, store, currency
),

winners as (
    select landing, 'order_paid' as money, store, currency, order_paid as amount from winning_orders
    union all
    select landing, 'order_shipping' as money, store, currency, order_shipping as amount from winning_orders
    union all
    select landing, 'order_tax' as money, store, currency, order_tax as amount from winning_orders
    union all
    select landing, 'line_gross' as money, store, currency, sum(line_gross) as amount
    from landed_order_lines
    semi join order_lines
        on landed_order_lines.landing = order_lines.landing
        and landed_order_lines.row = order_lines.row
        and landed_order_lines.store = order_lines.store
    group by landing, store, currency
    union all
    select landing, 'refund_cash' as money, store, currency, sum(refund_cash) as amount
    from landed_refunds
    semi join refunds
        on landed_refunds.landing = refunds.landing
        and landed_refunds.row = refunds.row
        and landed_refunds.store = refunds.store
    group by landing, store, currency
),

facts as (
    select landing, 'order_paid' as money, store, currency, order_paid as amount from fact_orders
    union all
    select landing, 'order_shipping' as money, store, currency, order_shipping as amount from fact_orders
    union all
    select landing, 'order_tax' as money, store, currency, order_tax as amount from fact_orders
    union all
    select landing, 'line_gross' as money, store, currency, sum(line_gross) as amount
    from order_lines
    where landing is not null
    group by landing, store, currency
    union all
    select landing, 'refund_cash' as money, store, currency, sum(refund_cash) as amount
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
    and winners.money = facts.money
    and winners.store = facts.store
    and winners.currency = facts.currency
where coalesce(winners.amount, 0) <> coalesce(facts.amount, 0)
