-- Refunds an order export states that no refund export of the store dates, of the time refunds are dated.
select
    refunds.store,
    refunds.order_id,
    refunds.refund_cash
from refunds
inner join store_sources on refunds.store = store_sources.store
where refunds.is_estimate and refunds.counted and refunds.placed_day >= store_sources.refunds_from
