-- One row per store, category and day on which buyers were first seen to pay for something of it, whose next thirty days are all
-- known whole: how many buyers, and how many of them paid another order of the store within these days. Counts alone leave here.
with bought as (
    select distinct order_buyers.store, segments.segment_type, segments.segment, order_buyers.buyer, order_buyers.paid_day as day
    from order_buyers
    inner join order_lines
        on order_buyers.store = order_lines.store
        and order_buyers.month = order_lines.month
        and order_buyers.order_id = order_lines.order_id
    inner join segments on order_lines.store = segments.store and order_lines.product_id = segments.product_id
    where order_buyers.counted and order_lines.is_goods and segments.segment_type = 'category' and order_buyers.paid_day is not null
),

first_seen as (
    select bought.store, bought.segment_type, bought.segment, bought.buyer, min(bought.day) as day
    from bought
    group by bought.store, bought.segment_type, bought.segment, bought.buyer
),

known_days as (
    select coverage.store, coverage.day
    from coverage
    where coverage.source = 'orders' and coverage.state in ('present', 'empty')
),

whole_windows as (
    select known_days.store, known_days.day
    from known_days
    inner join known_days as following
        on known_days.store = following.store
        and following.day > known_days.day
        and following.day <= known_days.day + 30
    left join buyer_breaks
        on known_days.store = buyer_breaks.store
        and known_days.day <= buyer_breaks.linked_until
        and known_days.day + 30 >= buyer_breaks.linked_from
    where buyer_breaks.store is null
    group by known_days.store, known_days.day
    having count(*) = 30
),

watched as (
    select first_seen.store, first_seen.segment_type, first_seen.segment, first_seen.buyer, first_seen.day
    from first_seen
    inner join whole_windows on first_seen.store = whole_windows.store and first_seen.day = whole_windows.day
),

again as (
    select distinct watched.store, watched.segment_type, watched.segment, watched.buyer
    from watched
    inner join buyer_days
        on watched.store = buyer_days.store
        and watched.buyer = buyer_days.buyer
        and buyer_days.paid_orders > 0
        and buyer_days.day > watched.day
        and buyer_days.day <= watched.day + 30
)

select
    watched.store,
    watched.segment_type,
    watched.segment,
    watched.day,
    cast(count(*) as bigint) as watched_buyers,
    cast(count(again.buyer) as bigint) as returned_buyers
from watched
left join again
    on watched.store = again.store
    and watched.segment_type = again.segment_type
    and watched.segment = again.segment
    and watched.buyer = again.buyer
group by watched.store, watched.segment_type, watched.segment, watched.day
