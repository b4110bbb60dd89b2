-- One row per counted refund and line it falls on: the line it names, else the order's goods in proportion to their net price
-- by largest remainder, else no line. Its parts add up to the refund to the cent. A line is returned where all it was sold for came
-- back; its units stand on its first refund.
with matched as (
    select
        refunds.store,
        refunds.refund_id,
        refunds.order_id,
        order_lines.line_id,
        order_lines.product_id,
        order_lines.merchant_sku,
        refunds.currency,
        refunds.refund_cash,
        refunds.refund_goods,
        refunds.placed_day,
        refunds.paid_day,
        refunds.refund_day,
        order_lines.position,
        order_lines.quantity,
        order_lines.line_gross - order_lines.line_discount as line_net,
        cast(
            case
                when refunds.is_estimate and order_lines.refund_reported is not null then order_lines.refund_reported
                else greatest(order_lines.line_gross - coalesce(order_lines.line_discount, 0), 0)
            end * 100 as bigint
        ) as weight
    from refunds
    left join order_lines
        on refunds.store = order_lines.store
        and refunds.order_id = order_lines.order_id
        and order_lines.is_goods
        and (refunds.line_id is null or refunds.line_id = order_lines.line_id)
    where refunds.counted
),

weighed as (
    select
        matched.*,
        cast(matched.refund_cash * 100 as bigint) as cash_cents,
        cast(matched.refund_goods * 100 as bigint) as goods_cents,
        sum(matched.weight) over each_refund as total_weight,
        row_number() over (partition by matched.store, matched.refund_id order by matched.position, matched.line_id) as nth
    from matched
    window each_refund as (partition by matched.store, matched.refund_id)
),

shares as (
    select
        weighed.*,
        case
            when weighed.total_weight > 0 then weighed.cash_cents * weighed.weight // cast(weighed.total_weight as bigint)
            when weighed.nth = 1 then weighed.cash_cents
            else 0
        end as cash_share,
        case
            when weighed.total_weight > 0 then weighed.goods_cents * weighed.weight // cast(weighed.total_weight as bigint)
            when weighed.nth = 1 then weighed.goods_cents
            else 0
        end as goods_share,
        row_number() over (
            partition by weighed.store, weighed.refund_id
            order by
                case when weighed.total_weight > 0 then weighed.cash_cents * weighed.weight % cast(weighed.total_weight as bigint) end desc,
                weighed.nth
        ) as cash_turn,
        row_number() over (
            partition by weighed.store, weighed.refund_id
            order by
                case when weighed.total_weight > 0 then weighed.goods_cents * weighed.weight % cast(weighed.total_weight as bigint) end desc,
                weighed.nth
        ) as goods_turn
    from weighed
),

topped_up as (
    select
        shares.*,
        shares.cash_cents - sum(shares.cash_share) over each_refund as cash_left,
        shares.goods_cents - sum(shares.goods_share) over each_refund as goods_left
    from shares
    window each_refund as (partition by shares.store, shares.refund_id)
),

parts as (
    select
        topped_up.store,
        topped_up.refund_id,
        topped_up.order_id,
        topped_up.line_id,
        topped_up.product_id,
        topped_up.merchant_sku,
        topped_up.currency,
        cast(
            cast(topped_up.cash_share + case when topped_up.cash_turn <= topped_up.cash_left then 1 else 0 end as decimal(18, 0))
            * cast(0.01 as decimal(3, 2))
            as decimal(18, 2)
        ) as refund_cash,
        cast(
            cast(topped_up.goods_share + case when topped_up.goods_turn <= topped_up.goods_left then 1 else 0 end as decimal(18, 0))
            * cast(0.01 as decimal(3, 2))
            as decimal(18, 2)
        ) as refund_goods,
        topped_up.placed_day,
        topped_up.paid_day,
        topped_up.refund_day,
        topped_up.quantity,
        topped_up.line_net
    from topped_up
),

of_lines as (
    select
        parts.*,
        sum(parts.refund_goods) over (partition by parts.store, parts.order_id, parts.line_id) as line_refunded,
        row_number() over (partition by parts.store, parts.order_id, parts.line_id order by parts.refund_id) as nth_of_line
    from parts
)

select
    of_lines.store,
    of_lines.refund_id,
    of_lines.order_id,
    of_lines.line_id,
    of_lines.product_id,
    of_lines.merchant_sku,
    of_lines.currency,
    of_lines.refund_cash,
    of_lines.refund_goods,
    case
        when of_lines.nth_of_line = 1 and of_lines.line_refunded > 0 and of_lines.line_refunded >= of_lines.line_net then of_lines.quantity
        else 0
    end as returned_units,
    of_lines.placed_day,
    of_lines.paid_day,
    of_lines.refund_day
from of_lines
