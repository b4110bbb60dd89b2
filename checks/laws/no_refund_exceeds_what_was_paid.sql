-- Orders of which more was paid back than was ever paid.
select
    refunds.store,
    refunds.order_id,
    sum(refunds.refund_cash) as refunded,
    any_value(orders.order_paid) as paid
from refunds
inner join orders on refunds.store = orders.store and refunds.order_id = orders.order_id
where refunds.succeeded
group by refunds.store, refunds.order_id
having sum(refunds.refund_cash) > any_value(orders.order_paid)
