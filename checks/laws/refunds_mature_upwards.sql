-- Periods whose matured refunds are less than those that came, lie outside their interval, or are not what net sales lack.
select matured_refunds.store, matured_refunds.category, matured_refunds.grain, matured_refunds.period_start
from matured_refunds
where matured_refunds.matured_refunds < matured_refunds.refunds_goods_order_day
    or matured_refunds.matured_refunds not between matured_refunds.matured_refunds_lower and matured_refunds.matured_refunds_upper
    or matured_refunds.matured_net_sales <> matured_refunds.discounted_sales - matured_refunds.matured_refunds
    or (matured_refunds.matured_refunds is null and matured_refunds.why_unknown is null)
