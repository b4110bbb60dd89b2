-- One row per grain, period, store and currency, on the day orders were paid: new and returning buyers. New is who had paid no
-- order in the store before the period, as far back as its exports go: `history_days`. Without any history nobody is told apart.
-- How much of the period is known stands beside: of days known in part buyers are missing, of whom some would have come back.
-- Where the pseudonym key changed history begins anew, and people of a period on both sides of it are not counted.
with starts as (
    select coverage.store, min(coverage.day) as first_day
    from coverage
    where coverage.source = 'orders' and coverage.state <> 'missing'
    group by coverage.store
),

-- Of stores that sell in several currencies, who has bought in any of them is not new.
several as (
    select buyer_days.store
    from buyer_days
    group by buyer_days.store
    having min(coalesce(buyer_days.currency, '')) <> max(coalesce(buyer_days.currency, ''))
),

firsts as (
    select buyer_days.store, buyer_days.buyer, min(buyer_days.first_paid) as first_paid
    from buyer_days
    inner join several on buyer_days.store = several.store
    group by buyer_days.store, buyer_days.buyer
),

calendar as (
    select
        days.day,
        cast(date_trunc('week', days.day) as date) as week,
        cast(date_trunc('month', days.day) as date) as month,
        cast(date_trunc('quarter', days.day) as date) as quarter,
        cast(date_trunc('year', days.day) as date) as year,
        cast(date_trunc('week', days.day) + interval 7 day as date) as next_week,
        cast(date_trunc('month', days.day) + interval 1 month as date) as next_month,
        cast(date_trunc('quarter', days.day) + interval 3 month as date) as next_quarter,
        cast(date_trunc('year', days.day) + interval 1 year as date) as next_year
    from (select distinct buyer_days.day from buyer_days) as days
),

grains as (
    select 'day' as grain, 1 as bit
    union all
    select 'week', 2
    union all
    select 'month', 4
    union all
    select 'quarter', 8
    union all
    select 'year', 16
),

-- Of a buyer's day, each told by a bit for the day, its week, month, quarter and year: whether he paid before within it, pays again
-- within it, and had paid in the store before it.
people as (
    select
        buyer_days.store,
        buyer_days.currency,
        buyer_days.day,
        buyer_days.paid_orders,
        case when buyer_days.paid_before >= calendar.week then 2 else 0 end
        | case when buyer_days.paid_before >= calendar.month then 4 else 0 end
        | case when buyer_days.paid_before >= calendar.quarter then 8 else 0 end
        | case when buyer_days.paid_before >= calendar.year then 16 else 0 end as before_within,
        case when buyer_days.paid_next < calendar.next_week then 2 else 0 end
        | case when buyer_days.paid_next < calendar.next_month then 4 else 0 end
        | case when buyer_days.paid_next < calendar.next_quarter then 8 else 0 end
        | case when buyer_days.paid_next < calendar.next_year then 16 else 0 end as again_within,
        case when coalesce(firsts.first_paid, buyer_days.first_paid) < calendar.day then 1 else 0 end
        | case when coalesce(firsts.first_paid, buyer_days.first_paid) < calendar.week then 2 else 0 end
        | case when coalesce(firsts.first_paid, buyer_days.first_paid) < calendar.month then 4 else 0 end
        | case when coalesce(firsts.first_paid, buyer_days.first_paid) < calendar.quarter then 8 else 0 end
        | case when coalesce(firsts.first_paid, buyer_days.first_paid) < calendar.year then 16 else 0 end as before_it
    from buyer_days
    inner join calendar on buyer_days.day = calendar.day
    left join firsts on buyer_days.store = firsts.store and buyer_days.buyer = firsts.buyer
    where buyer_days.paid_orders > 0
),

patterns as (
    select
        people.store,
        people.currency,
        people.day,
        people.before_within,
        people.again_within,
        people.before_it,
        count(*) as buyers,
        sum(people.paid_orders) as paid_orders,
        sum(case when people.paid_orders = 1 then 1 else 0 end) as buyers_of_one
    from people
    group by people.store, people.currency, people.day, people.before_within, people.again_within, people.before_it
),

