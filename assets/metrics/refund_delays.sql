-- One row per store, currency, category or `all`, local day orders were paid and age at which refunds of them were done: what came
-- back so many days later. Refunds of no category are `uncategorised`.
with ages as (
    select
        refund_ages.store,
        refund_ages.currency,
        coalesce(products.category, 'uncategorised') as category,
        refund_ages.day,
        date_diff('day', refund_ages.day, refund_ages.refund_day) as age_days,
        refund_ages.refunded_lines,
        refund_ages.refunds_goods_order_day
    from refund_ages
    left join products on refund_ages.store = products.store and refund_ages.product_id = products.product_id
),

cells as (
    select store, currency, category, day, age_days, refunded_lines, refunds_goods_order_day from ages
    union all
    select store, currency, 'all' as category, day, age_days, refunded_lines, refunds_goods_order_day from ages
)

select
    cells.store,
    cells.currency,
    cells.category,
    cells.day,
    cast(cells.age_days as bigint) as age_days,
    cast(sum(cells.refunded_lines) as bigint) as refunded_lines,
    cast(
        case when count(cells.refunds_goods_order_day) = count(*) then sum(cells.refunds_goods_order_day) end as decimal(18, 2)
    ) as refunds_goods_order_day
from cells
group by cells.store, cells.currency, cells.category, cells.day, cells.age_days
