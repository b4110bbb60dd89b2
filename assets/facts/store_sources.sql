-- One row per store: what its exports can tell at all. What no export of a store states is null on every day. Refunds are dated
-- from the month of the first refund exported; on which days, `refund_coverage` tells.
with stated as (
    select
        landed_orders.store,
        cast(null as date) as refunds_from,
        landed_orders.refund_reported is not null as states_refunds,
        landed_orders.buyer is not null as states_buyers,
        false as states_lines,
        landed_orders.goods_amount is not null as states_goods,
        landed_orders.order_shipping is not null as states_shipping,
        landed_orders.order_tax is not null as states_tax,
        landed_orders.order_subsidy is not null as states_subsidy,
        landed_orders.order_paid is not null as states_paid
    from landed_orders
    union all
    select landed_order_lines.store, null, false, false, true, false, false, false, false, false
    from landed_order_lines
    union all
    select
        landed_refunds.store,
        coalesce(landed_refunds.month, cast(date_trunc('month', landed_refunds.refund_day) as date)),
        true, false, false, false, false, false, false, false
    from landed_refunds
)

select
    stated.store,
    min(stated.refunds_from) as refunds_from,
    bool_or(stated.states_refunds) as states_refunds,
    bool_or(stated.states_buyers) as states_buyers,
    bool_or(stated.states_lines) as states_lines,
    bool_or(stated.states_goods) as states_goods,
    bool_or(stated.states_shipping) as states_shipping,
    bool_or(stated.states_tax) as states_tax,
    bool_or(stated.states_subsidy) as states_subsidy,
    bool_or(stated.states_paid) as states_paid
from stated
group by stated.store
