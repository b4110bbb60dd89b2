-- Landings whose money in the facts is not the money of those of their rows that won, per kind, column, store and currency.
with winning_orders as (
    select
        landing, store, currency,
        sum(order_paid) as order_paid, sum(order_shipping) as order_shipping, sum(order_tax) as order_tax
    from landed_orders
    where exists (
        select 1
        from orders
        where orders.landing = landed_orders.landing and orders.row = landed_orders.row and orders.store = landed_orders.store
    )
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
    where exists (
        select 1
        from order_lines
        where order_lines.landing = landed_order_lines.landing
            and order_lines.row = landed_order_lines.row
            and order_lines.store = landed_order_lines.store
    )
    group by landing, store, currency
    union all
    select landing, 'refund_cash' as money, store, currency, sum(refund_cash) as amount
    from landed_refunds
    where exists (
        select 1
        from refunds
        where refunds.landing = landed_refunds.landing and refunds.row = landed_refunds.row and refunds.store = landed_refunds.store
    )
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
