-- Stores' periods whose sales, refunds or matured refunds are not the sum of their categories', where all of those are known.
with parts as (
    select
        store,
        currency,
        grain,
        period_start,
        sum(discounted_sales) as discounted_sales,
        sum(refunds_goods_order_day) as refunds_goods_order_day,
        sum(matured_refunds) as matured_refunds
    from matured_refunds
    where category <> 'all'
    group by store, currency, grain, period_start
    having count(matured_refunds) = count(*)
)

select parts.store, parts.grain, parts.period_start, parts.matured_refunds, whole.matured_refunds as of_the_store
from parts
inner join matured_refunds as whole
    on parts.store = whole.store
    and parts.currency = whole.currency
    and parts.grain = whole.grain
    and parts.period_start = whole.period_start
    and whole.category = 'all'
where whole.matured_refunds is not null
    and (
        parts.discounted_sales <> whole.discounted_sales
        or parts.refunds_goods_order_day <> whole.refunds_goods_order_day
        or parts.matured_refunds <> whole.matured_refunds
    )
