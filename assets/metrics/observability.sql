-- One row per platform, export format and metric: how well that format lets the metric be known.
select
    ledger_formats.platform,
    ledger_formats.source,
    ledger_formats.metric,
    ledger_formats.grade,
    ledger_formats.how
from ledger_formats
