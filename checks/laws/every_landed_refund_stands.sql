-- Keys that were landed and are in no fact: every superseded row must have a winner.
select distinct
    landed_refunds.store,
    landed_refunds.refund_id
from landed_refunds
left join refunds on landed_refunds.store = refunds.store and landed_refunds.refund_id = refunds.refund_id
where refunds.refund_id is null
