-- One row per grain, period, store and channel. A platform's counts by channel are not additive over channels, nor do they part
-- orders: they say how each source did. A period's visits are null where a day between the store's first and last is missing.
with grains as (
    select unnest(['day', 'week', 'month', 'quarter', 'year']) as grain
),

reported_days as (
    select distinct channel_days.store, channel_days.day
    from channel_days
),

spans as (
    select reported_days.store, min(reported_days.day) as first_day, max(reported_days.day) as last_day
    from reported_days
    group by reported_days.store
),

periods as (
    select
        grains.grain,
        cast(case when grains.grain = 'day' then channel_days.day else date_trunc(grains.grain, channel_days.day) end as date) as period_start,
        channel_days.store,
        channel_days.dialect,
        channel_days.channel_group,
        channel_days.channel,
        channel_days.currency,
        case when count(channel_days.visits) = count(*) then sum(channel_days.visits) end as visits,
        case when count(channel_days.carts) = count(*) then sum(channel_days.carts) end as carts,
        case when count(channel_days.platform_buyers) = count(*) then sum(channel_days.platform_buyers) end as platform_buyers,
        case when count(channel_days.platform_orders) = count(*) then sum(channel_days.platform_orders) end as platform_orders,
        case when count(channel_days.platform_paid) = count(*) then sum(channel_days.platform_paid) end as platform_paid
    from channel_days
    cross join grains
    group by all
),

known as (
    select
        grains.grain,
        cast(case when grains.grain = 'day' then reported_days.day else date_trunc(grains.grain, reported_days.day) end as date) as period_start,
        reported_days.store,
        count(*) as days_with_traffic
    from reported_days
    cross join grains
    group by all
),

bounded as (
    select
        periods.*,
        known.days_with_traffic,
        date_diff(
            'day',
            greatest(periods.period_start, spans.first_day),
            least(
                case periods.grain
                    when 'day' then periods.period_start
                    when 'week' then periods.period_start + 6
                    when 'month' then last_day(periods.period_start)
                    when 'quarter' then last_day(cast(periods.period_start + interval 2 month as date))
                    else last_day(cast(periods.period_start + interval 11 month as date))
                end,
                spans.last_day
            )
        ) + 1 as days_in_period
    from periods
    inner join known
        on periods.grain = known.grain
        and periods.period_start = known.period_start
        and periods.store = known.store
    inner join spans on periods.store = spans.store
)

select
    bounded.grain,
    bounded.period_start,
    bounded.store,
    bounded.dialect,
    bounded.channel_group,
    bounded.channel,
    bounded.currency,
    cast(bounded.days_with_traffic as bigint) as days_with_traffic,
    cast(bounded.days_in_period as bigint) as days_in_period,
    cast(case when bounded.days_with_traffic = bounded.days_in_period then bounded.visits end as bigint) as visits,
    cast(bounded.carts as bigint) as carts,
    cast(bounded.platform_buyers as bigint) as platform_buyers,
    cast(bounded.platform_orders as bigint) as platform_orders,
    cast(bounded.platform_paid as decimal(18, 2)) as platform_paid,
    cast(coalesce(bounded.platform_orders, bounded.platform_buyers) as double) / nullif(bounded.visits, 0) as platform_conversion,
    cast(bounded.carts as double) / nullif(bounded.visits, 0) as cart_rate
from bounded
