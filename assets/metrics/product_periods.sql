-- One row per basis, grain from week to year, period, store, currency and product. Buyers from the month up, recounted. Visits
-- are null where the store's item report misses a day of the period; rates are taken over days on which both sides are known.
with grains as (
    select unnest(['week', 'month', 'quarter', 'year']) as grain
),

order_spans as (
    select order_coverage.store, min(order_coverage.day) as first_day, max(order_coverage.day) as last_day
    from order_coverage
    group by order_coverage.store
),

-- Visits before a store's first order or after its last are outside what its exports tell of orders: no sum is known on them,
-- nor missed. A period's sum is known where it is known on each of its order days: what is not on one of them is a bit here, and
-- the bits of a period's days are those of all of them together.
days as (
    select
        product_days.*,
        case
            when product_days.order_lines is not null or product_days.day between order_spans.first_day and order_spans.last_day
                then case when product_days.order_lines is null then 1 else 0 end
                | case when product_days.units is null then 2 else 0 end
                | case when product_days.discounted_sales is null then 4 else 0 end
                | case when product_days.refunds_goods_order_day is null then 8 else 0 end
                | case when product_days.refunds_cash_order_day is null then 16 else 0 end
                | case when product_days.refunds_goods_refund_day is null then 32 else 0 end
                | case when product_days.refunds_cash_refund_day is null then 64 else 0 end
            else 0
        end as unknown
    from product_days
    left join order_spans on product_days.store = order_spans.store
),

months as (
    select
        days.basis,
        'month' as grain,
        days.month as period_start,
        days.store,
        days.currency,
        days.product_id,
        bit_or(days.unknown) as unknown,
        sum(days.paid_orders) as paid_orders,
        sum(days.order_lines) as order_lines,
        sum(days.units) as units,
        sum(days.gross_sales) as gross_sales,
        sum(days.discounts) as discounts,
        sum(days.discounted_sales) as discounted_sales,
        sum(days.refunds_goods_order_day) as refunds_goods_order_day,
        sum(days.refunds_cash_order_day) as refunds_cash_order_day,
        sum(days.refunds_goods_refund_day) as refunds_goods_refund_day,
        sum(days.refunds_cash_refund_day) as refunds_cash_refund_day,
        sum(days.item_visits) as item_visits,
        sum(case when days.order_lines is not null then days.item_visits end) as matched_visits,
        sum(case when days.item_visits is not null then days.order_lines end) as matched_lines,
        sum(case when days.item_visits is not null then days.discounted_sales end) as matched_sales
    from days
    group by all
),

-- Quarters and years are sums of months, of which there are far fewer than days.
sums as (
    select
        days.basis,
        'week' as grain,
        cast(date_trunc('week', days.day) as date) as period_start,
        days.store,
        days.currency,
        days.product_id,
        bit_or(days.unknown) as unknown,
        sum(days.paid_orders) as paid_orders,
        sum(days.order_lines) as order_lines,
        sum(days.units) as units,
        sum(days.gross_sales) as gross_sales,
        sum(days.discounts) as discounts,
        sum(days.discounted_sales) as discounted_sales,
        sum(days.refunds_goods_order_day) as refunds_goods_order_day,
        sum(days.refunds_cash_order_day) as refunds_cash_order_day,
        sum(days.refunds_goods_refund_day) as refunds_goods_refund_day,
        sum(days.refunds_cash_refund_day) as refunds_cash_refund_day,
        sum(days.item_visits) as item_visits,
        sum(case when days.order_lines is not null then days.item_visits end) as matched_visits,
        sum(case when days.item_visits is not null then days.order_lines end) as matched_lines,
        sum(case when days.item_visits is not null then days.discounted_sales end) as matched_sales
    from days
    group by all
    union all
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
                    when 'week' then visited.period_start + 6
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
    cross join (select unnest(['week', 'month', 'quarter', 'year']) as grain) as grains
    group by all
),

