-- One row per basis, grain from month to year, period, store, currency and product. Buyers are recounted. Visits are null where the
-- store's item report misses a day of the period; rates are taken over days on which both sides are known.
with grains as (
    select unnest(['month', 'quarter', 'year']) as grain
),

order_spans as (
    select order_coverage.store, min(order_coverage.day) as first_day, max(order_coverage.day) as last_day
    from order_coverage
    group by order_coverage.store
),

-- A period's sum is known where it is known on each of its order days: what is not on one of them is a bit here, and the bits of a
-- period's days are those of all of them together. Quarters and years are sums of months.
sums_of_days as (
    select
        product_days.basis,
        product_days.month,
        product_days.store,
        product_days.currency,
        product_days.product_id,
        bit_or(
            case
                when product_days.order_lines is null then 0
                else case when product_days.units is null then 2 else 0 end
                    | case when product_days.discounted_sales is null then 4 else 0 end
                    | case when product_days.refunds_goods_order_day is null then 8 else 0 end
                    | case when product_days.refunds_cash_order_day is null then 16 else 0 end
                    | case when product_days.refunds_goods_refund_day is null then 32 else 0 end
                    | case when product_days.refunds_cash_refund_day is null then 64 else 0 end
            end
        ) as unknown_where_sold,
        sum(product_days.paid_orders) as paid_orders,
        sum(product_days.order_lines) as order_lines,
        sum(product_days.units) as units,
        sum(product_days.gross_sales) as gross_sales,
        sum(product_days.discounts) as discounts,
        sum(product_days.discounted_sales) as discounted_sales,
        sum(product_days.full_price_sales) as full_price_sales,
        sum(product_days.returned_units) as returned_units,
        sum(product_days.refunds_goods_order_day) as refunds_goods_order_day,
        sum(product_days.refunds_cash_order_day) as refunds_cash_order_day,
        sum(product_days.refunds_goods_refund_day) as refunds_goods_refund_day,
        sum(product_days.refunds_cash_refund_day) as refunds_cash_refund_day,
        sum(product_days.item_visits) as item_visits,
        sum(case when product_days.order_lines is not null then product_days.item_visits end) as matched_visits,
        sum(case when product_days.item_visits is not null then product_days.order_lines end) as matched_lines,
        sum(case when product_days.item_visits is not null then product_days.discounted_sales end) as matched_sales
    from product_days
    group by
        product_days.basis,
        product_days.month,
        product_days.store,
        product_days.currency,
        product_days.product_id
),

-- Nothing is known of a day whose orders are not. Visits before a store's first order or after its last are outside what its exports
-- tell of orders: no sum is known on them, nor missed.
missed as (
    select distinct
        product_days.basis,
        product_days.month,
        product_days.store,
        product_days.currency,
        product_days.product_id
    from product_days
    inner join order_spans
        on product_days.store = order_spans.store and product_days.day between order_spans.first_day and order_spans.last_day
    where product_days.order_lines is null
),

months as (
    select
        sums_of_days.basis,
        'month' as grain,
        sums_of_days.month as period_start,
        sums_of_days.store,
        sums_of_days.currency,
        sums_of_days.product_id,
        case when missed.store is null then sums_of_days.unknown_where_sold else 127 end as unknown,
        cast(sums_of_days.paid_orders as bigint) as paid_orders,
        cast(sums_of_days.order_lines as bigint) as order_lines,
        cast(sums_of_days.units as bigint) as units,
        cast(sums_of_days.gross_sales as decimal(18, 2)) as gross_sales,
        cast(sums_of_days.discounts as decimal(18, 2)) as discounts,
        cast(sums_of_days.discounted_sales as decimal(18, 2)) as discounted_sales,
        cast(sums_of_days.full_price_sales as decimal(18, 2)) as full_price_sales,
        cast(sums_of_days.returned_units as bigint) as returned_units,
        cast(sums_of_days.refunds_goods_order_day as decimal(18, 2)) as refunds_goods_order_day,
        cast(sums_of_days.refunds_cash_order_day as decimal(18, 2)) as refunds_cash_order_day,
        cast(sums_of_days.refunds_goods_refund_day as decimal(18, 2)) as refunds_goods_refund_day,
        cast(sums_of_days.refunds_cash_refund_day as decimal(18, 2)) as refunds_cash_refund_day,
        cast(sums_of_days.item_visits as bigint) as item_visits,
        cast(sums_of_days.matched_visits as bigint) as matched_visits,
        cast(sums_of_days.matched_lines as bigint) as matched_lines,
        cast(sums_of_days.matched_sales as decimal(18, 2)) as matched_sales
    from sums_of_days
    left join missed
        on sums_of_days.basis = missed.basis
        and sums_of_days.month = missed.month
        and sums_of_days.store = missed.store
        and sums_of_days.currency is not distinct from missed.currency
        and sums_of_days.product_id = missed.product_id
),

