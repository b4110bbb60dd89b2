-- One row per store, order and line. An order's lines are taken whole from one export, the greatest in an order told by
-- content alone; what the order was discounted beyond its lines' own discounts is spread over them by largest remainder.
-- A line whose export names no listing takes the one its merchant SKU stands for.
with dated as (
    select
        landed_order_lines.*,
        coalesce(
            case when landed_order_lines.product_id like 'sku:%' then product_ids.product_id end,
            landed_order_lines.product_id
        ) as listing_id,
        coalesce(landed_order_lines.month, orders.month) as order_month,
        orders.goods_amount,
        orders.item_count,
        orders.placed_day,
        orders.paid_day,
        coalesce(orders.counted, false) as counted,
        coalesce(orders.refunds_known, false) as refunds_known,
        orders.order_id is not null as has_order
    from landed_order_lines
    left join orders
        on landed_order_lines.store = orders.store
        and landed_order_lines.order_id = orders.order_id
        and coalesce(landed_order_lines.month, orders.month) = orders.month
    left join product_ids
        on landed_order_lines.store = product_ids.store
        and landed_order_lines.merchant_sku = product_ids.merchant_sku
),

best_export as (
    select
        dated.*,
        rank() over (
            partition by dated.store, dated.order_month, dated.order_id
            order by
                dated.exported_at desc nulls last,
                dated.set_refunded desc nulls last,
                dated.set_rank desc nulls last,
                dated.set_latest_at desc nulls last,
                dated.set_content desc
        ) as place
    from dated
),

line_versions as (
    select
        best_export.*,
        row_number() over (
            partition by best_export.store, best_export.order_month, best_export.order_id, best_export.line_id
            order by
                best_export.refund_reported desc nulls last,
                best_export.rank desc nulls last,
                best_export.content desc,
                best_export.landing asc,
                best_export.row asc
        ) as version
    from best_export
    where best_export.place = 1
),

lines as (
    select
        line_versions.*,
        line_versions.line_gross - coalesce(line_versions.own_discount, 0) as weight
    from line_versions
    where line_versions.version = 1
),

in_order as (
    select
        lines.*,
        sum(lines.weight) over whole_order as order_weight,
        greatest(lines.weight, 0) as share_weight,
        sum(greatest(lines.weight, 0)) over whole_order as order_share_weight,
        sum(lines.quantity) over whole_order as order_quantity,
        min(case when lines.is_goods then lines.position end) over whole_order as first_position,
        bool_and(lines.set_complete) over whole_order as complete,
        row_number() over (
            partition by lines.store, lines.order_month, lines.order_id
            order by lines.position, lines.line_id
        ) as nth,
        row_number() over (
            partition by lines.store, lines.order_month, lines.order_id, lines.listing_id
            order by lines.is_goods desc, lines.position, lines.line_id
        ) as nth_of_product
    from lines
    window whole_order as (partition by lines.store, lines.order_month, lines.order_id, lines.is_goods)
),

cents as (
    select
        in_order.*,
        cast(in_order.share_weight * 100 as bigint) as weight_cents,
        cast(in_order.order_share_weight * 100 as bigint) as order_cents,
        case
            when in_order.is_goods and in_order.goods_amount is not null
                then cast((in_order.order_weight - in_order.goods_amount) * 100 as bigint)
            else 0
        end as spread_cents
    from in_order
),

shares as (
    select
        cents.*,
        case
            when cents.order_cents > 0 then sign(cents.spread_cents) * (abs(cents.spread_cents) * cents.weight_cents // cents.order_cents)
            when cents.position = cents.first_position then cents.spread_cents
            else 0
        end as share_cents,
        case when cents.order_cents > 0 then abs(cents.spread_cents) * cents.weight_cents % cents.order_cents else 0 end as remainder
    from cents
),

topped_up as (
    select
        shares.*,
        abs(shares.spread_cents) - sum(abs(shares.share_cents)) over whole_order as left_over,
        row_number() over (
            partition by shares.store, shares.order_month, shares.order_id, shares.is_goods
            order by shares.remainder desc, shares.position, shares.line_id
        ) as turn
    from shares
    window whole_order as (partition by shares.store, shares.order_month, shares.order_id, shares.is_goods)
)

select
    topped_up.order_month as month,
    topped_up.store,
    topped_up.order_id,
    topped_up.line_id,
    topped_up.position,
    topped_up.listing_id as product_id,
    topped_up.merchant_sku,
    topped_up.title,
    topped_up.currency,
    topped_up.quantity,
    topped_up.unit_price,
    topped_up.line_gross,
    case
        when topped_up.own_discount is not null or topped_up.goods_amount is not null or not topped_up.is_goods
            then cast(
                coalesce(topped_up.own_discount, 0)
                + cast(
                    topped_up.share_cents
                    + case when topped_up.turn <= topped_up.left_over then sign(topped_up.spread_cents) else 0 end
                    as decimal(18, 0)
                ) * cast(0.01 as decimal(3, 2))
                as decimal(18, 2)
            )
    end as line_discount,
    topped_up.line_owed,
    topped_up.refund_reported,
    topped_up.is_goods,
    topped_up.complete
    and (topped_up.item_count is null or not topped_up.is_goods or topped_up.item_count = topped_up.order_quantity) as lines_known,
    topped_up.nth = 1 as opens_order,
    topped_up.nth_of_product = 1 as opens_product,
    topped_up.placed_day,
    topped_up.paid_day,
    topped_up.counted,
    topped_up.refunds_known,
    topped_up.landing,
    topped_up.row
from topped_up
