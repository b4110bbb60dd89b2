-- One row per store, currency and buyer: how recently, how often and for how much, as fifths of the store's own buyers; private.
-- Where the pseudonym key changed they are those of orders under the newest.
-- Equals score alike: who stands above a fifth of the buyers is above the value that the fifth ends with.
with people as (
    select
        buyer_days.store,
        buyer_days.currency,
        buyer_days.buyer,
        max(buyer_days.day) as last_day,
        sum(buyer_days.paid_orders) as paid_orders,
        sum(buyer_days.discounted_sales) as discounted_sales,
        coalesce(sum(buyer_days.discounted_sales), cast(-9999999999999999.99 as decimal(18, 2))) as money,
        case
            when count(buyer_days.net_sales_order_day) = count(*) then sum(buyer_days.net_sales_order_day)
        end as net_sales_order_day
    from buyer_days
    where buyer_days.paid_orders > 0 and buyer_days.epochs_ago = 0
    group by buyer_days.store, buyer_days.currency, buyer_days.buyer
),

-- The values that the lowest fifths of a store's buyers end with; who bought for a sum not known is below all others.
fifths as (
    select
        people.store,
        people.currency,
        quantile_disc(people.last_day, 0.2) as last_day_1,
        quantile_disc(people.last_day, 0.4) as last_day_2,
        quantile_disc(people.last_day, 0.6) as last_day_3,
        quantile_disc(people.last_day, 0.8) as last_day_4,
        quantile_disc(people.paid_orders, 0.2) as orders_1,
        quantile_disc(people.paid_orders, 0.4) as orders_2,
        quantile_disc(people.paid_orders, 0.6) as orders_3,
        quantile_disc(people.paid_orders, 0.8) as orders_4,
        quantile_disc(people.money, 0.2) as money_1,
        quantile_disc(people.money, 0.4) as money_2,
        quantile_disc(people.money, 0.6) as money_3,
        quantile_disc(people.money, 0.8) as money_4
    from people
    group by people.store, people.currency
)

select
    people.store,
    people.currency,
    people.buyer,
    people.last_day,
    cast(people.paid_orders as bigint) as paid_orders,
    cast(people.discounted_sales as decimal(18, 2)) as discounted_sales,
    cast(people.net_sales_order_day as decimal(18, 2)) as net_sales_order_day,
    cast(
        1 + case when people.last_day > fifths.last_day_1 then 1 else 0 end
        + case when people.last_day > fifths.last_day_2 then 1 else 0 end
        + case when people.last_day > fifths.last_day_3 then 1 else 0 end
        + case when people.last_day > fifths.last_day_4 then 1 else 0 end as bigint
    ) as recency_score,
    cast(
        1 + case when people.paid_orders > fifths.orders_1 then 1 else 0 end
        + case when people.paid_orders > fifths.orders_2 then 1 else 0 end
        + case when people.paid_orders > fifths.orders_3 then 1 else 0 end
        + case when people.paid_orders > fifths.orders_4 then 1 else 0 end as bigint
    ) as frequency_score,
    cast(
        1 + case when people.money > fifths.money_1 then 1 else 0 end
        + case when people.money > fifths.money_2 then 1 else 0 end
        + case when people.money > fifths.money_3 then 1 else 0 end
        + case when people.money > fifths.money_4 then 1 else 0 end as bigint
    ) as money_score
from people
inner join fifths on people.store = fifths.store and people.currency is not distinct from fifths.currency
