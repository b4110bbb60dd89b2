-- Cohorts of fewer than five people, and amounts of fewer than five: they could tell one person's purchases.
select customer_cohorts.store, customer_cohorts.cohort, customer_cohorts.age_months, customer_cohorts.buyers
from customer_cohorts
where customer_cohorts.cohort_buyers < 5
    or (
        customer_cohorts.buyers between 1 and 4
        and (customer_cohorts.paid_orders is not null or customer_cohorts.net_sales_order_day is not null)
    )
