-- One row per store and reason not to take its figures as they stand: days without an export, days known in part, files and rows
-- that could not be read, and figures none of its exports states, or lets be told in part alone.
with gaps as (
    select
        coverage.store,
        case coverage.state when 'missing' then 'days' else 'partial days' end as about,
        coverage.source as what,
        concat(
            cast(count(*) as varchar),
            case when count(*) = 1 then ' day ' else ' days ' end,
            case coverage.state when 'missing' then 'missing, ' else 'known in part, ' end,
            cast(min(coverage.day) as varchar),
            case when count(*) > 1 then concat(' to ', cast(max(coverage.day) as varchar)) else '' end
        ) as how
    from coverage
    where coverage.state in ('missing', 'partial')
    group by coverage.store, coverage.source, coverage.state
),

unread as (
    select
        files.store,
        'files' as about,
        files.file as what,
        coalesce(files.reason, concat(cast(files.quarantined as varchar), ' rows in quarantine')) as how
    from files
    where files.state in ('refused', 'waiting') or (files.state = 'landed' and files.quarantined > 0)
),

landed_formats as (
    select distinct files.store, files.format
    from files
    where files.state = 'landed' and files.format is not null
),

grades as (
    select
        landed_formats.store,
        observability.metric,
        max(case observability.grade when 'exact' then 2 when 'estimate' then 1 else 0 end) as best,
        min(case when observability.grade = 'estimate' then observability.how end) as how_estimated,
        min(case when observability.grade = 'none' then observability.how end) as why_not
    from landed_formats
    inner join observability on landed_formats.format = observability.source
    group by landed_formats.store, observability.metric
)

select gaps.store, gaps.about, gaps.what, gaps.how
from gaps
union all
select unread.store, unread.about, unread.what, unread.how
from unread
union all
select
    grades.store,
    case when grades.best = 1 then 'estimated' else 'unknown' end as about,
    grades.metric as what,
    case when grades.best = 1 then grades.how_estimated else grades.why_not end as how
from grades
where grades.best < 2
