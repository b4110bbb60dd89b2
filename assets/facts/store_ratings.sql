-- One row per store and day whose scores an export states.
with ranked as (
    select
        landed_ratings.*,
        row_number() over (
            partition by landed_ratings.month, landed_ratings.store, landed_ratings.day
            order by
                landed_ratings.exported_at desc nulls last,
                landed_ratings.content desc,
                landed_ratings.landing asc,
                landed_ratings.row asc
        ) as place
    from landed_ratings
)

select
    ranked.month,
    ranked.store,
    ranked.day,
    ranked.description_score,
    ranked.service_score,
    ranked.logistics_score,
    ranked.landing,
    ranked.row
from ranked
where ranked.place = 1
