-- One row per refused row: its file, its place, why and what to do; never the row itself.
select
    landed_quarantine.store,
    ledger_landings.file,
    landed_quarantine.landing,
    landed_quarantine.row,
    landed_quarantine.reason,
    landed_quarantine.column,
    ledger_reasons.what_to_do
from landed_quarantine
inner join ledger_landings on landed_quarantine.landing = ledger_landings.landing
left join ledger_reasons on landed_quarantine.reason = ledger_reasons.reason
