-- One row per basis, store, currency, product and local day with a line sold below its price, or of which all came back:
-- the gross sales of the first, the units of the second. Sums only; what else was sold was so at full price and stayed.
with refunded as (
    select refund_lines.store, refund_lines.order_id, refund_lines.line_id, sum(refund_lines.refund_goods) as refund_goods
    from refund_lines
    where refund_lines.line_id is not null
    group by refund_lines.store, refund_lines.order_id, refund_lines.line_id
    having sum(refund_lines.refund_goods) > 0
),

lines as (
    select
        order_lines.store,
        order_lines.currency,
        order_lines.product_id,
        order_lines.placed_day,
        order_lines.paid_day,
        case when order_lines.line_discount <> 0 then order_lines.line_gross else 0 end as reduced,
        case
            when refunded.refund_goods >= order_lines.line_gross - order_lines.line_discount then order_lines.quantity else 0
        end as units_returned
    from order_lines
    left join refunded
        on order_lines.store = refunded.store
        and order_lines.order_id = refunded.order_id
        and order_lines.line_id = refunded.line_id
    where order_lines.counted
        and order_lines.is_goods
        and order_lines.product_id is not null
        and (order_lines.line_discount <> 0 or refunded.store is not null)
),

sums as (
    select
        'paid' as basis, store, currency, product_id, paid_day as day,
        sum(reduced) as reduced, sum(units_returned) as units_returned
    from lines
    group by store, currency, product_id, paid_day
    union all
    select
        'placed' as basis, store, currency, product_id, placed_day as day,
        sum(reduced) as reduced, sum(units_returned) as units_returned
    from lines
    group by store, currency, product_id, placed_day
)

select
    cast(date_trunc('month', sums.day) as date) as month,
    sums.basis,
    sums.store,
    sums.currency,
    sums.product_id,
    sums.day,
    cast(sums.reduced as decimal(38, 2)) as reduced_sales,
    cast(sums.units_returned as bigint) as returned_units
from sums
