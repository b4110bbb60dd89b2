-- Counted refunds whose parts on lines do not add up to the refund.
with spread as (
    select store, refund_id, sum(refund_cash) as cash, sum(refund_goods) as goods
    from refund_lines
    group by store, refund_id
)

select
    refunds.store,
    refunds.refund_id,
    refunds.refund_cash,
    spread.cash,
    refunds.refund_goods,
    spread.goods
from refunds
left join spread on refunds.store = spread.store and refunds.refund_id = spread.refund_id
where refunds.counted
    and (refunds.refund_cash is distinct from spread.cash or refunds.refund_goods is distinct from spread.goods)
