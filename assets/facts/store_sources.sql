-- One row per store: what its exports can tell at all. Only where refunds are dated is a day without refunds a zero; what no
-- export of a store states is null on every day.
with stated as (
    select
        landed_orders.store,
        false as dates_refunds,
        false as states_lines,
        landed_orders.goods_amount is not null as states_goods,
        landed_orders.order_shipping is not null as states_shipping,
        landed_orders.order_tax is not null as states_tax,
        landed_orders.order_subsidy is not null as states_subsidy,
        landed_orders.order_paid is not null as states_paid
    from landed_orders
    union all
    select landed_order_lines.store, false, true, false, false, false, false, false
    from landed_order_lines
    union all
    select landed_refunds.store, true, false, false, false, false, false, false
    from landed_refunds
)

select
    stated.store,
    bool_or(stated.dates_refunds) as dates_refunds,
    bool_or(stated.states_lines) as states_lines,
    bool_or(stated.states_goods) as states_goods,
    bool_or(stated.states_shipping) as states_shipping,
    bool_or(stated.states_tax) as states_tax,
    bool_or(stated.states_subsidy) as states_subsidy,
    bool_or(stated.states_paid) as states_paid
from stated
group by stated.store