-- A product of a store has a number here: buyers are told apart by far less than four texts each.
products_numbered as (
    select
        basis, store, currency, product_id,
        cast(row_number() over (order by basis, store, currency, product_id) as integer) as product
    from product_buyers
    group by basis, store, currency, product_id
),

-- Of each buyer and year the months bought in, one bit each: distinct from distinct, counted in one pass.
buyer_years as (
    select
        products_numbered.product,
        cast(year(product_buyers.month) as integer) as year,
        product_buyers.buyer,
        bit_or(cast(1 as integer) << (cast(month(product_buyers.month) as integer) - 1)) as months
    from product_buyers
    inner join products_numbered
        on product_buyers.basis = products_numbered.basis
        and product_buyers.store = products_numbered.store
        and product_buyers.currency is not distinct from products_numbered.currency
        and product_buyers.product_id = products_numbered.product_id
    group by products_numbered.product, year(product_buyers.month), product_buyers.buyer
),

buyer_patterns as (
    select product, year, months, count(*) as buyers
    from buyer_years
    group by product, year, months
),

spans as (
    select 'month' as grain, unnest(range(0, 12)) as first_month, 1 as span
    union all
    select 'quarter', unnest([0, 3, 6, 9]), 3
    union all
    select 'year', 0, 12
),

buyer_sums as (
    select
        buyer_patterns.product, spans.grain, buyer_patterns.year, spans.first_month,
        sum(buyer_patterns.buyers) as buyers
    from buyer_patterns
    inner join spans on (buyer_patterns.months & cast((((1 << spans.span) - 1) << spans.first_month) as integer)) <> 0
    group by buyer_patterns.product, spans.grain, buyer_patterns.year, spans.first_month
),

buyer_counts as (
    select
        products_numbered.basis,
        buyer_sums.grain,
        products_numbered.store,
        products_numbered.currency,
        products_numbered.product_id,
        make_date(buyer_sums.year, buyer_sums.first_month + 1, 1) as period_start,
        buyer_sums.buyers
    from buyer_sums
    inner join products_numbered on buyer_sums.product = products_numbered.product
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
    cast(periods.gross_sales as decimal(38, 2)) as gross_sales,
    cast(periods.discounts as decimal(38, 2)) as discounts,
    cast(periods.discounted_sales as decimal(38, 2)) as discounted_sales,
    cast(periods.refunds_goods_order_day as decimal(38, 2)) as refunds_goods_order_day,
    cast(periods.refunds_cash_order_day as decimal(38, 2)) as refunds_cash_order_day,
    cast(periods.refunds_goods_refund_day as decimal(38, 2)) as refunds_goods_refund_day,
    cast(periods.refunds_cash_refund_day as decimal(38, 2)) as refunds_cash_refund_day,
    cast(periods.discounted_sales - periods.refunds_goods_order_day as decimal(38, 2)) as net_sales_order_day,
    cast(periods.discounted_sales - periods.refunds_goods_refund_day as decimal(38, 2)) as net_sales_refund_day,
    cast(
        case
            when periods.paid_orders = 0 and periods.grain != 'week' and store_sources.states_buyers then 0
            when unlinked_periods.store is null then buyer_counts.buyers
        end as bigint
    ) as buyers,
    cast(case when complete.is_complete then periods.item_visits end as bigint) as item_visits,
    cast(coalesce(complete.days_with_traffic, 0) as bigint) as days_with_traffic,
    cast(periods.matched_visits as bigint) as matched_visits,
    cast(periods.matched_lines as bigint) as matched_lines,
    cast(periods.matched_sales as decimal(38, 2)) as matched_sales,
    cast(costs.costed_net_sales as decimal(38, 2)) as costed_net_sales,
    cast(costs.cost_of_goods as decimal(38, 2)) as cost_of_goods
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
left join buyer_counts
    on periods.basis = buyer_counts.basis
    and periods.grain = buyer_counts.grain
    and periods.period_start = buyer_counts.period_start
    and periods.store = buyer_counts.store
    and periods.currency = buyer_counts.currency
    and periods.product_id = buyer_counts.product_id
