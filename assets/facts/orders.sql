-- One row per store and order. Of the versions that order exports state the greatest in an order told by content alone, and of
-- those that line exports imply likewise; the first of the two, unless only the second knows the order as paid. What was refunded
-- is what the chosen one says, or what the other does where it alone says so, or is newer and says more.
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
),

told as (
    select
        winners.*,
        max(case when winners.choice = 1 then winners.exported_at end) over of_order as chosen_export,
        max(case when winners.choice = 1 then winners.refund_reported end) over of_order as chosen_refund,
        max(case when winners.choice > 1 then winners.exported_at end) over of_order as other_export,
        max(case when winners.choice > 1 then winners.refund_reported end) over of_order as other_refund
    from winners
    window of_order as (partition by winners.store, winners.month, winners.order_id)
),

settled as (
    select
        told.*,
        case
            when told.chosen_refund is null then told.other_refund
            when told.other_export > told.chosen_export then greatest(told.chosen_refund, told.other_refund)
            else told.chosen_refund
        end as refunded
    from told
    where told.choice = 1
)

select
    settled.month,
    settled.store,
    settled.order_id,
    settled.placed_at,
    settled.placed_day,
    settled.paid_at,
    settled.paid_day,
    settled.status,
    settled.currency,
    settled.goods_amount,
    settled.order_shipping,
    settled.order_tax,
    settled.order_subsidy,
    settled.order_paid,
    settled.refunded as refund_reported,
    settled.item_count,
    settled.region,
    settled.paid_at is not null and not settled.is_test and not settled.only_gift_cards as counted,
    settled.refunded is not null or coalesce(settled.placed_day >= store_sources.refunds_from, false) as refunds_known,
    settled.landing,
    settled.row
from settled
left join store_sources on settled.store = store_sources.store
