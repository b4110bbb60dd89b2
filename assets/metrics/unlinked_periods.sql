-- One row per store, grain and period with orders on both sides of a break in its buyers' pseudonyms, or between them where the two
-- overlap: people cannot be counted there, and where `buyers` would stand is null.
with grains as (
    select unnest(['day', 'week', 'month', 'quarter', 'year']) as grain
),

between_both as (
    select
        buyer_breaks.store,
        unnest(generate_series(buyer_breaks.linked_from, buyer_breaks.linked_until, interval 1 day)) as day
    from buyer_breaks
)

select distinct
    between_both.store,
    grains.grain,
    cast(case when grains.grain = 'day' then between_both.day else date_trunc(grains.grain, between_both.day) end as date) as period_start
from between_both
cross join grains
union
select
    buyer_breaks.store,
    grains.grain,
    cast(date_trunc(grains.grain, buyer_breaks.linked_from) as date) as period_start
from buyer_breaks
cross join grains
where date_trunc(grains.grain, buyer_breaks.linked_from) = date_trunc(grains.grain, buyer_breaks.linked_until)
