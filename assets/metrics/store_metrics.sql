-- One row per basis, grain, period, store and currency. Sums first, ratios last; buyers are recounted at every grain, distinct
-- from distinct. A sum of which one part is unknown is unknown. `_base` columns add each day converted at that day's rate.
-- Visits stand beside the orders of their day, on both bases; a rate is taken over the days on which both are known. Days visited
-- before a store's first order or after its last are outside what its exports tell of orders: sums of orders are of the others.
-- How many of the period's days are known whole, and how many in part, stands beside its sums.
with bases as (
    select 'paid' as basis
    union all
    select 'placed' as basis
),

currencies as (
    select
        store_days.store,
        store_days.currency,
        row_number() over (partition by store_days.store order by sum(store_days.paid_orders) desc, store_days.currency) as place
    from store_days
    group by store_days.store, store_days.currency
),

visits as (
    select
        bases.basis,
        store_visits.*,
        coalesce(currencies.currency, store_visits.currency) as shown_in,
        order_coverage.state in ('present', 'empty') as orders_known,
        order_coverage.store is not null as within_orders
    from store_visits
    cross join bases
    left join currencies on store_visits.store = currencies.store and currencies.place = 1
    left join order_coverage on store_visits.store = order_coverage.store and store_visits.day = order_coverage.day
),

traffic_spans as (
    select store_visits.store, min(store_visits.day) as first_day, max(store_visits.day) as last_day
    from store_visits
    group by store_visits.store
),

-- A day that was visited and on which nothing was bought, where its orders are known: zero of what the store's exports state.
quiet_days as (
    select
        visits.basis,
        visits.store,
        visits.shown_in as currency,
        visits.day,
        visits.within_orders,
        visits.orders_known,
        visits.orders_known and store_sources.states_lines as lines_known,
        visits.orders_known and store_sources.states_lines and store_sources.states_goods as discounts_known,
        visits.orders_known and store_sources.states_goods as goods_known,
        visits.orders_known and store_sources.states_subsidy as subsidy_known,
        visits.orders_known and store_sources.states_shipping as shipping_known,
        visits.orders_known and store_sources.states_tax as tax_known,
        visits.orders_known and store_sources.states_paid as paid_known,
        visits.orders_known and store_sources.states_refunds as refunds_known,
        visits.orders_known and store_sources.states_refunds
        and (store_sources.states_goods or store_sources.refunds_from is not null) as refund_goods_known,
        visits.orders_known and refund_coverage.store is not null as refunds_dated
    from visits
    left join store_sources on visits.store = store_sources.store
    left join refund_coverage on visits.store = refund_coverage.store and visits.day = refund_coverage.day
    left join store_days
        on visits.basis = store_days.basis
        and visits.store = store_days.store
        and visits.shown_in = store_days.currency
        and visits.day = store_days.day
    where store_days.store is null
),

all_days as (
    select
        store_days.basis, store_days.store, store_days.currency, store_days.day, store_days.paid_orders, store_days.order_lines,
        store_days.units, store_days.gross_sales, store_days.discounts, store_days.discounted_sales, store_days.full_price_sales,
        store_days.discounted_orders, store_days.platform_subsidy,
        store_days.shipping, store_days.tax, store_days.paid_amount, store_days.refunds_goods_order_day,
        store_days.refunds_cash_order_day, store_days.refunds_goods_refund_day, store_days.refunds_cash_refund_day,
        store_days.returned_orders, store_days.returned_units, store_days.orders_with_lines, true as within_orders
    from store_days
    union all
    select
        basis, store, currency, day,
        case when orders_known then 0 end, case when lines_known then 0 end, case when lines_known then 0 end,
        case when lines_known then 0 end, case when discounts_known then 0 end, case when goods_known then 0 end,
        case when discounts_known then 0 end, case when discounts_known then 0 end, case when subsidy_known then 0 end, case when shipping_known then 0 end, case when tax_known then 0 end,
        case when paid_known then 0 end, case when refund_goods_known then 0 end, case when refunds_known then 0 end,
        case when refunds_dated then 0 end, case when refunds_dated then 0 end, case when refunds_known then 0 end,
        case when refund_goods_known and discounts_known then 0 end, 0, within_orders
    from quiet_days
),