sums as (
    select * from months
    union all
    select
        months.basis,
        'quarter' as grain,
        cast(date_trunc('quarter', months.period_start) as date) as period_start,
        months.store,
        months.currency,
        months.product_id,
        bit_or(months.unknown) as unknown,
        sum(months.paid_orders) as paid_orders,
        sum(months.order_lines) as order_lines,
        sum(months.units) as units,
        sum(months.gross_sales) as gross_sales,
        sum(months.discounts) as discounts,
        sum(months.discounted_sales) as discounted_sales,
        sum(months.full_price_sales) as full_price_sales,
        sum(months.returned_units) as returned_units,
        sum(months.refunds_goods_order_day) as refunds_goods_order_day,
        sum(months.refunds_cash_order_day) as refunds_cash_order_day,
        sum(months.refunds_goods_refund_day) as refunds_goods_refund_day,
        sum(months.refunds_cash_refund_day) as refunds_cash_refund_day,
        sum(months.item_visits) as item_visits,
        sum(months.matched_visits) as matched_visits,
        sum(months.matched_lines) as matched_lines,
        sum(months.matched_sales) as matched_sales
    from months
    group by all
    union all
    select
        months.basis,
        'year' as grain,
        cast(date_trunc('year', months.period_start) as date) as period_start,
        months.store,
        months.currency,
        months.product_id,
        bit_or(months.unknown) as unknown,
        sum(months.paid_orders) as paid_orders,
        sum(months.order_lines) as order_lines,
        sum(months.units) as units,
        sum(months.gross_sales) as gross_sales,
        sum(months.discounts) as discounts,
        sum(months.discounted_sales) as discounted_sales,
        sum(months.full_price_sales) as full_price_sales,
        sum(months.returned_units) as returned_units,
        sum(months.refunds_goods_order_day) as refunds_goods_order_day,
        sum(months.refunds_cash_order_day) as refunds_cash_order_day,
        sum(months.refunds_goods_refund_day) as refunds_goods_refund_day,
        sum(months.refunds_cash_refund_day) as refunds_cash_refund_day,
        sum(months.item_visits) as item_visits,
        sum(months.matched_visits) as matched_visits,
        sum(months.matched_lines) as matched_lines,
        sum(months.matched_sales) as matched_sales
    from months
    group by all
),

periods as (
    select
        sums.basis,
        sums.grain,
        sums.period_start,
        sums.store,
        sums.currency,
        sums.product_id,
        case when sums.unknown & 1 = 0 then sums.paid_orders end as paid_orders,
        case when sums.unknown & 1 = 0 then sums.order_lines end as order_lines,
        case when sums.unknown & 2 = 0 then sums.units end as units,
        case when sums.unknown & 1 = 0 then sums.gross_sales end as gross_sales,
        case when sums.unknown & 4 = 0 then sums.discounts end as discounts,
        case when sums.unknown & 4 = 0 then sums.discounted_sales end as discounted_sales,
        case when sums.unknown & 4 = 0 then sums.full_price_sales end as full_price_sales,
        case when sums.unknown & 12 = 0 then sums.returned_units end as returned_units,
        case when sums.unknown & 8 = 0 then sums.refunds_goods_order_day end as refunds_goods_order_day,
        case when sums.unknown & 16 = 0 then sums.refunds_cash_order_day end as refunds_cash_order_day,
        case when sums.unknown & 32 = 0 then sums.refunds_goods_refund_day end as refunds_goods_refund_day,
        case when sums.unknown & 64 = 0 then sums.refunds_cash_refund_day end as refunds_cash_refund_day,
        sums.item_visits,
        sums.matched_visits,
        sums.matched_lines,
        sums.matched_sales
    from sums
),

visited_days as (
    select product_visits.store, product_visits.day
    from product_visits
    group by product_visits.store, product_visits.day
),

