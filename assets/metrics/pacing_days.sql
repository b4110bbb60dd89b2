-- One row per store that has targets and day its orders are known or missing: what a target may be measured by; for the
-- statistics of pacing alone. A day without orders is zero, a missing or partial day null.
with targeted as (
    select distinct reference_targets.store
    from reference_targets
),

order_days as (
    select coverage.store, coverage.day, coverage.state
    from coverage
    inner join targeted on coverage.store = targeted.store
    where coverage.source = 'orders'
),

known as (
    select
        order_days.store,
        order_days.day,
        order_days.state,
        stores.currency,
        order_days.state in ('present', 'empty') and store_metrics.store is null as is_empty,
        store_metrics.paid_orders,
        store_metrics.units,
        store_metrics.gross_sales,
        store_metrics.discounts,
        store_metrics.discounted_sales,
        store_metrics.paid_amount,
        store_metrics.refunds_goods_order_day,
        store_metrics.refunds_goods_refund_day,
        store_metrics.refunds_cash_order_day,
        store_metrics.refunds_cash_refund_day,
        store_visits.visits
    from order_days
    inner join stores on order_days.store = stores.store
    left join store_metrics
        on order_days.store = store_metrics.store
        and order_days.day = store_metrics.period_start
        and stores.currency = store_metrics.currency
        and store_metrics.grain = 'day'
        and store_metrics.basis = 'paid'
        and order_days.state <> 'partial'
    left join store_visits on order_days.store = store_visits.store and order_days.day = store_visits.day
)

select
    known.store,
    known.currency,
    known.day,
    cast(case when known.is_empty then 0 else known.paid_orders end as bigint) as paid_orders,
    cast(case when known.is_empty then 0 else known.units end as bigint) as units,
    cast(case when known.is_empty then 0 else known.gross_sales end as decimal(18, 2)) as gross_sales,
    cast(case when known.is_empty then 0 else known.discounts end as decimal(18, 2)) as discounts,
    cast(case when known.is_empty then 0 else known.discounted_sales end as decimal(18, 2)) as discounted_sales,
    cast(case when known.is_empty then 0 else known.paid_amount end as decimal(18, 2)) as paid_amount,
    cast(case when known.is_empty then 0 else known.refunds_goods_order_day end as decimal(18, 2)) as refunds_goods_order_day,
    cast(case when known.is_empty then 0 else known.refunds_goods_refund_day end as decimal(18, 2)) as refunds_goods_refund_day,
    cast(case when known.is_empty then 0 else known.refunds_cash_order_day end as decimal(18, 2)) as refunds_cash_order_day,
    cast(case when known.is_empty then 0 else known.refunds_cash_refund_day end as decimal(18, 2)) as refunds_cash_refund_day,
    known.visits
from known
