-- One row per store, currency, buyer and local day on which he paid or placed an order: his orders, what was kept of those paid, and
-- on which days he had bought before and came next. Who buys anew, again, or for the last time in any period is told by them; private.
with refunded as (
    select
        refunds.store,
        refunds.order_id,
        case when count(refunds.refund_goods) = count(*) then sum(refunds.refund_goods) end as refund_goods,
        count(*) as refund_count
    from refunds
    where refunds.counted
    group by refunds.store, refunds.order_id
),

bought as (
    select
        order_buyers.store,
        order_buyers.currency,
        order_buyers.buyer,
        order_buyers.epochs_ago,
        order_buyers.paid_day as day,
        1 as paid_orders,
        case when order_buyers.placed_day = order_buyers.paid_day then 1 else 0 end as placed_orders,
        orders.goods_amount as discounted_sales,
        case
            when orders.refunds_known and refunded.refund_count is null then orders.goods_amount
            when orders.refunds_known then orders.goods_amount - refunded.refund_goods
        end as net_sales
    from order_buyers
    inner join orders
        on order_buyers.store = orders.store
        and order_buyers.month = orders.month
        and order_buyers.order_id = orders.order_id
    left join refunded on order_buyers.store = refunded.store and order_buyers.order_id = refunded.order_id
    where order_buyers.counted
    union all
    select store, currency, buyer, epochs_ago, placed_day, 0, 1, null, null
    from order_buyers
    where counted and placed_day <> paid_day
),

days as (
    select
        bought.store,
        bought.currency,
        bought.buyer,
        bought.day,
        min(bought.epochs_ago) as epochs_ago,
        sum(bought.paid_orders) as paid_orders,
        sum(bought.placed_orders) as placed_orders,
        sum(bought.discounted_sales) as discounted_sales,
        case when count(bought.net_sales) = sum(bought.paid_orders) then sum(bought.net_sales) end as net_sales
    from bought
    group by bought.store, bought.currency, bought.buyer, bought.day
),

told as (
    select
        days.*,
        last_value(case when days.paid_orders > 0 then days.day end ignore nulls) over earlier as paid_before,
        first_value(case when days.paid_orders > 0 then days.day end ignore nulls) over later as paid_next,
        last_value(case when days.placed_orders > 0 then days.day end ignore nulls) over earlier as placed_before,
        first_value(case when days.paid_orders > 0 then days.day end ignore nulls) over always as first_paid
    from days
    window
        earlier as (
            partition by days.buyer, days.store, days.currency order by days.day rows between unbounded preceding and 1 preceding
        ),
        later as (
            partition by days.buyer, days.store, days.currency order by days.day rows between 1 following and unbounded following
        ),
        always as (
            partition by days.buyer, days.store, days.currency
            order by days.day rows between unbounded preceding and unbounded following
        )
)

select
    told.store,
    told.currency,
    told.buyer,
    told.day,
    told.epochs_ago,
    cast(told.paid_orders as bigint) as paid_orders,
    cast(told.placed_orders as bigint) as placed_orders,
    cast(told.discounted_sales as decimal(18, 2)) as discounted_sales,
    cast(told.net_sales as decimal(18, 2)) as net_sales_order_day,
    told.paid_before,
    told.paid_next,
    told.placed_before,
    told.first_paid
from told
