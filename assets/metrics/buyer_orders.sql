-- One row per store and counted order whose buyer an export names: who, when, and what was kept of it; private.
with refunded as (
    select
        refunds.store,
        refunds.order_id,
        case when count(refunds.refund_goods) = count(*) then sum(refunds.refund_goods) end as refund_goods,
        count(*) as refund_count
    from refunds
    where refunds.counted
    group by refunds.store, refunds.order_id
)

select
    order_buyers.store,
    order_buyers.order_id,
    order_buyers.currency,
    order_buyers.buyer,
    order_buyers.epochs_ago,
    order_buyers.paid_day as day,
    orders.goods_amount as discounted_sales,
    cast(
        case
            when orders.refunds_known and refunded.refund_count is null then orders.goods_amount
            when orders.refunds_known then orders.goods_amount - refunded.refund_goods
        end as decimal(38, 2)
    ) as net_sales_order_day
from order_buyers
inner join orders
    on order_buyers.store = orders.store
    and order_buyers.month = orders.month
    and order_buyers.order_id = orders.order_id
left join refunded on order_buyers.store = refunded.store and order_buyers.order_id = refunded.order_id
where order_buyers.counted
