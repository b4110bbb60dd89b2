-- Months of a store whose price bands do not add up to the counted lines of that month.
with facts as (
    select store, currency, cast(date_trunc('month', paid_day) as date) as month, sum(line_gross) as amount, sum(quantity) as units
    from order_lines
    where counted and is_goods and line_gross is not null and quantity > 0
    group by store, currency, cast(date_trunc('month', paid_day) as date)
),

bands as (
    select store, currency, month, sum(gross_sales) as amount, sum(units) as units
    from price_bands
    group by store, currency, month
)

select
    coalesce(facts.store, bands.store) as store,
    coalesce(facts.month, bands.month) as month,
    facts.amount as from_lines,
    bands.amount as from_bands
from facts
full outer join bands on facts.store = bands.store and facts.currency = bands.currency and facts.month = bands.month
where facts.amount is distinct from bands.amount or facts.units is distinct from bands.units
