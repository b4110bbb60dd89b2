-- One row per basis, grain, period and group of stores, and `all`. A sum is over the stores that know it: `stores_known` says
-- how many know their paid amount, of `stores`. Amounts are in the reporting currency: currencies are never added. People are
-- counted where one store's exports name any, or all such stores are linked by their owner: else one person would count twice.
with memberships as (
    select store, store_group from stores where store_group is not null
    union all
    select store, 'all' as store_group from stores
),

-- Of stores of one realm buyers are named alike, if what is landed of them is; blank where an owner links none.
stated as (
    select
        stores.store,
        case when reference_stores.owner is not null then concat(reference_stores.owner, '|', stores.platform) else '' end as realm
    from stores
    left join reference_stores on stores.store = reference_stores.store
),

sums as (
    select
        store_metrics.basis,
        store_metrics.grain,
        store_metrics.period_start,
        memberships.store_group,
        count(distinct store_metrics.store) as stores,
        count(distinct case when store_metrics.paid_amount_base is not null then store_metrics.store end) as stores_known,
        sum(store_metrics.paid_orders) as paid_orders,
        sum(store_metrics.order_lines) as order_lines,
        sum(store_metrics.units) as units,
        sum(store_metrics.buyers) as buyers,
        count(case when store_metrics.orders_with_buyer > 0 then 1 end) as rows_with_buyers,
        count(distinct case when store_metrics.orders_with_buyer > 0 then store_metrics.store end) as stores_with_buyers,
        count(case when store_metrics.orders_with_buyer > 0 and store_metrics.buyers is null then 1 end) as rows_unlinked,
        min(case when store_metrics.orders_with_buyer > 0 then stated.realm end) as least_realm,
        max(case when store_metrics.orders_with_buyer > 0 then stated.realm end) as greatest_realm,
        sum(store_metrics.gross_sales_base) as gross_sales_base,
        sum(store_metrics.discounts_base) as discounts_base,
        sum(store_metrics.discounted_sales_base) as discounted_sales_base,
        sum(store_metrics.full_price_sales_base) as full_price_sales_base,
        sum(store_metrics.discounted_orders) as discounted_orders,
        sum(store_metrics.returned_orders) as returned_orders,
        sum(store_metrics.returned_units) as returned_units,
        sum(store_metrics.platform_subsidy_base) as platform_subsidy_base,
        sum(store_metrics.shipping_base) as shipping_base,
        sum(store_metrics.tax_base) as tax_base,
        sum(store_metrics.paid_amount_base) as paid_amount_base,
        sum(store_metrics.refunds_goods_order_day_base) as refunds_goods_order_day_base,
        sum(store_metrics.refunds_cash_order_day_base) as refunds_cash_order_day_base,
        sum(store_metrics.refunds_goods_refund_day_base) as refunds_goods_refund_day_base,
        sum(store_metrics.refunds_cash_refund_day_base) as refunds_cash_refund_day_base,
        sum(store_metrics.net_sales_order_day_base) as net_sales_order_day_base,
        sum(store_metrics.net_sales_refund_day_base) as net_sales_refund_day_base,
        sum(store_metrics.net_paid_order_day_base) as net_paid_order_day_base,
        sum(store_metrics.net_paid_refund_day_base) as net_paid_refund_day_base,
        sum(store_metrics.costed_net_sales_base) as costed_net_sales_base,
        sum(store_metrics.cost_of_goods_base) as cost_of_goods_base,
        sum(store_metrics.margin_base) as margin_base,
        sum(case when store_metrics.net_sales_order_day_base is not null then store_metrics.costed_net_sales_base end) as covered_base,
        sum(case when store_metrics.units is not null then store_metrics.paid_orders end) as orders_with_units,
        sum(case when store_metrics.discounted_orders is not null then store_metrics.paid_orders end) as orders_with_discounts,
        sum(case when store_metrics.returned_orders is not null then store_metrics.paid_orders end) as orders_with_returns,
        sum(case when store_metrics.returned_units is not null then store_metrics.units end) as units_with_returns,
        sum(case when store_metrics.full_price_sales_base is not null then store_metrics.discounted_sales_base end) as sales_with_prices,
        sum(case when store_metrics.discounts_base is not null then store_metrics.gross_sales_base end) as gross_with_discounts,
        sum(case when store_metrics.refunds_cash_order_day_base is not null then store_metrics.paid_amount_base end) as paid_with_refunds
    from store_metrics
    inner join memberships on store_metrics.store = memberships.store
    inner join stated on store_metrics.store = stated.store
    group by store_metrics.basis, store_metrics.grain, store_metrics.period_start, memberships.store_group
),

grains as (
    select unnest(['day', 'week', 'month', 'quarter', 'year']) as grain
),

-- The days up to which a store has buyers who are named otherwise than its newest: they are not those of another store's newest.
earlier as (
    select buyer_breaks.store, max(buyer_breaks.linked_until) as last_day from buyer_breaks group by buyer_breaks.store
),

bought as (
    select 'paid' as basis, store, buyer, day
    from buyer_days
    where paid_orders > 0
    union all
    select 'placed', store, buyer, day
    from buyer_days
    where placed_orders > 0
),

