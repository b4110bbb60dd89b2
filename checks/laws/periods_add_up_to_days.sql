-- Periods of stores that are not the sum of their days, or not known though each of their days is.
with parts as (
    select basis, store, currency, day, paid_orders, paid_amount from store_days
),

told as (
    select basis, store, currency, period_start as day, paid_orders, paid_amount
    from store_metrics
    where grain = 'day'
),

sums as (
    select
        periods.basis,
        periods.store,
        periods.currency,
        periods.grain,
        periods.period_start,
        periods.paid_orders,
        periods.paid_amount,
        coalesce(sum(parts.paid_orders), 0) as days_paid_orders,
        coalesce(sum(parts.paid_amount), 0) as days_paid_amount,
        count(told.paid_orders) = count(*) as orders_known,
        count(told.paid_amount) = count(*) as amount_known
    from store_metrics as periods
    inner join told
        on periods.basis = told.basis
        and periods.store = told.store
        and periods.currency = told.currency
        and periods.period_start
        = cast(case when periods.grain = 'day' then told.day else date_trunc(periods.grain, told.day) end as date)
    left join parts
        on told.basis = parts.basis
        and told.store = parts.store
        and told.currency = parts.currency
        and told.day = parts.day
    group by all
)

select
    sums.basis,
    sums.store,
    sums.grain,
    sums.period_start,
    sums.paid_orders,
    sums.days_paid_orders,
    sums.paid_amount,
    sums.days_paid_amount
from sums
where sums.paid_orders <> sums.days_paid_orders
    or sums.paid_amount <> sums.days_paid_amount
    or (sums.orders_known and sums.paid_orders is null)
    or (sums.amount_known and sums.paid_amount is null)
