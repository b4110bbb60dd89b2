-- One row per store, currency and day with anything on it: what one unit of the currency is in the reporting currency that day.
with days as (
    select store_days.store, store_days.currency, store_days.day
    from store_days
    union
    select product_days.store, product_days.currency, product_days.day
    from product_days
    union
    select channel_days.store, channel_days.currency, channel_days.day
    from channel_days
)

select
    days.store,
    days.currency,
    days.day,
    case when days.currency = reporting.currency then cast(1 as decimal(18, 8)) else reference_rates.rate end as rate
from days
cross join reporting
left join reference_rates on days.currency = reference_rates.currency and days.day = reference_rates.day
where days.currency is not null
