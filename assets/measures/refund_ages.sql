-- One row per store, currency, product, local day orders were paid and day refunds of them were done: what came back. Refunds that
-- fall on no known product are together, under none. A sum of which one part is unknown is unknown.
select
    cast(date_trunc('month', refund_lines.paid_day) as date) as month,
    refund_lines.store,
    refund_lines.currency,
    refund_lines.product_id,
    refund_lines.paid_day as day,
    refund_lines.refund_day,
    cast(count(*) as bigint) as refunded_lines,
    cast(case when count(refund_lines.refund_goods) = count(*) then sum(refund_lines.refund_goods) end as decimal(18, 2)) as refunds_goods_order_day,
    cast(sum(refund_lines.refund_cash) as decimal(18, 2)) as refunds_cash_order_day
from refund_lines
where refund_lines.refund_day is not null and refund_lines.paid_day is not null
group by refund_lines.store, refund_lines.currency, refund_lines.product_id, refund_lines.paid_day, refund_lines.refund_day
