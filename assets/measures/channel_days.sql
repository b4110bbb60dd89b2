-- One row per store, channel and day: sources no other source parts further. A source's visitors are not additive over others.
select
    traffic.month,
    traffic.store,
    traffic.dialect,
    traffic.channel_group,
    traffic.channel,
    traffic.day,
    traffic.currency,
    coalesce(traffic.visitors, traffic.sessions) as visits,
    traffic.visitors,
    traffic.sessions,
    traffic.new_visitors,
    traffic.favourites,
    traffic.carts,
    traffic.platform_buyers,
    traffic.platform_orders,
    traffic.platform_paid
from traffic
where traffic.report = 'channel' and traffic.channel is not null
