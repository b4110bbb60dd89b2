-- One row per store, segment and day of the last thirteen months: what changes are told from, in the reporting currency. The
-- store as a whole, its channels and its eight categories with the most sales. What is not known, or not of the whole day, is null.
with newest as (
    select cast(date_trunc('month', max(coverage.day)) - interval 12 month as date) as first_day
    from coverage
    where coverage.source = 'orders'
),

order_days as (
    select coverage.store, coverage.day, coverage.state in ('present', 'empty') as known
    from coverage
    cross join newest
    where coverage.source = 'orders' and coverage.day >= newest.first_day
),

visit_days as (
    select
        store_visits.store,
        store_visits.day,
        case when coalesce(coverage.state, 'present') in ('present', 'empty') then store_visits.visits end as visits
    from store_visits
    cross join newest
    left join coverage
        on store_visits.store = coverage.store
        and store_visits.day = coverage.day
        and coverage.source = case when store_visits.dialect like '%.child_sum' then 'item' else 'shop' end
    where store_visits.day >= newest.first_day
),

days as (
    select
        coalesce(order_days.store, visit_days.store) as store,
        coalesce(order_days.day, visit_days.day) as day,
        coalesce(order_days.known, false) as known,
        visit_days.visits
    from order_days
    full outer join visit_days on order_days.store = visit_days.store and order_days.day = visit_days.day
),

whole as (
    select
        days.store,
        days.day,
        days.visits,
        days.known and store_metrics.store is null as is_quiet,
        case when days.known then store_metrics.paid_orders end as orders,
        case when days.known then store_metrics.gross_sales_base end as sales,
        case when days.known then store_metrics.discounts_base end as discounts,
        case when days.known then store_metrics.refunds_cash_refund_day_base end as refunds
    from days
    inner join stores on days.store = stores.store
    left join store_metrics
        on days.store = store_metrics.store
        and days.day = store_metrics.period_start
        and stores.currency = store_metrics.currency
        and store_metrics.grain = 'day'
        and store_metrics.basis = 'paid'
),

sized as (
    select
        cell_days.store,
        cell_days.segment_type,
        cell_days.segment,
        row_number() over (
            partition by cell_days.store, cell_days.segment_type
            order by sum(cell_days.sales) desc nulls last, cell_days.segment
        ) as place
    from cell_days
    cross join newest
    where cell_days.segment_type in ('channel', 'category') and cell_days.day >= newest.first_day
    group by cell_days.store, cell_days.segment_type, cell_days.segment
)

select
    whole.store,
    'store' as segment_type,
    '' as segment,
    whole.day,
    cast(whole.visits as bigint) as visits,
    cast(case when whole.is_quiet then 0 else whole.orders end as bigint) as orders,
    cast(case when whole.is_quiet then 0 else whole.sales end as decimal(18, 2)) as sales,
    cast(case when whole.is_quiet then 0 else whole.discounts end as decimal(18, 2)) as discounts_base,
    cast(whole.refunds as decimal(18, 2)) as refunds_cash_refund_day_base
from whole
union all
select
    cell_days.store,
    cell_days.segment_type,
    cell_days.segment,
    cell_days.day,
    case when days.known or cell_days.segment_type = 'channel' then cell_days.visits end as visits,
    case when days.known or cell_days.segment_type = 'channel' then cell_days.orders end as orders,
    case when days.known or cell_days.segment_type = 'channel' then cell_days.sales end as sales,
    cast(null as decimal(18, 2)) as discounts_base,
    cast(null as decimal(18, 2)) as refunds_cash_refund_day_base
from cell_days
inner join sized
    on cell_days.store = sized.store
    and cell_days.segment_type = sized.segment_type
    and cell_days.segment = sized.segment
    and sized.place <= 8
cross join newest
left join days on cell_days.store = days.store and cell_days.day = days.day
where cell_days.day >= newest.first_day
