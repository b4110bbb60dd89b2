-- One row per store, source and day between the source's first and last day: present, empty or missing. A missing day is never
-- a zero: what is summed over it is unknown.
with reported as (
    select
        traffic.store,
        traffic.report as source,
        traffic.day,
        sum(coalesce(traffic.visitors, traffic.sessions, 0)) as visits
    from traffic
    group by traffic.store, traffic.report, traffic.day
),

spans as (
    select reported.store, reported.source, min(reported.day) as first_day, max(reported.day) as last_day
    from reported
    group by reported.store, reported.source
),

spanned as (
    select
        spans.store,
        spans.source,
        unnest(generate_series(spans.first_day, spans.last_day, interval 1 day)) as day
    from spans
),

reports as (
    select
        spanned.store,
        spanned.source,
        cast(spanned.day as date) as day,
        case when reported.day is null then 'missing' when reported.visits = 0 then 'empty' else 'present' end as state
    from spanned
    left join reported
        on spanned.store = reported.store
        and spanned.source = reported.source
        and cast(spanned.day as date) = reported.day
),

order_spans as (
    select order_coverage.store, min(order_coverage.day) as first_day, max(order_coverage.day) as last_day
    from order_coverage
    group by order_coverage.store
),

order_days as (
    select
        order_spans.store,
        unnest(generate_series(order_spans.first_day, order_spans.last_day, interval 1 day)) as day
    from order_spans
)

select reports.store, reports.source, reports.day, reports.state
from reports
union all
select
    order_days.store,
    'orders' as source,
    cast(order_days.day as date) as day,
    coalesce(order_coverage.state, 'missing') as state
from order_days
left join order_coverage on order_days.store = order_coverage.store and cast(order_days.day as date) = order_coverage.day