-- A buyer is counted on the first of his days in a period; he bought once if he paid one order on it and comes no more within it.
counted as (
    select
        grains.grain,
        case grains.grain
            when 'day' then patterns.day
            when 'week' then calendar.week
            when 'month' then calendar.month
            when 'quarter' then calendar.quarter
            else calendar.year
        end as period_start,
        patterns.store,
        patterns.currency,
        sum(case when patterns.before_within & grains.bit = 0 then patterns.buyers else 0 end) as buyers,
        sum(patterns.paid_orders) as orders_with_buyer,
        sum(
            case
                when (patterns.before_within | patterns.again_within) & grains.bit = 0 then patterns.buyers - patterns.buyers_of_one
                when patterns.before_within & grains.bit = 0 then patterns.buyers
                else 0
            end
        ) as repeat_buyers,
        sum(
            case when patterns.before_within & grains.bit = 0 and patterns.before_it & grains.bit <> 0 then patterns.buyers else 0 end
        ) as returning_buyers,
        sum(case when patterns.before_it & grains.bit <> 0 then patterns.paid_orders else 0 end) as returning_orders
    from patterns
    inner join calendar on patterns.day = calendar.day
    cross join grains
    group by all
),

breaks_before as (
    select counted.grain, counted.period_start, counted.store, counted.currency, max(buyer_breaks.linked_until) + 1 as first_day
    from counted
    inner join buyer_breaks on counted.store = buyer_breaks.store and buyer_breaks.linked_until < counted.period_start
    group by counted.grain, counted.period_start, counted.store, counted.currency
),

told as (
    select
        counted.grain,
        counted.period_start,
        counted.store,
        counted.currency,
        counted.orders_with_buyer,
        case when unlinked_periods.store is null then counted.buyers end as buyers,
        case when unlinked_periods.store is null then counted.repeat_buyers end as repeat_buyers,
        case when unlinked_periods.store is null then counted.returning_buyers end as returning_buyers,
        case when unlinked_periods.store is null then counted.returning_orders end as returning_orders,
        greatest(date_diff('day', coalesce(breaks_before.first_day, starts.first_day), counted.period_start), 0) as history_days,
        date_diff(
            'day',
            counted.period_start,
            cast(
                counted.period_start + case counted.grain
                    when 'day' then interval 1 day
                    when 'week' then interval 7 day
                    when 'month' then interval 1 month
                    when 'quarter' then interval 3 month
                    else interval 1 year
                end as date
            )
        ) as calendar_days
    from counted
    left join starts on counted.store = starts.store
    left join breaks_before
        on counted.grain = breaks_before.grain
        and counted.period_start = breaks_before.period_start
        and counted.store = breaks_before.store
        and counted.currency = breaks_before.currency
    left join unlinked_periods
        on counted.store = unlinked_periods.store
        and counted.grain = unlinked_periods.grain
        and counted.period_start = unlinked_periods.period_start
)

select
    told.grain,
    told.period_start,
    told.store,
    told.currency,
    cast(told.history_days as bigint) as history_days,
    cast(told.buyers as bigint) as buyers,
    cast(told.orders_with_buyer as bigint) as orders_with_buyer,
    cast(case when told.history_days > 0 then told.buyers - told.returning_buyers end as bigint) as new_buyers,
    cast(case when told.history_days > 0 then told.returning_buyers end as bigint) as returning_buyers,
    cast(case when told.history_days > 0 then told.returning_orders end as bigint) as returning_orders,
    cast(told.repeat_buyers as bigint) as repeat_buyers,
    case when told.history_days > 0 then cast(told.buyers - told.returning_buyers as double) / nullif(told.buyers, 0) end as new_buyer_share,
    case
        when told.history_days > 0 then cast(told.returning_orders as double) / nullif(told.orders_with_buyer, 0)
    end as returning_order_share,
    cast(told.orders_with_buyer as double) / nullif(told.buyers, 0) as orders_per_buyer,
    cast(told.calendar_days as bigint) as calendar_days,
    cast(coalesce(period_coverage.whole_days, 0) as bigint) as whole_days,
    cast(coalesce(period_coverage.partial_days, 0) as bigint) as partial_days,
    cast(coalesce(period_coverage.whole_days, 0) as double) / told.calendar_days as orders_covered_share
from told
left join period_coverage
    on told.store = period_coverage.store
    and told.grain = period_coverage.grain
    and told.period_start = period_coverage.period_start
