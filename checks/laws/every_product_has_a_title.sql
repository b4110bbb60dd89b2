-- Products without a title, in stores whose exports state titles.
with titled as (
    select distinct products.store
    from products
    where products.title is not null
)

select
    products.store,
    products.product_id
from products
inner join titled on products.store = titled.store
where products.title is null
