-- One row per store and refund: the greatest version of each refund row exported, and for an order whose export states more
-- refunded than refund rows date, one synthetic row of the rest, without a day. Where all that was paid comes back, all goods do,
-- whatever the platform had paid towards them.
with ranked as (
    select
        landed_refunds.*,
        row_number() over (
            partition by landed_refunds.store, landed_refunds.refund_id
            order by
                landed_refunds.exported_at desc nulls last,
                landed_refunds.rank desc,
                landed_refunds.refund_cash desc,
                landed_refunds.latest_at desc nulls last,
                landed_refunds.content desc,
                landed_refunds.landing asc,
                landed_refunds.row asc
        ) as place
    from landed_refunds
),

exported as (
    select
        coalesce(ranked.month, orders.month) as month,
        ranked.store,
        ranked.refund_id,
        ranked.order_id,
        ranked.line_id,
        coalesce(orders.currency, ranked.currency) as currency,
        ranked.applied_at,
        ranked.refunded_at,
        ranked.refund_day,
        ranked.succeeded,
        ranked.is_shipping_only,
        ranked.refund_cash,
        case
            when ranked.is_shipping_only then cast(0 as decimal(18, 2))
            when ranked.stated_goods is not null
                then case
                    when ranked.stated_goods >= order_lines.line_owed
                        then cast(order_lines.line_gross - coalesce(order_lines.line_discount, 0) as decimal(18, 2))
                    else ranked.stated_goods
                end
            when not ranked.is_full then ranked.refund_cash
            when order_lines.line_id is not null
                then least(ranked.refund_cash, cast(order_lines.line_gross - coalesce(order_lines.line_discount, 0) as decimal(18, 2)))
            else least(ranked.refund_cash, orders.goods_amount)
        end as refund_goods,
        false as is_estimate,
        orders.placed_day,
        orders.paid_day,
        coalesce(orders.counted, false) and ranked.succeeded as counted,
        ranked.landing,
        ranked.row
    from ranked
    left join orders on ranked.store = orders.store and ranked.order_id = orders.order_id
    left join order_lines
        on ranked.store = order_lines.store
        and ranked.order_id = order_lines.order_id
        and ranked.line_id = order_lines.line_id
    where ranked.place = 1
),

dated as (
    select
        exported.store,
        exported.order_id,
        sum(exported.refund_cash) as refund_cash,
        sum(coalesce(exported.refund_goods, 0)) as refund_goods
    from exported
    where exported.succeeded
    group by exported.store, exported.order_id
),

rests as (
    select
        orders.*,
        cast(orders.refund_reported - coalesce(dated.refund_cash, 0) as decimal(18, 2)) as rest_cash,
        cast(greatest(orders.goods_amount - coalesce(dated.refund_goods, 0), 0) as decimal(18, 2)) as rest_goods
    from orders
    left join dated on orders.store = dated.store and orders.order_id = dated.order_id
),

stated_only as (
    select
        rests.month,
        rests.store,
        concat('syn:', rests.order_id) as refund_id,
        rests.order_id,
        cast(null as varchar) as line_id,
        rests.currency,
        cast(null as timestamp) as applied_at,
        cast(null as timestamp) as refunded_at,
        cast(null as date) as refund_day,
        true as succeeded,
        false as is_shipping_only,
        rests.rest_cash as refund_cash,
        case
            when rests.refund_reported >= rests.order_paid then rests.rest_goods
            when rests.goods_amount is not null then least(rests.rest_cash, rests.rest_goods)
        end as refund_goods,
        true as is_estimate,
        rests.placed_day,
        rests.paid_day,
        rests.counted,
        cast(null as bigint) as landing,
        cast(null as bigint) as row
    from rests
    where rests.rest_cash > 0
)

select * from exported
union all
select * from stated_only
