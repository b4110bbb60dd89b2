-- One row per store, currency and product, as of the store's last known day: what it sold in thirty days, its share, and the share
-- of all that sell as much or more.
with last_days as (
    select product_life.store, max(product_life.day) as day
    from product_life
    group by product_life.store
)

select
    product_life.store,
    product_life.currency,
    product_life.product_id,
    products.title,
    product_life.category,
    product_life.day,
    product_life.units_30d,
    product_life.sales_30d,
    product_life.sales_share,
    sum(product_life.sales_share) over (
        partition by product_life.store, product_life.currency
        order by product_life.sales_rank nulls last
        rows between unbounded preceding and current row
    ) as share_so_far,
    product_life.sales_rank,
    product_life.abc,
    product_life.stock,
    product_life.days_of_cover
from product_life
inner join last_days on product_life.store = last_days.store and product_life.day = last_days.day
left join products on product_life.store = products.store and product_life.product_id = products.product_id