visit_spans as (
    select visited_days.store, min(visited_days.day) as first_day, max(visited_days.day) as last_day
    from visited_days
    group by visited_days.store
),

visited as (
    select
        grains.grain,
        cast(date_trunc(grains.grain, visited_days.day) as date) as period_start,
        visited_days.store,
        count(*) as days_with_traffic
    from visited_days
    cross join grains
    group by all
),

complete as (
    select
        visited.*,
        visited.days_with_traffic = date_diff(
            'day',
            greatest(visited.period_start, visit_spans.first_day),
            least(
                case visited.grain
                    when 'month' then last_day(visited.period_start)
                    when 'quarter' then last_day(cast(visited.period_start + interval 2 month as date))
                    else last_day(cast(visited.period_start + interval 11 month as date))
                end,
                visit_spans.last_day
            )
        ) + 1 as is_complete
    from visited
    inner join visit_spans on visited.store = visit_spans.store
),

costs as (
    select
        cost_days.basis,
        grains.grain,
        cast(date_trunc(grains.grain, cost_days.day) as date) as period_start,
        cost_days.store,
        cost_days.currency,
        cost_days.product_id,
        sum(cost_days.costed_net_sales) as costed_net_sales,
        sum(cost_days.cost_of_goods) as cost_of_goods
    from cost_days
    cross join grains
    group by all
)

select
    periods.basis,
    periods.grain,
    periods.period_start,
    periods.store,
    periods.currency,
    periods.product_id,
    cast(periods.paid_orders as bigint) as paid_orders,
    cast(periods.order_lines as bigint) as order_lines,
    cast(periods.units as bigint) as units,
    cast(periods.gross_sales as decimal(18, 2)) as gross_sales,
    cast(periods.discounts as decimal(18, 2)) as discounts,
    cast(periods.discounted_sales as decimal(18, 2)) as discounted_sales,
    cast(periods.full_price_sales as decimal(18, 2)) as full_price_sales,
    cast(periods.returned_units as bigint) as returned_units,
    cast(periods.refunds_goods_order_day as decimal(18, 2)) as refunds_goods_order_day,
    cast(periods.refunds_cash_order_day as decimal(18, 2)) as refunds_cash_order_day,
    cast(periods.refunds_goods_refund_day as decimal(18, 2)) as refunds_goods_refund_day,
    cast(periods.refunds_cash_refund_day as decimal(18, 2)) as refunds_cash_refund_day,
    cast(periods.discounted_sales - periods.refunds_goods_order_day as decimal(18, 2)) as net_sales_order_day,
    cast(periods.discounted_sales - periods.refunds_goods_refund_day as decimal(18, 2)) as net_sales_refund_day,
    cast(
        case
            when periods.paid_orders = 0 and store_sources.states_buyers then 0
            when unlinked_periods.store is null then product_buyers.buyers
        end as bigint
    ) as buyers,
    cast(case when complete.is_complete then periods.item_visits end as bigint) as item_visits,
    cast(coalesce(complete.days_with_traffic, 0) as bigint) as days_with_traffic,
    cast(periods.matched_visits as bigint) as matched_visits,
    cast(periods.matched_lines as bigint) as matched_lines,
    cast(periods.matched_sales as decimal(18, 2)) as matched_sales,
    cast(costs.costed_net_sales as decimal(18, 2)) as costed_net_sales,
    cast(costs.cost_of_goods as decimal(18, 2)) as cost_of_goods
from periods
left join costs
    on periods.basis = costs.basis
    and periods.grain = costs.grain
    and periods.period_start = costs.period_start
    and periods.store = costs.store
    and periods.currency = costs.currency
    and periods.product_id = costs.product_id
left join complete
    on periods.grain = complete.grain
    and periods.period_start = complete.period_start
    and periods.store = complete.store
left join store_sources on periods.store = store_sources.store
left join unlinked_periods
    on periods.store = unlinked_periods.store
    and periods.grain = unlinked_periods.grain
    and periods.period_start = unlinked_periods.period_start
left join product_buyers
    on periods.basis = product_buyers.basis
    and periods.grain = product_buyers.grain
    and periods.period_start = product_buyers.period_start
    and periods.store = product_buyers.store
    and periods.currency = product_buyers.currency
    and periods.product_id = product_buyers.product_id
