-- One row per grain, period, store and currency, on the day orders were paid: new and returning buyers. New is who had paid no
-- order in the store before the period, as far back as its exports go: `history_days`. Without any history nobody is told apart.
-- How much of the period is known stands beside: of days known in part buyers are missing, of whom some would have come back.
-- Where the pseudonym key changed history begins anew, and people of a period on both sides of it are not counted.
with grains as (
    select unnest(['day', 'week', 'month', 'quarter', 'year']) as grain
),

firsts as (
    select buyer_days.store, buyer_days.buyer, min(buyer_days.day) as first_day
    from buyer_days
    where buyer_days.basis = 'paid'
    group by buyer_days.store, buyer_days.buyer
),

starts as (
    select coverage.store, min(coverage.day) as first_day
    from coverage
    where coverage.source = 'orders' and coverage.state <> 'missing'
    group by coverage.store
),

calendar as (
    select
        grains.grain,
        days.day,
        cast(case when grains.grain = 'day' then days.day else date_trunc(grains.grain, days.day) end as date) as period_start
    from (select distinct buyer_days.day from buyer_days) as days
    cross join grains
),

people as (
    select
        buyer_days.store,
        buyer_days.currency,
        buyer_days.buyer,
        buyer_days.day,
        buyer_days.paid_orders,
        lag(buyer_days.day) over of_buyer as day_before,
        lag(buyer_days.paid_orders) over of_buyer as orders_before,
        lag(buyer_days.day, 2) over of_buyer as two_days_before
    from buyer_days
    where buyer_days.basis = 'paid'
    window of_buyer as (partition by buyer_days.store, buyer_days.currency, buyer_days.buyer order by buyer_days.day)
),

-- A buyer is counted on the first of his days in a period, and as one who bought twice on the day he paid the second order of it.
counted as (
    select
        calendar.grain,
        calendar.period_start,
        people.store,
        people.currency,
        sum(case when people.day_before >= calendar.period_start then 0 else 1 end) as buyers,
        sum(people.paid_orders) as orders_with_buyer,
        sum(
            case
                when people.two_days_before >= calendar.period_start then 0
                when people.day_before >= calendar.period_start then case when people.orders_before < 2 then 1 else 0 end
                when people.paid_orders >= 2 then 1
                else 0
            end
        ) as repeat_buyers,
        sum(
            case when firsts.first_day >= calendar.period_start or people.day_before >= calendar.period_start then 0 else 1 end
        ) as returning_buyers,
        sum(case when firsts.first_day < calendar.period_start then people.paid_orders else 0 end) as returning_orders
    from people
    inner join firsts on people.store = firsts.store and people.buyer = firsts.buyer
    inner join calendar on people.day = calendar.day
    group by calendar.grain, calendar.period_start, people.store, people.currency
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
