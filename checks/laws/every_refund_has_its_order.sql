-- Refunds that were paid out for orders no export has: they count nowhere until the order comes.
select
    refunds.store,
    count(*) as refunds
from refunds
left join orders on refunds.store = orders.store and refunds.order_id = orders.order_id
where refunds.succeeded and orders.order_id is null
group by refunds.store
