-- One row per store and currency: how long people take to buy again, as of the last day whose orders are known. Who has not come
-- back yet may still: until then he counts among those who could have, and no longer (Kaplan and Meier 1958). A second order of one
-- day is no return. Stores of fewer than five people have no row. Where the pseudonym key changed, only
-- days after the change count.
with last_days as (
    select coverage.store, max(coverage.day) as day
    from coverage
    where coverage.source = 'orders' and coverage.state in ('present', 'empty')
    group by coverage.store
),

latest_breaks as (
    select buyer_breaks.store, max(buyer_breaks.linked_until) as linked_until
    from buyer_breaks
    group by buyer_breaks.store
),

people as (
    select
        buyer_days.store,
        buyer_days.currency,
        last_days.day as last_day,
        date_diff('day', buyer_days.day, least(coalesce(buyer_days.paid_next, last_days.day), last_days.day)) as days,
        date_diff('day', buyer_days.day, last_days.day) as days_followed,
        coalesce(buyer_days.paid_next <= last_days.day, false) as has_returned
    from buyer_days
    inner join last_days on buyer_days.store = last_days.store and buyer_days.day <= last_days.day
    left join latest_breaks on buyer_days.store = latest_breaks.store
    where buyer_days.paid_orders > 0
        and (latest_breaks.linked_until is null or buyer_days.day > latest_breaks.linked_until)
        and (buyer_days.paid_before is null or buyer_days.paid_before <= latest_breaks.linked_until)
),

ages as (
    select
        people.store,
        people.currency,
        people.days,
        count(*) as people,
        sum(case when people.has_returned then 1 else 0 end) as returned
    from people
    group by people.store, people.currency, people.days
),

at_risk as (
    select
        ages.*,
        sum(ages.people) over (partition by ages.store, ages.currency order by ages.days desc) as people_left
    from ages
),

survival as (
    select
        at_risk.store,
        at_risk.currency,
        at_risk.days,
        product(1 - cast(at_risk.returned as double) / at_risk.people_left) over (
            partition by at_risk.store, at_risk.currency
            order by at_risk.days
        ) as not_yet
    from at_risk
),

times as (
    select
        survival.store,
        survival.currency,
        min(case when survival.not_yet <= 0.5 then survival.days end) as median_days_to_return,
        coalesce(min(case when survival.days <= 90 then survival.not_yet end), 1) as not_yet_90d
    from survival
    group by survival.store, survival.currency
),

sums as (
    select
        people.store,
        people.currency,
        people.last_day as day,
        count(*) as buyers,
        sum(case when people.has_returned then 1 else 0 end) as buyers_returned,
        max(people.days_followed) as days_followed
    from people
    group by people.store, people.currency, people.last_day
)

select
    sums.store,
    sums.currency,
    sums.day,
    cast(sums.buyers as bigint) as buyers,
    cast(sums.buyers_returned as bigint) as buyers_returned,
    cast(times.median_days_to_return as bigint) as median_days_to_return,
    case when sums.days_followed >= 90 then 1 - times.not_yet_90d end as returned_90d_share
from sums
inner join times on sums.store = times.store and sums.currency = times.currency
where sums.buyers >= 5
