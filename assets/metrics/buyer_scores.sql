-- One row per store, currency and buyer: how recently, how often and for how much, as fifths of the store's own buyers; private.
-- Where the pseudonym key changed they are those of orders under the newest.
-- Equals score alike: a fifth is told by how many buyers stand strictly below.
with people as (
    select
        buyer_orders.store,
        buyer_orders.currency,
        buyer_orders.buyer,
        max(buyer_orders.day) as last_day,
        count(*) as paid_orders,
        sum(buyer_orders.discounted_sales) as discounted_sales,
        case
            when count(buyer_orders.net_sales_order_day) = count(*) then sum(buyer_orders.net_sales_order_day)
        end as net_sales_order_day
    from buyer_orders
    where buyer_orders.epochs_ago = 0
    group by buyer_orders.store, buyer_orders.currency, buyer_orders.buyer
),

ranked as (
    select
        people.*,
        count(*) over of_store as people_in_store,
        rank() over (partition by people.store, people.currency order by people.last_day) as recency_place,
        rank() over (partition by people.store, people.currency order by people.paid_orders) as frequency_place,
        rank() over (partition by people.store, people.currency order by people.discounted_sales nulls first) as money_place
    from people
    window of_store as (partition by people.store, people.currency)
)

select
    ranked.store,
    ranked.currency,
    ranked.buyer,
    ranked.last_day,
    ranked.paid_orders,
    cast(ranked.discounted_sales as decimal(38, 2)) as discounted_sales,
    cast(ranked.net_sales_order_day as decimal(38, 2)) as net_sales_order_day,
    cast(1 + 5 * (ranked.recency_place - 1) // ranked.people_in_store as bigint) as recency_score,
    cast(1 + 5 * (ranked.frequency_place - 1) // ranked.people_in_store as bigint) as frequency_score,
    cast(1 + 5 * (ranked.money_place - 1) // ranked.people_in_store as bigint) as money_score
from ranked
