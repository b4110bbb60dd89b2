-- One row per store, segment and day orders were paid: what the statistics of edges take from single lines. Amounts are in the
-- reporting currency; those of single lines, and their units, are cut at the segment's 99th percentile. They are added up as
-- decimals, so that no order of adding changes a digit. What a line does not tell, as its value without a rate, is null of its day.
with costs as (
    select
        reference_costs.store,
        reference_costs.merchant_sku,
        reference_costs.valid_from,
        coalesce(
            lead(reference_costs.valid_from) over (
                partition by reference_costs.store, reference_costs.merchant_sku
                order by reference_costs.valid_from
            ),
            date '9999-12-31'
        ) as valid_until,
        reference_costs.unit_cost,
        reference_costs.currency
    from reference_costs
),

costed as (
    select
        order_lines.store,
        order_lines.product_id,
        order_lines.paid_day as day,
        order_lines.quantity,
        order_lines.line_gross,
        order_lines.line_gross - order_lines.line_discount as line_net,
        store_rates.rate,
        coalesce(own.unit_cost, common.unit_cost) as unit_cost,
        case
            when coalesce(own.currency, common.currency) = order_lines.currency then store_rates.rate
            when coalesce(own.currency, common.currency) = reporting.currency then cast(1 as decimal(18, 8))
            else reference_rates.rate
        end as cost_rate
    from order_lines
    cross join reporting
    left join store_rates
        on order_lines.store = store_rates.store
        and order_lines.currency = store_rates.currency
        and order_lines.paid_day = store_rates.day
    left join costs as own
        on order_lines.store = own.store
        and order_lines.merchant_sku = own.merchant_sku
        and order_lines.paid_day >= own.valid_from
        and order_lines.paid_day < own.valid_until
    left join costs as common
        on common.store is null
        and order_lines.merchant_sku = common.merchant_sku
        and order_lines.paid_day >= common.valid_from
        and order_lines.paid_day < common.valid_until
    left join reference_rates
        on coalesce(own.currency, common.currency) = reference_rates.currency
        and order_lines.paid_day = reference_rates.day
    where order_lines.counted and order_lines.is_goods
),

lines as (
    select
        costed.store,
        costed.product_id,
        costed.day,
        costed.quantity,
        try_cast(
            round(cast(costed.line_gross as decimal(18, 2)) * cast(costed.rate as decimal(12, 8)), 4) as decimal(18, 4)
        ) as line_value,
        try_cast(
            round(cast(costed.line_gross as double) * cast(costed.rate as double) / nullif(costed.quantity, 0), 4) as decimal(14, 4)
        ) as price,
        try_cast(
            round(cast(costed.line_net as decimal(18, 2)) * cast(costed.rate as decimal(12, 8)), 4) as decimal(18, 4)
        ) as net_value,
        try_cast(
            round(cast(costed.unit_cost as decimal(18, 4)) * cast(costed.quantity as decimal(9, 0)), 4) as decimal(18, 4)
        ) as cost_there,
        costed.cost_rate
    from costed
),

placed as (
    select
        segments.segment_type,
        segments.segment,
        lines.store,
        lines.product_id,
        lines.day,
        lines.quantity,
        lines.line_value,
        lines.price,
        lines.net_value,
        try_cast(
            round(cast(lines.cost_there as decimal(18, 4)) * cast(lines.cost_rate as decimal(12, 8)), 4) as decimal(18, 4)
        ) as cost
    from lines
    inner join segments on lines.store = segments.store and lines.product_id = segments.product_id
),

limits as (
    select
        placed.segment_type,
        placed.segment,
        quantile_disc(placed.line_value, 0.99) as highest_value,
        quantile_disc(placed.quantity, 0.99) as most_units,
        quantile_disc(placed.price, 0.99) as highest_price
    from placed
    group by placed.segment_type, placed.segment
),

cut as (
    select
        placed.store,
        placed.segment_type,
        placed.segment,
        placed.day,
        placed.quantity,
        cast(least(placed.line_value, limits.highest_value) as decimal(18, 4)) as line_value,
        least(placed.quantity, limits.most_units) as line_units,
        cast(least(placed.price, limits.highest_price) as decimal(14, 4)) as price,
        placed.net_value,
        placed.net_value - placed.cost as margin
    from placed
    inner join limits on placed.segment_type = limits.segment_type and placed.segment = limits.segment
)

select
    cut.store,
    cut.segment_type,
    cut.segment,
    cut.day,
    case when count(cut.line_value) = count(*) then cast(sum(cut.line_value) as double) end as sales_w,
    case when count(cut.line_value) = count(*) then cast(sum(cut.line_value * cut.line_value) as double) end as sales_w_sq,
    case when count(cut.line_units) = count(*) then cast(sum(cut.line_units) as double) end as units_w,
    case when count(cut.line_units) = count(*) then cast(sum(cut.line_units * cut.line_units) as double) end as units_w_sq,
    case
        when count(cut.price) = count(*) then cast(sum(cut.price * cast(cut.quantity as decimal(9, 0))) as double)
    end as price_w,
    case
        when count(cut.price) = count(*)
            then cast(sum(cut.price * cut.price * cast(cut.quantity as decimal(9, 0))) as double)
    end as price_w_sq,
    cast(count(cut.margin) as bigint) as costed_lines,
    cast(sum(case when cut.margin is not null then cut.net_value end) as decimal(18, 2)) as costed_sales,
    cast(sum(cut.margin) as decimal(18, 2)) as costed_margin
from cut
group by cut.store, cut.segment_type, cut.segment, cut.day
