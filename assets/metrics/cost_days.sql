-- One row per basis, store, currency, product and local day with a line whose cost is known: what those lines made and cost. The cost
-- is that of the day paid, on both bases: the store's own where one is valid, else every store's; in another currency, by that day's
-- rates. A line's cost is rounded to the cent; a line returned whole gives its cost back.
with rates as (
    select currency, day, cast(rate * 100000000 as hugeint) as rate from reference_rates
),

priced as (
    select
        sku_days.*,
        case
            when unit_costs.currency = sku_days.currency then unit_costs.unit_cost
            else cast(
                cast(
                    (
                        2 * cast(unit_costs.unit_cost * 10000 as hugeint)
                        * case when unit_costs.currency = reporting.currency then 100000000 else of_cost.rate end
                        + case when sku_days.currency = reporting.currency then 100000000 else of_line.rate end
                    ) // (2 * case when sku_days.currency = reporting.currency then 100000000 else of_line.rate end)
                    as decimal(22, 0)
                ) * cast(0.0001 as decimal(5, 4))
                as decimal(22, 4)
            )
        end as unit_cost
    from sku_days
    inner join unit_costs
        on sku_days.store = unit_costs.store
        and sku_days.merchant_sku = unit_costs.merchant_sku
        and sku_days.paid_day >= unit_costs.valid_from
        and (unit_costs.valid_until is null or sku_days.paid_day < unit_costs.valid_until)
    cross join reporting
    left join rates as of_cost on unit_costs.currency = of_cost.currency and sku_days.paid_day = of_cost.day
    left join rates as of_line on sku_days.currency = of_line.currency and sku_days.paid_day = of_line.day
),

sums as (
    select
        priced.basis,
        priced.store,
        priced.currency,
        priced.product_id,
        priced.day,
        sum(priced.discounted_sales - priced.refunds_goods_order_day) as costed_net_sales,
        sum((priced.order_lines - priced.returned_lines) * round(priced.quantity * priced.unit_cost, 2)) as cost_of_goods
    from priced
    where priced.unit_cost is not null
    group by priced.basis, priced.store, priced.currency, priced.product_id, priced.day
),

with_rates as (
    select
        sums.*,
        case when sums.currency = reporting.currency then cast(1 as decimal(18, 8)) else reference_rates.rate end as rate
    from sums
    cross join reporting
    left join reference_rates on sums.currency = reference_rates.currency and sums.day = reference_rates.day
)

select
    with_rates.basis,
    with_rates.store,
    with_rates.currency,
    with_rates.product_id,
    with_rates.day,
    cast(with_rates.costed_net_sales as decimal(18, 2)) as costed_net_sales,
    cast(with_rates.cost_of_goods as decimal(18, 2)) as cost_of_goods,
    cast(round(cast(with_rates.costed_net_sales as decimal(26, 2)) * cast(with_rates.rate as decimal(12, 8)), 2) as decimal(18, 2)) as costed_net_sales_base,
    cast(round(cast(with_rates.cost_of_goods as decimal(26, 2)) * cast(with_rates.rate as decimal(12, 8)), 2) as decimal(18, 2)) as cost_of_goods_base
from with_rates
