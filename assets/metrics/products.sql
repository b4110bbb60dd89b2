-- One row per store and product, as the newest order line names it.
with ranked as (
    select
        order_lines.store,
        order_lines.product_id,
        order_lines.merchant_sku,
        order_lines.title,
        min(order_lines.placed_day) over (partition by order_lines.store, order_lines.product_id) as first_seen,
        max(order_lines.placed_day) over (partition by order_lines.store, order_lines.product_id) as last_seen,
        row_number() over (
            partition by order_lines.store, order_lines.product_id
            order by order_lines.placed_day desc nulls last, order_lines.order_id desc, order_lines.line_id desc
        ) as place
    from order_lines
    where order_lines.product_id is not null and order_lines.is_goods
)

select
    ranked.store,
    ranked.product_id,
    ranked.merchant_sku,
    reference_catalogue.item,
    ranked.title,
    reference_catalogue.category,
    ranked.first_seen,
    ranked.last_seen
from ranked
left join reference_catalogue on ranked.merchant_sku = reference_catalogue.merchant_sku
where ranked.place = 1
