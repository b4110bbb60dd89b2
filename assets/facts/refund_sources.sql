-- One row per store with a refund export: only there does no refund row mean no refund.
select distinct
    landed_refunds.store
from landed_refunds
