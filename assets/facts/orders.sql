-- One row per store and order. Of the versions that order exports state the greatest in an order told by content alone, and of
-- those that line exports imply likewise; the first of the two, unless only the second knows the order as paid.
with ranked as (
    select
        landed_orders.*,
        row_number() over (
            partition by landed_orders.store, landed_orders.month, landed_orders.order_id, landed_orders.authority
            order by
                landed_orders.exported_at desc nulls last,
                landed_orders.refund_reported desc nulls last,
                landed_orders.rank desc,
                landed_orders.latest_at desc nulls last,
                landed_orders.content desc,
                landed_orders.landing asc,
                landed_orders.row asc
        ) as place
    from landed_orders
),

winners as (
    select
        ranked.*,
        row_number() over (
            partition by ranked.store, ranked.month, ranked.order_id
            order by case when ranked.paid_at is null then 0 else 1 end desc, ranked.authority desc
        ) as choice
    from ranked
    where ranked.place = 1
)

select
    winners.month,
    winners.store,
    winners.order_id,
    winners.placed_at,
    winners.placed_day,
    winners.paid_at,
    winners.paid_day,
    winners.status,
    winners.currency,
    winners.goods_amount,
    winners.order_shipping,
    winners.order_tax,
    winners.order_subsidy,
    winners.order_paid,
    winners.refund_reported,
    winners.item_count,
    winners.region,
    winners.paid_at is not null and not winners.is_test and not winners.only_gift_cards as counted,
    winners.refund_reported is not null or coalesce(store_sources.dates_refunds, false) as refunds_known,
    winners.landing,
    winners.row
from winners
left join store_sources on winners.store = store_sources.store
where winners.choice = 1
