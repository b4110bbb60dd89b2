-- One row per store, currency and segment of customers by recency, frequency and money: how many, and what they bought. Segments
-- of fewer than five people are one, `other`; where that too has fewer, it is left out. Fifths are the store's own: unlike stores'.
-- How many days of all that history are known whole, and in part, stands beside.
with segments as (
    select
        buyer_scores.*,
        case
            when buyer_scores.recency_score >= 4 and buyer_scores.frequency_score + buyer_scores.money_score >= 8 then 'champions'
            when buyer_scores.recency_score >= 4 and buyer_scores.frequency_score + buyer_scores.money_score >= 5 then 'loyal'
            when buyer_scores.recency_score >= 4 then 'new'
            when buyer_scores.recency_score >= 2 and buyer_scores.frequency_score + buyer_scores.money_score >= 8 then 'at_risk'
            when buyer_scores.recency_score >= 2 and buyer_scores.frequency_score + buyer_scores.money_score >= 5 then 'fading'
            when buyer_scores.recency_score >= 2 then 'drifting'
            when buyer_scores.frequency_score + buyer_scores.money_score >= 8 then 'lost_best'
            else 'lost'
        end as segment
    from buyer_scores
),

sized as (
    select
        segments.store,
        segments.currency,
        segments.segment,
        count(*) as buyers,
        sum(segments.paid_orders) as paid_orders,
        case when count(segments.discounted_sales) = count(*) then sum(segments.discounted_sales) end as discounted_sales,
        case when count(segments.net_sales_order_day) = count(*) then sum(segments.net_sales_order_day) end as net_sales_order_day
    from segments
    group by segments.store, segments.currency, segments.segment
),

sums as (
    select
        sized.store,
        sized.currency,
        case when sized.buyers < 5 then 'other' else sized.segment end as customer_segment,
        sum(sized.buyers) as buyers,
        sum(sized.paid_orders) as paid_orders,
        case when count(sized.discounted_sales) = count(*) then sum(sized.discounted_sales) end as discounted_sales,
        case when count(sized.net_sales_order_day) = count(*) then sum(sized.net_sales_order_day) end as net_sales_order_day
    from sized
    group by all
),

whole as (
    select
        sized.store,
        sized.currency,
        sum(sized.buyers) as buyers,
        case when count(sized.discounted_sales) = count(*) then sum(sized.discounted_sales) end as discounted_sales
    from sized
    group by sized.store, sized.currency
),

latest_breaks as (
    select buyer_breaks.store, max(buyer_breaks.linked_until) as linked_until
    from buyer_breaks
    group by buyer_breaks.store
),

known as (
    select
        coverage.store,
        greatest(min(coverage.day), coalesce(max(latest_breaks.linked_until) + 1, min(coverage.day))) as first_day,
        max(coverage.day) as last_day,
        count(case when coverage.state in ('present', 'empty') then 1 end) as whole_days,
        count(case when coverage.state = 'partial' then 1 end) as partial_days
    from coverage
    left join latest_breaks on coverage.store = latest_breaks.store
    where coverage.source = 'orders' and coverage.state <> 'missing'
    group by coverage.store
)

select
    sums.store,
    sums.currency,
    sums.customer_segment,
    known.last_day as day,
    cast(greatest(date_diff('day', known.first_day, known.last_day) + 1, 0) as bigint) as history_days,
    cast(sums.buyers as bigint) as buyers,
    cast(sums.paid_orders as bigint) as paid_orders,
    cast(sums.discounted_sales as decimal(18, 2)) as discounted_sales,
    cast(sums.net_sales_order_day as decimal(18, 2)) as net_sales_order_day,
    cast(sums.buyers as double) / nullif(whole.buyers, 0) as buyer_share,
    cast(sums.discounted_sales as double) / nullif(whole.discounted_sales, 0) as sales_share,
    cast(date_diff('day', known.first_day, known.last_day) + 1 as bigint) as calendar_days,
    cast(known.whole_days as bigint) as whole_days,
    cast(known.partial_days as bigint) as partial_days,
    cast(known.whole_days as double) / (date_diff('day', known.first_day, known.last_day) + 1) as orders_covered_share
from sums
inner join whole on sums.store = whole.store and sums.currency = whole.currency
left join known on sums.store = known.store
where sums.buyers >= 5
