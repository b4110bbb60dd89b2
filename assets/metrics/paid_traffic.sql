-- One row per grain, period, store, way of counting and currency: what sources that are paid for brought, of all the sources reported.
-- A platform's sources overlap: who comes by two is in both, above and below the line. Ways of counting are never added.
select
    channel_metrics.grain,
    channel_metrics.period_start,
    channel_metrics.store,
    channel_metrics.dialect,
    channel_metrics.currency,
    cast(case when count(channel_metrics.visits) = count(*) then sum(channel_metrics.visits) end as bigint) as channel_visits,
    cast(
        case
            when count(channel_metrics.visits) = count(*)
                then sum(case when channel_metrics.channel_group = 'ads' then channel_metrics.visits else 0 end)
        end as bigint
    ) as ad_visits,
    cast(case when count(channel_metrics.platform_paid) = count(*) then sum(channel_metrics.platform_paid) end as decimal(18, 2)) as channel_sales,
    cast(
        case
            when count(channel_metrics.platform_paid) = count(*)
                then sum(case when channel_metrics.channel_group = 'ads' then channel_metrics.platform_paid else 0 end)
        end as decimal(18, 2)
    ) as ad_sales,
    case
        when count(channel_metrics.visits) = count(*)
            then cast(sum(case when channel_metrics.channel_group = 'ads' then channel_metrics.visits else 0 end) as double)
            / nullif(sum(channel_metrics.visits), 0)
    end as paid_traffic_share,
    case
        when count(channel_metrics.platform_paid) = count(*)
            then cast(sum(case when channel_metrics.channel_group = 'ads' then channel_metrics.platform_paid else 0 end) as double)
            / nullif(sum(channel_metrics.platform_paid), 0)
    end as ad_sales_share
from channel_metrics
group by
    channel_metrics.grain, channel_metrics.period_start, channel_metrics.store, channel_metrics.dialect, channel_metrics.currency
