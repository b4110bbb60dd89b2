-- Periods whose new and returning buyers are not the buyers of their orders, recounted from orders.
with grains as (
    select unnest(['day', 'week', 'month', 'quarter', 'year']) as grain
),

facts as (
    select
        grains.grain,
        cast(case when grains.grain = 'day' then order_buyers.paid_day else date_trunc(grains.grain, order_buyers.paid_day) end as date) as period_start,
        order_buyers.store,
        order_buyers.currency,
        count(distinct order_buyers.buyer) as buyers,
        count(*) as orders_with_buyer
    from order_buyers
    cross join grains
    where order_buyers.counted
    group by all
)

select
    facts.grain,
    facts.period_start,
    facts.store,
    facts.buyers,
    customer_periods.buyers as buyers_told
from facts
full outer join customer_periods
    on facts.grain = customer_periods.grain
    and facts.period_start = customer_periods.period_start
    and facts.store = customer_periods.store
    and facts.currency = customer_periods.currency
left join unlinked_periods
    on facts.grain = unlinked_periods.grain
    and facts.period_start = unlinked_periods.period_start
    and facts.store = unlinked_periods.store
where case when unlinked_periods.store is null then facts.buyers end is distinct from customer_periods.buyers
    or facts.orders_with_buyer is distinct from customer_periods.orders_with_buyer
    or customer_periods.new_buyers + customer_periods.returning_buyers <> customer_periods.buyers