days as (
    select
        all_days.*,
        cast(all_days.within_orders as integer) as order_day,
        visits.visits,
        visits.visitors,
        visits.sessions,
        visits.page_views,
        visits.favourites,
        visits.carts,
        visits.platform_orders,
        visits.platform_paid,
        visits.dialect,
        case when all_days.paid_orders is not null and visits.visits is not null then visits.visits end as matched_visits,
        case when all_days.paid_orders is not null and visits.visits is not null then all_days.paid_orders end as matched_orders,
        case when all_days.discounted_sales is not null and visits.visits is not null then all_days.discounted_sales end as matched_sales,
        case when all_days.discounted_sales is not null and visits.visits is not null then visits.visits end as visits_with_sales,
        case when all_days.currency = reporting.currency then cast(1 as decimal(18, 8)) else reference_rates.rate end as rate
    from all_days
    cross join reporting
    left join reference_rates on all_days.currency = reference_rates.currency and all_days.day = reference_rates.day
    left join visits
        on all_days.basis = visits.basis
        and all_days.store = visits.store
        and all_days.currency = visits.shown_in
        and all_days.day = visits.day
),

days_in_base as (
    select
        days.*,
        cast(round(cast(days.gross_sales as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as gross_sales_base,
        cast(round(cast(days.discounts as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as discounts_base,
        cast(round(cast(days.discounted_sales as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as discounted_sales_base,
        cast(round(cast(days.full_price_sales as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as full_price_sales_base,
        cast(round(cast(days.platform_subsidy as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as platform_subsidy_base,
        cast(round(cast(days.shipping as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as shipping_base,
        cast(round(cast(days.tax as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as tax_base,
        cast(round(cast(days.paid_amount as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as paid_amount_base,
        cast(round(cast(days.refunds_goods_order_day as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as refunds_goods_order_day_base,
        cast(round(cast(days.refunds_cash_order_day as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as refunds_cash_order_day_base,
        cast(round(cast(days.refunds_goods_refund_day as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as refunds_goods_refund_day_base,
        cast(round(cast(days.refunds_cash_refund_day as decimal(26, 2)) * cast(days.rate as decimal(12, 8)), 2) as decimal(18, 2)) as refunds_cash_refund_day_base
    from days
),

grains as (
    select unnest(['day', 'week', 'month', 'quarter', 'year']) as grain
),

periods as (
    select
        days_in_base.basis,
        grains.grain,
        cast(case when grains.grain = 'day' then days_in_base.day else date_trunc(grains.grain, days_in_base.day) end as date) as period_start,
        days_in_base.store,
        days_in_base.currency,
        case when count(days_in_base.paid_orders) = sum(days_in_base.order_day) then sum(days_in_base.paid_orders) end as paid_orders,
        case when count(days_in_base.order_lines) = sum(days_in_base.order_day) then sum(days_in_base.order_lines) end as order_lines,
        case when count(days_in_base.units) = sum(days_in_base.order_day) then sum(days_in_base.units) end as units,
        case when count(days_in_base.gross_sales) = sum(days_in_base.order_day) then sum(days_in_base.gross_sales) end as gross_sales,
        case when count(days_in_base.discounts) = sum(days_in_base.order_day) then sum(days_in_base.discounts) end as discounts,
        case when count(days_in_base.discounted_sales) = sum(days_in_base.order_day) then sum(days_in_base.discounted_sales) end as discounted_sales,
        case when count(days_in_base.full_price_sales) = sum(days_in_base.order_day) then sum(days_in_base.full_price_sales) end as full_price_sales,
        case when count(days_in_base.discounted_orders) = sum(days_in_base.order_day) then sum(days_in_base.discounted_orders) end as discounted_orders,
        case when count(days_in_base.platform_subsidy) = sum(days_in_base.order_day) then sum(days_in_base.platform_subsidy) end as platform_subsidy,
        case when count(days_in_base.shipping) = sum(days_in_base.order_day) then sum(days_in_base.shipping) end as shipping,
        case when count(days_in_base.tax) = sum(days_in_base.order_day) then sum(days_in_base.tax) end as tax,
        case when count(days_in_base.paid_amount) = sum(days_in_base.order_day) then sum(days_in_base.paid_amount) end as paid_amount,
        case when count(days_in_base.refunds_goods_order_day) = sum(days_in_base.order_day) then sum(days_in_base.refunds_goods_order_day) end as refunds_goods_order_day,
        case when count(days_in_base.refunds_cash_order_day) = sum(days_in_base.order_day) then sum(days_in_base.refunds_cash_order_day) end as refunds_cash_order_day,
        case when count(days_in_base.refunds_goods_refund_day) = sum(days_in_base.order_day) then sum(days_in_base.refunds_goods_refund_day) end as refunds_goods_refund_day,
        case when count(days_in_base.refunds_cash_refund_day) = sum(days_in_base.order_day) then sum(days_in_base.refunds_cash_refund_day) end as refunds_cash_refund_day,
        case when count(days_in_base.returned_orders) = sum(days_in_base.order_day) then sum(days_in_base.returned_orders) end as returned_orders,
        case when count(days_in_base.returned_units) = sum(days_in_base.order_day) then sum(days_in_base.returned_units) end as returned_units,
        sum(days_in_base.orders_with_lines) as orders_with_lines,
        max(days_in_base.dialect) as dialect,
        sum(days_in_base.visitors) as visitors,
        sum(days_in_base.sessions) as sessions,
        sum(days_in_base.visits) as visits,
        sum(days_in_base.page_views) as page_views,
        case when count(days_in_base.favourites) = count(days_in_base.visits) then sum(days_in_base.favourites) end as favourites,
        case when count(days_in_base.carts) = count(days_in_base.visits) then sum(days_in_base.carts) end as carts,
        case when count(days_in_base.platform_orders) = count(days_in_base.visits) then sum(days_in_base.platform_orders) end as platform_orders,
        case when count(days_in_base.platform_paid) = count(days_in_base.visits) then sum(days_in_base.platform_paid) end as platform_paid,
        count(days_in_base.visits) as days_with_traffic,
        sum(days_in_base.matched_visits) as matched_visits,
        sum(days_in_base.matched_orders) as matched_orders,
        sum(days_in_base.matched_sales) as matched_sales,
        sum(days_in_base.visits_with_sales) as visits_with_sales,
        case when count(days_in_base.gross_sales_base) = sum(days_in_base.order_day) then sum(days_in_base.gross_sales_base) end as gross_sales_base,
        case when count(days_in_base.discounts_base) = sum(days_in_base.order_day) then sum(days_in_base.discounts_base) end as discounts_base,
        case when count(days_in_base.discounted_sales_base) = sum(days_in_base.order_day) then sum(days_in_base.discounted_sales_base) end as discounted_sales_base,
        case when count(days_in_base.full_price_sales_base) = sum(days_in_base.order_day) then sum(days_in_base.full_price_sales_base) end as full_price_sales_base,
        case when count(days_in_base.platform_subsidy_base) = sum(days_in_base.order_day) then sum(days_in_base.platform_subsidy_base) end as platform_subsidy_base,
        case when count(days_in_base.shipping_base) = sum(days_in_base.order_day) then sum(days_in_base.shipping_base) end as shipping_base,
        case when count(days_in_base.tax_base) = sum(days_in_base.order_day) then sum(days_in_base.tax_base) end as tax_base,
        case when count(days_in_base.paid_amount_base) = sum(days_in_base.order_day) then sum(days_in_base.paid_amount_base) end as paid_amount_base,
        case when count(days_in_base.refunds_goods_order_day_base) = sum(days_in_base.order_day) then sum(days_in_base.refunds_goods_order_day_base) end as refunds_goods_order_day_base,
        case when count(days_in_base.refunds_cash_order_day_base) = sum(days_in_base.order_day) then sum(days_in_base.refunds_cash_order_day_base) end as refunds_cash_order_day_base,
        case when count(days_in_base.refunds_goods_refund_day_base) = sum(days_in_base.order_day) then sum(days_in_base.refunds_goods_refund_day_base) end as refunds_goods_refund_day_base,
        case when count(days_in_base.refunds_cash_refund_day_base) = sum(days_in_base.order_day) then sum(days_in_base.refunds_cash_refund_day_base) end as refunds_cash_refund_day_base
    from days_in_base
    cross join grains
    group by all
),

calendar as (
    select
        days.day,
        cast(date_trunc('week', days.day) as date) as week,
        cast(date_trunc('month', days.day) as date) as month,
        cast(date_trunc('quarter', days.day) as date) as quarter,
        cast(date_trunc('year', days.day) as date) as year
    from (select distinct buyer_days.day from buyer_days) as days
),

bought as (
    select 'paid' as basis, store, currency, day, paid_orders, paid_before as day_before
    from buyer_days
    where paid_orders > 0
    union all
    select 'placed', store, currency, day, placed_orders, placed_before
    from buyer_days
    where placed_orders > 0
),

-- Buyers on each day, and those of them whose first day of its week, month, quarter or year it is: these add up over days.
buyers_first as (
    select
        bought.basis,
        bought.store,
        bought.currency,
        bought.day,
        sum(bought.paid_orders) as orders_with_buyer,
        count(*) as on_day,
        sum(case when bought.day_before >= calendar.week then 0 else 1 end) as first_in_week,
        sum(case when bought.day_before >= calendar.month then 0 else 1 end) as first_in_month,
        sum(case when bought.day_before >= calendar.quarter then 0 else 1 end) as first_in_quarter,
        sum(case when bought.day_before >= calendar.year then 0 else 1 end) as first_in_year
    from bought
    inner join calendar on bought.day = calendar.day
    group by bought.basis, bought.store, bought.currency, bought.day
),

buyer_counts as (
    select
        buyers_first.basis,
        grains.grain,
        buyers_first.store,
        buyers_first.currency,
        cast(case when grains.grain = 'day' then buyers_first.day else date_trunc(grains.grain, buyers_first.day) end as date) as period_start,
        sum(
            case grains.grain
                when 'day' then buyers_first.on_day
                when 'week' then buyers_first.first_in_week
                when 'month' then buyers_first.first_in_month
                when 'quarter' then buyers_first.first_in_quarter
                else buyers_first.first_in_year
            end
        ) as buyers,
        sum(buyers_first.orders_with_buyer) as orders_with_buyer
    from buyers_first
    cross join grains
    group by all
),

with_nets as (
    select
        periods.*,
        periods.discounted_sales - periods.refunds_goods_order_day as net_sales_order_day,
        periods.discounted_sales - periods.refunds_goods_refund_day as net_sales_refund_day,
        periods.paid_amount - periods.refunds_cash_order_day as net_paid_order_day,
        periods.paid_amount - periods.refunds_cash_refund_day as net_paid_refund_day,
        periods.discounted_sales_base - periods.refunds_goods_order_day_base as net_sales_order_day_base,
        periods.discounted_sales_base - periods.refunds_goods_refund_day_base as net_sales_refund_day_base,
        periods.paid_amount_base - periods.refunds_cash_order_day_base as net_paid_order_day_base,
        periods.paid_amount_base - periods.refunds_cash_refund_day_base as net_paid_refund_day_base,
        date_diff(
            'day',
            greatest(periods.period_start, traffic_spans.first_day),
            least(
                case periods.grain
                    when 'day' then periods.period_start
                    when 'week' then periods.period_start + 6
                    when 'month' then last_day(periods.period_start)
                    when 'quarter' then last_day(cast(periods.period_start + interval 2 month as date))
                    else last_day(cast(periods.period_start + interval 11 month as date))
                end,
                traffic_spans.last_day
            )
        ) + 1 as days_in_period,
        traffic_spans.store is not null as is_visited,
        case
            when periods.paid_orders = 0 and store_sources.states_buyers then 0
            when unlinked_periods.store is null then buyer_counts.buyers
        end as buyers,
        coalesce(buyer_counts.orders_with_buyer, 0) as orders_with_buyer
    from periods
    left join buyer_counts
        on periods.basis = buyer_counts.basis
        and periods.grain = buyer_counts.grain
        and periods.store = buyer_counts.store
        and periods.currency = buyer_counts.currency
        and periods.period_start = buyer_counts.period_start
    left join traffic_spans on periods.store = traffic_spans.store
    left join store_sources on periods.store = store_sources.store
    left join unlinked_periods
        on periods.store = unlinked_periods.store
        and periods.grain = unlinked_periods.grain
        and periods.period_start = unlinked_periods.period_start
),

costs as (
    select
        cost_days.basis,
        grains.grain,
        cast(case when grains.grain = 'day' then cost_days.day else date_trunc(grains.grain, cost_days.day) end as date) as period_start,
        cost_days.store,
        cost_days.currency,
        sum(cost_days.costed_net_sales) as costed_net_sales,
        sum(cost_days.cost_of_goods) as cost_of_goods,
        case when count(cost_days.costed_net_sales_base) = count(*) then sum(cost_days.costed_net_sales_base) end as costed_net_sales_base,
        case when count(cost_days.cost_of_goods_base) = count(*) then sum(cost_days.cost_of_goods_base) end as cost_of_goods_base
    from cost_days
    cross join grains
    group by all
),

complete as (
    select
        with_nets.*,
        date_diff(
            'day',
            with_nets.period_start,
            cast(
                with_nets.period_start + case with_nets.grain
                    when 'day' then interval 1 day
                    when 'week' then interval 7 day
                    when 'month' then interval 1 month
                    when 'quarter' then interval 3 month
                    else interval 1 year
                end as date
            )
        ) as calendar_days,
        with_nets.days_with_traffic > 0 and with_nets.days_with_traffic = with_nets.days_in_period as traffic_complete
    from with_nets
)

select
    complete.basis,
    complete.grain,
    complete.period_start,
    complete.store,
    complete.currency,
    cast(complete.paid_orders as bigint) as paid_orders,
    cast(complete.order_lines as bigint) as order_lines,
    cast(complete.units as bigint) as units,
    cast(complete.gross_sales as decimal(18, 2)) as gross_sales,
    cast(complete.discounts as decimal(18, 2)) as discounts,
    cast(complete.discounted_sales as decimal(18, 2)) as discounted_sales,
    cast(complete.full_price_sales as decimal(18, 2)) as full_price_sales,
    cast(complete.discounted_orders as bigint) as discounted_orders,
    cast(complete.platform_subsidy as decimal(18, 2)) as platform_subsidy,
    cast(complete.shipping as decimal(18, 2)) as shipping,
    cast(complete.tax as decimal(18, 2)) as tax,
    cast(complete.paid_amount as decimal(18, 2)) as paid_amount,
    cast(complete.refunds_goods_order_day as decimal(18, 2)) as refunds_goods_order_day,
    cast(complete.refunds_cash_order_day as decimal(18, 2)) as refunds_cash_order_day,
    cast(complete.refunds_goods_refund_day as decimal(18, 2)) as refunds_goods_refund_day,
    cast(complete.refunds_cash_refund_day as decimal(18, 2)) as refunds_cash_refund_day,
    cast(complete.returned_orders as bigint) as returned_orders,
    cast(complete.returned_units as bigint) as returned_units,
    cast(complete.net_sales_order_day as decimal(18, 2)) as net_sales_order_day,
    cast(complete.net_sales_refund_day as decimal(18, 2)) as net_sales_refund_day,
    cast(complete.net_paid_order_day as decimal(18, 2)) as net_paid_order_day,
    cast(complete.net_paid_refund_day as decimal(18, 2)) as net_paid_refund_day,
    cast(complete.orders_with_lines as bigint) as orders_with_lines,
    cast(complete.orders_with_buyer as bigint) as orders_with_buyer,
    cast(complete.buyers as bigint) as buyers,
    complete.dialect,
    cast(case when complete.grain = 'day' then complete.visitors end as bigint) as visitors,
    cast(case when complete.traffic_complete then complete.visitors end as bigint) as visitor_days,
    cast(case when complete.traffic_complete then complete.sessions end as bigint) as sessions,
    cast(case when complete.traffic_complete then complete.page_views end as bigint) as page_views,
    cast(case when complete.traffic_complete then complete.favourites end as bigint) as favourites,
    cast(case when complete.traffic_complete then complete.carts end as bigint) as carts,
    cast(case when complete.traffic_complete then complete.platform_orders end as bigint) as platform_orders,
    cast(case when complete.traffic_complete then complete.platform_paid end as decimal(18, 2)) as platform_paid,
    cast(complete.days_with_traffic as bigint) as days_with_traffic,
    cast(case when complete.is_visited then greatest(complete.days_in_period, 0) end as bigint) as days_in_period,
    cast(complete.matched_visits as bigint) as matched_visits,
    cast(complete.matched_orders as bigint) as matched_orders,
    cast(complete.matched_sales as decimal(18, 2)) as matched_sales,
    cast(cast(complete.discounted_sales as double) / nullif(complete.paid_orders, 0) as decimal(18, 4)) as aov,
    cast(cast(complete.paid_amount as double) / nullif(complete.buyers, 0) as decimal(18, 4)) as sales_per_buyer,
    cast(cast(complete.discounted_sales as double) / nullif(complete.units, 0) as decimal(18, 4)) as average_price,
    cast(complete.units as double) / nullif(complete.paid_orders, 0) as units_per_order,
    cast(complete.discounts as double) / nullif(complete.gross_sales, 0) as discount_rate,
    cast(complete.refunds_cash_order_day as double) / nullif(complete.paid_amount, 0) as refund_rate,
    cast(complete.full_price_sales as double) / nullif(complete.discounted_sales, 0) as full_price_share,
    cast(complete.discounted_orders as double) / nullif(complete.paid_orders, 0) as discounted_order_share,
    cast(complete.returned_orders as double) / nullif(complete.paid_orders, 0) as order_return_rate,
    cast(complete.returned_units as double) / nullif(complete.units, 0) as unit_return_rate,
    cast(complete.matched_orders as double) / nullif(complete.matched_visits, 0) as conversion,
    cast(cast(complete.matched_sales as double) / nullif(complete.visits_with_sales, 0) as decimal(18, 4)) as sales_per_visit,
    cast(complete.carts as double) / nullif(complete.visits, 0) as cart_rate,
    cast(complete.favourites as double) / nullif(complete.visits, 0) as favourite_rate,
    cast(costs.costed_net_sales as decimal(18, 2)) as costed_net_sales,
    cast(costs.cost_of_goods as decimal(18, 2)) as cost_of_goods,
    cast(costs.costed_net_sales - costs.cost_of_goods as decimal(18, 2)) as margin,
    cast(costs.costed_net_sales - costs.cost_of_goods as double) / nullif(costs.costed_net_sales, 0) as margin_rate,
    cast(
        case when complete.net_sales_order_day is not null then coalesce(costs.costed_net_sales, 0) end as double
    ) / nullif(complete.net_sales_order_day, 0) as cost_coverage,
    cast(costs.costed_net_sales_base as decimal(18, 2)) as costed_net_sales_base,
    cast(costs.cost_of_goods_base as decimal(18, 2)) as cost_of_goods_base,
    cast(costs.costed_net_sales_base - costs.cost_of_goods_base as decimal(18, 2)) as margin_base,
    cast(complete.gross_sales_base as decimal(18, 2)) as gross_sales_base,
    cast(complete.discounts_base as decimal(18, 2)) as discounts_base,
    cast(complete.discounted_sales_base as decimal(18, 2)) as discounted_sales_base,
    cast(complete.full_price_sales_base as decimal(18, 2)) as full_price_sales_base,
    cast(complete.platform_subsidy_base as decimal(18, 2)) as platform_subsidy_base,
    cast(complete.shipping_base as decimal(18, 2)) as shipping_base,
    cast(complete.tax_base as decimal(18, 2)) as tax_base,
    cast(complete.paid_amount_base as decimal(18, 2)) as paid_amount_base,
    cast(complete.refunds_goods_order_day_base as decimal(18, 2)) as refunds_goods_order_day_base,
    cast(complete.refunds_cash_order_day_base as decimal(18, 2)) as refunds_cash_order_day_base,
    cast(complete.refunds_goods_refund_day_base as decimal(18, 2)) as refunds_goods_refund_day_base,
    cast(complete.refunds_cash_refund_day_base as decimal(18, 2)) as refunds_cash_refund_day_base,
    cast(complete.net_sales_order_day_base as decimal(18, 2)) as net_sales_order_day_base,
    cast(complete.net_sales_refund_day_base as decimal(18, 2)) as net_sales_refund_day_base,
    cast(complete.net_paid_order_day_base as decimal(18, 2)) as net_paid_order_day_base,
    cast(complete.net_paid_refund_day_base as decimal(18, 2)) as net_paid_refund_day_base,
    cast(complete.calendar_days as bigint) as calendar_days,
    cast(coalesce(period_coverage.whole_days, 0) as bigint) as whole_days,
    cast(coalesce(period_coverage.partial_days, 0) as bigint) as partial_days,
    cast(coalesce(period_coverage.whole_days, 0) as double) / nullif(complete.calendar_days, 0) as orders_covered_share
from complete
left join period_coverage
    on complete.store = period_coverage.store
    and complete.grain = period_coverage.grain
    and complete.period_start = period_coverage.period_start
left join costs
    on complete.basis = costs.basis
    and complete.grain = costs.grain
    and complete.period_start = costs.period_start
    and complete.store = costs.store
    and complete.currency = costs.currency
