-- Stores whose periods, on some basis and grain, hold other sales or costs of costed lines than their products' days; or whose margin is
-- not the one less the other.
with days as (
    select store, currency, sum(costed_net_sales) as costed_net_sales, sum(cost_of_goods) as cost_of_goods
    from cost_days
    where basis = 'paid'
    group by store, currency
),

periods as (
    select
        basis,
        grain,
        store,
        currency,
        sum(costed_net_sales) as costed_net_sales,
        sum(cost_of_goods) as cost_of_goods,
        sum(margin) as margin
    from store_metrics
    group by basis, grain, store, currency
)

select periods.store, periods.basis, periods.grain, periods.costed_net_sales, periods.cost_of_goods, periods.margin
from periods
left join days on periods.store = days.store and periods.currency = days.currency
where periods.costed_net_sales is distinct from days.costed_net_sales
    or periods.cost_of_goods is distinct from days.cost_of_goods
    or periods.margin is distinct from periods.costed_net_sales - periods.cost_of_goods
