-- One row per store, grain and period with a day between the first and the last of its orders: how many days are known whole, and in part.
with grains as (
    select unnest(['day', 'week', 'month', 'quarter', 'year']) as grain
)

select
    coverage.store,
    grains.grain,
    cast(case when grains.grain = 'day' then coverage.day else date_trunc(grains.grain, coverage.day) end as date) as period_start,
    count(case when coverage.state in ('present', 'empty') then 1 end) as whole_days,
    count(case when coverage.state = 'partial' then 1 end) as partial_days
from coverage
cross join grains
where coverage.source = 'orders'
group by all
