-- One row per basis, grain from week to year, period, store, currency and product with a line sold below its price, or of which all
-- came back: days added up. Quarters and years are sums of months, of which there are far fewer than days.
with months as (
    select basis, store, currency, product_id, month, sum(reduced_sales) as reduced_sales, sum(returned_units) as returned_units
    from product_allowances
    group by basis, store, currency, product_id, month
),

sums as (
    select
        basis, 'week' as grain, cast(date_trunc('week', day) as date) as period_start, store, currency, product_id,
        sum(reduced_sales) as reduced_sales, sum(returned_units) as returned_units
    from product_allowances
    group by basis, store, currency, product_id, cast(date_trunc('week', day) as date)
    union all
    select basis, 'month' as grain, month as period_start, store, currency, product_id, reduced_sales, returned_units
    from months
    union all
    select
        basis, 'quarter' as grain, cast(date_trunc('quarter', month) as date) as period_start, store, currency, product_id,
        sum(reduced_sales) as reduced_sales, sum(returned_units) as returned_units
    from months
    group by basis, store, currency, product_id, cast(date_trunc('quarter', month) as date)
    union all
    select
        basis, 'year' as grain, cast(date_trunc('year', month) as date) as period_start, store, currency, product_id,
        sum(reduced_sales) as reduced_sales, sum(returned_units) as returned_units
    from months
    group by basis, store, currency, product_id, cast(date_trunc('year', month) as date)
)

select
    sums.basis,
    sums.grain,
    sums.period_start,
    sums.store,
    sums.currency,
    sums.product_id,
    cast(sums.reduced_sales as decimal(38, 2)) as reduced_sales,
    cast(sums.returned_units as bigint) as returned_units
from sums
