-- One row per store, currency and month of which every day is known: like for like, what was paid against the month before and the
-- same month of last year. Where the other month is not whole, or was not sold in, there is no growth to tell.
with month_days as (
    select
        coverage.store,
        cast(date_trunc('month', coverage.day) as date) as month,
        count(*) as days_known
    from coverage
    where coverage.source = 'orders' and coverage.state in ('present', 'empty')
    group by coverage.store, date_trunc('month', coverage.day)
),

whole_months as (
    select month_days.store, month_days.month
    from month_days
    where month_days.days_known = date_diff('day', month_days.month, last_day(month_days.month)) + 1
),

sums as (
    select store_metrics.store, store_metrics.currency, whole_months.month, store_metrics.paid_orders, store_metrics.paid_amount
    from store_metrics
    inner join whole_months on store_metrics.store = whole_months.store and store_metrics.period_start = whole_months.month
    where store_metrics.basis = 'paid' and store_metrics.grain = 'month'
)

select
    sums.month,
    sums.store,
    sums.currency,
    sums.paid_orders,
    sums.paid_amount,
    month_before.paid_amount as paid_amount_month_before,
    year_before.paid_amount as paid_amount_year_before,
    cast(sums.paid_amount as double) / nullif(month_before.paid_amount, 0) - 1 as growth_month,
    cast(sums.paid_amount as double) / nullif(year_before.paid_amount, 0) - 1 as growth_year
from sums
left join sums as month_before
    on sums.store = month_before.store
    and sums.currency = month_before.currency
    and month_before.month = cast(sums.month - interval 1 month as date)
left join sums as year_before
    on sums.store = year_before.store
    and sums.currency = year_before.currency
    and year_before.month = cast(sums.month - interval 12 month as date)
