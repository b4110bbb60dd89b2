-- Currencies without a rate on some day: what they sold is in no sum of the group.
select
    store_metrics.currency,
    min(store_metrics.period_start) as first_day,
    count(distinct store_metrics.period_start) as days
from store_metrics
where store_metrics.grain = 'day'
    and store_metrics.basis = 'paid'
    and store_metrics.paid_amount is not null
    and store_metrics.paid_amount_base is null
group by store_metrics.currency
