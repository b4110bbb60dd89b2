-- One row per store, currency and buyer: how recently, how often and for how much, as fifths of the store's own buyers; private.
-- Where the pseudonym key changed they are those of orders under the newest.
-- Equals score alike: a fifth is told by how many buyers stand strictly below.
with people as (
    select
        buyer_days.store,
        buyer_days.currency,
        buyer_days.buyer,
        max(buyer_days.day) as last_day,
        sum(buyer_days.paid_orders) as paid_orders,
        sum(buyer_days.discounted_sales) as discounted_sales,
        case
            when count(buyer_days.net_sales_order_day) = count(*) then sum(buyer_days.net_sales_order_day)
        end as net_sales_order_day
    from buyer_days
    where buyer_days.paid_orders > 0 and buyer_days.epochs_ago = 0
    group by buyer_days.store, buyer_days.currency, buyer_days.buyer
),

-- How many stand strictly below is told once for each day and each number of orders, of which there are few.
by_last_day as (
    select
        people.store, people.currency, people.last_day,
        sum(count(*)) over (partition by people.store, people.currency order by people.last_day) - count(*) as people_below
    from people
    group by people.store, people.currency, people.last_day
),

by_orders as (
    select
        people.store, people.currency, people.paid_orders,
        sum(count(*)) over (partition by people.store, people.currency order by people.paid_orders) - count(*) as people_below
    from people
    group by people.store, people.currency, people.paid_orders
),

by_money as (
    select
        people.*,
        count(*) over (partition by people.store, people.currency) as people_in_store,
        rank() over (partition by people.store, people.currency order by people.discounted_sales nulls first) - 1 as people_below
    from people
)

select
    by_money.store,
    by_money.currency,
    by_money.buyer,
    by_money.last_day,
    cast(by_money.paid_orders as bigint) as paid_orders,
    cast(by_money.discounted_sales as decimal(18, 2)) as discounted_sales,
    cast(by_money.net_sales_order_day as decimal(18, 2)) as net_sales_order_day,
    cast(1 + 5 * by_last_day.people_below // by_money.people_in_store as bigint) as recency_score,
    cast(1 + 5 * by_orders.people_below // by_money.people_in_store as bigint) as frequency_score,
    cast(1 + 5 * by_money.people_below // by_money.people_in_store as bigint) as money_score
from by_money
inner join by_last_day
    on by_money.store = by_last_day.store
    and by_money.currency is not distinct from by_last_day.currency
    and by_money.last_day = by_last_day.last_day
inner join by_orders
    on by_money.store = by_orders.store
    and by_money.currency is not distinct from by_orders.currency
    and by_money.paid_orders = by_orders.paid_orders
