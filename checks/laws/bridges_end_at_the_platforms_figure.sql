-- Months whose steps do not add up, to the cent, to the platform's figure.
select
    bridges.store,
    bridges.currency,
    bridges.month,
    sum(case when bridges.step_name <> 'platform_paid' then bridges.amount end) as steps,
    sum(case when bridges.step_name = 'platform_paid' then bridges.amount end) as platform_paid
from bridges
group by bridges.store, bridges.currency, bridges.month
having sum(case when bridges.step_name <> 'platform_paid' then bridges.amount end)
    is distinct from sum(case when bridges.step_name = 'platform_paid' then bridges.amount end)
