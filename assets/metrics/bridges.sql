-- One row per store, currency, month and step from our paid amount to the platform's own figure, over the days on which both are
-- known: of the shop's report, else of the sum of its items' report. What no step explains is a step of its own. 生意参谋's shop
-- report holds postage and the subsidy, its items' report no postage; Amazon's is before promotions, shipping and tax.
with ours as (
    select store_metrics.*
    from store_metrics
    inner join stores on store_metrics.store = stores.store and store_metrics.currency = stores.currency
    where store_metrics.basis = 'paid' and store_metrics.grain = 'day' and store_metrics.paid_amount is not null
),

item_days as (
    select
        product_visits.store,
        product_visits.day,
        max(product_visits.dialect) as dialect,
        case when count(product_visits.platform_paid) = count(*) then sum(product_visits.platform_paid) end as platform_paid
    from product_visits
    group by product_visits.store, product_visits.day
),

shop_days as (
    select store_visits.store, store_visits.day, store_visits.dialect, store_visits.platform_paid
    from store_visits
    where store_visits.platform_paid is not null
),

reported as (
    select store, day, dialect, 'shop' as against, platform_paid from shop_days
    union all
    select traffic.store, traffic.day, traffic.dialect, 'sales' as against, traffic.platform_paid
    from traffic
    where traffic.report = 'sales' and traffic.platform_paid is not null
    union all
    select store, day, dialect, 'items' as against, platform_paid from item_days where platform_paid is not null
),

days as (
    select
        ours.store,
        ours.currency,
        cast(date_trunc('month', ours.period_start) as date) as month,
        reported.against,
        split_part(reported.dialect, '.', 1) as dialect,
        reported.platform_paid,
        ours.paid_amount,
        coalesce(ours.platform_subsidy, 0) as subsidy,
        case
            when
                (reported.dialect = 'sycm' and reported.against = 'items')
                or reported.dialect = 'sycm.items'
                or reported.dialect like 'amazon%'
                then -coalesce(ours.shipping, 0)
            else 0
        end as shipping,
        case when reported.dialect like 'amazon%' then coalesce(ours.discounts, 0) else 0 end as discounts,
        case
            when reported.dialect like 'amazon%' and ours.discounted_sales is not null
                then -(ours.paid_amount + coalesce(ours.platform_subsidy, 0) - ours.discounted_sales - coalesce(ours.shipping, 0))
            else 0
        end as tax
    from ours
    inner join reported on ours.store = reported.store and ours.period_start = reported.day
),

months as (
    select
        days.store,
        days.currency,
        days.month,
        days.against,
        max(days.dialect) as dialect,
        count(*) as days_compared,
        sum(days.paid_amount) as paid_amount,
        sum(days.subsidy) as subsidy,
        sum(days.shipping) as shipping,
        sum(days.tax) as tax,
        sum(days.discounts) as discounts,
        sum(days.platform_paid) as platform_paid,
        row_number() over (partition by days.store, days.currency, days.month order by days.against desc) as place
    from days
    group by days.store, days.currency, days.month, days.against
),

chosen as (
    select
        months.*,
        months.platform_paid
        - (months.paid_amount + months.subsidy + months.shipping + months.tax + months.discounts) as unexplained
    from months
    where months.place = 1
),

steps as (
    select *, 1 as step, 'paid_amount' as step_name, paid_amount as amount from chosen
    union all
    select *, 2, 'platform_subsidy', subsidy from chosen
    union all
    select *, 3, 'shipping', shipping from chosen
    union all
    select *, 4, 'tax', tax from chosen
    union all
    select *, 5, 'discounts', discounts from chosen
    union all
    select *, 6, 'unexplained', unexplained from chosen
    union all
    select *, 7, 'platform_paid', platform_paid from chosen
)

select
    steps.month,
    steps.store,
    steps.currency,
    steps.dialect,
    steps.against,
    cast(steps.step as bigint) as step,
    steps.step_name,
    cast(steps.amount as decimal(18, 2)) as amount,
    cast(steps.days_compared as bigint) as days_compared,
    case when steps.step_name = 'unexplained' then cast(steps.unexplained as double) / nullif(steps.platform_paid, 0) end as unexplained_share
from steps
