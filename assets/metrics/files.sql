-- One row per landing: what became of each file, every one of its rows accounted for.
with kept_rows as (
    select landing, row from orders where landing is not null
    union
    select landing, row from order_lines where landing is not null
    union
    select landing, row from refunds where landing is not null
    union
    select landing, row from traffic
    union
    select landing, row from listings
    union
    select landing, row from store_ratings
),

landed_rows as (
    select landing, row from landed_orders
    union
    select landing, row from landed_order_lines
    union
    select landing, row from landed_refunds
    union
    select landing, row from landed_traffic
    union
    select landing, row from landed_listings
    union
    select landing, row from landed_ratings
),

fates as (
    select
        landed_rows.landing,
        count(kept_rows.row) as kept,
        count(*) - count(kept_rows.row) as superseded
    from landed_rows
    left join kept_rows on landed_rows.landing = kept_rows.landing and landed_rows.row = kept_rows.row
    group by landed_rows.landing
)

select
    ledger_landings.landing,
    ledger_landings.store,
    ledger_landings.file,
    ledger_landings.hash,
    ledger_landings.format,
    ledger_landings.encoding,
    ledger_landings.exported_at,
    ledger_landings.state,
    ledger_landings.reason,
    ledger_landings.rows_in,
    coalesce(fates.kept, ledger_landings.kept_as_companion) as kept,
    case
        when ledger_landings.state = 'duplicate' then ledger_landings.rows_in - ledger_landings.quarantined - ledger_landings.skipped
        else coalesce(fates.superseded, 0)
    end as superseded,
    ledger_landings.quarantined,
    ledger_landings.skipped,
    ledger_landings.what_to_do
from ledger_landings
left join fates on ledger_landings.landing = fates.landing