linked as (
    select
        bought.basis,
        grains.grain,
        cast(case when grains.grain = 'day' then bought.day else date_trunc(grains.grain, bought.day) end as date) as period_start,
        memberships.store_group,
        count(distinct bought.store) as stores,
        count(distinct bought.buyer) as buyers
    from bought
    inner join ledger_realms on bought.store = ledger_realms.store
    inner join memberships on bought.store = memberships.store
    left join earlier on bought.store = earlier.store
    cross join grains
    where earlier.last_day is null or bought.day > earlier.last_day
    group by all
    having min(ledger_realms.realm) = max(ledger_realms.realm)
),

people as (
    select
        sums.*,
        case
            when sums.rows_unlinked > 0 then null
            when sums.rows_with_buyers <= 1 then sums.buyers
            when linked.stores = sums.stores_with_buyers then linked.buyers
        end as people
    from sums
    left join linked
        on sums.basis = linked.basis
        and sums.grain = linked.grain
        and sums.period_start = linked.period_start
        and sums.store_group = linked.store_group
)

select
    sums.basis,
    sums.grain,
    sums.period_start,
    sums.store_group,
    sums.stores,
    sums.stores_known,
    cast(sums.paid_orders as bigint) as paid_orders,
    cast(sums.order_lines as bigint) as order_lines,
    cast(sums.units as bigint) as units,
    cast(sums.discounted_orders as bigint) as discounted_orders,
    cast(sums.returned_orders as bigint) as returned_orders,
    cast(sums.returned_units as bigint) as returned_units,
    cast(sums.people as bigint) as buyers,
    case
        when sums.people is not null then null
        when sums.rows_unlinked > 0 then 'the pseudonym key, or what stores are linked, changed in the period'
        when sums.rows_with_buyers > 1 and sums.least_realm = sums.greatest_realm and sums.least_realm <> ''
            then 'its stores were not all linked when these orders were read: put the exports back into the inbox'
        when sums.rows_with_buyers > 1 then 'its stores are not all linked by their owner'
        else 'no export names buyers'
    end as why_no_buyers,
    cast(sums.gross_sales_base as decimal(18, 2)) as gross_sales_base,
    cast(sums.discounts_base as decimal(18, 2)) as discounts_base,
    cast(sums.discounted_sales_base as decimal(18, 2)) as discounted_sales_base,
    cast(sums.full_price_sales_base as decimal(18, 2)) as full_price_sales_base,
    cast(sums.platform_subsidy_base as decimal(18, 2)) as platform_subsidy_base,
    cast(sums.shipping_base as decimal(18, 2)) as shipping_base,
    cast(sums.tax_base as decimal(18, 2)) as tax_base,
    cast(sums.paid_amount_base as decimal(18, 2)) as paid_amount_base,
    cast(sums.refunds_goods_order_day_base as decimal(18, 2)) as refunds_goods_order_day_base,
    cast(sums.refunds_cash_order_day_base as decimal(18, 2)) as refunds_cash_order_day_base,
    cast(sums.refunds_goods_refund_day_base as decimal(18, 2)) as refunds_goods_refund_day_base,
    cast(sums.refunds_cash_refund_day_base as decimal(18, 2)) as refunds_cash_refund_day_base,
    cast(sums.net_sales_order_day_base as decimal(18, 2)) as net_sales_order_day_base,
    cast(sums.net_sales_refund_day_base as decimal(18, 2)) as net_sales_refund_day_base,
    cast(sums.net_paid_order_day_base as decimal(18, 2)) as net_paid_order_day_base,
    cast(sums.net_paid_refund_day_base as decimal(18, 2)) as net_paid_refund_day_base,
    cast(sums.units as double) / nullif(sums.orders_with_units, 0) as units_per_order,
    cast(sums.discounts_base as double) / nullif(sums.gross_with_discounts, 0) as discount_rate,
    cast(sums.refunds_cash_order_day_base as double) / nullif(sums.paid_with_refunds, 0) as refund_rate,
    cast(sums.full_price_sales_base as double) / nullif(sums.sales_with_prices, 0) as full_price_share,
    cast(sums.discounted_orders as double) / nullif(sums.orders_with_discounts, 0) as discounted_order_share,
    cast(sums.returned_orders as double) / nullif(sums.orders_with_returns, 0) as order_return_rate,
    cast(sums.returned_units as double) / nullif(sums.units_with_returns, 0) as unit_return_rate,
    cast(sums.costed_net_sales_base as decimal(18, 2)) as costed_net_sales_base,
    cast(sums.cost_of_goods_base as decimal(18, 2)) as cost_of_goods_base,
    cast(sums.margin_base as decimal(18, 2)) as margin_base,
    cast(sums.margin_base as double) / nullif(sums.costed_net_sales_base, 0) as margin_rate,
    cast(
        case when sums.net_sales_order_day_base is not null then coalesce(sums.covered_base, 0) end as double
    ) / nullif(sums.net_sales_order_day_base, 0) as cost_coverage
from people as sums
