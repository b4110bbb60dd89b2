-- One row per store and order: of all versions the exports state, the greatest in an order told by content alone.
with ranked as (
    select
        landed_orders.*,
        row_number() over (
            partition by landed_orders.store, landed_orders.month, landed_orders.order_id
            order by
                landed_orders.exported_at desc nulls last,
                landed_orders.refund_reported desc nulls last,
                landed_orders.rank desc,
                landed_orders.authority desc,
                landed_orders.latest_at desc nulls last,
                landed_orders.content desc,
                landed_orders.landing asc,
                landed_orders.row asc
        ) as place
    from landed_orders
)

select
    ranked.month,
    ranked.store,
    ranked.order_id,
    ranked.placed_at,
    ranked.placed_day,
    ranked.paid_at,
    ranked.paid_day,
    ranked.status,
    ranked.currency,
    ranked.goods_amount,
    ranked.order_shipping,
    ranked.order_tax,
    ranked.order_subsidy,
    ranked.order_paid,
    ranked.refund_reported,
    ranked.item_count,
    ranked.region,
    ranked.paid_at is not null and not ranked.is_test and not ranked.only_gift_cards as counted,
    ranked.refund_reported is not null or coalesce(store_sources.dates_refunds, false) as refunds_known,
    ranked.landing,
    ranked.row
from ranked
left join store_sources on ranked.store = store_sources.store
where ranked.place = 1
