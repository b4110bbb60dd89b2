-- Rows that were refused, by file, reason and column.
select
    quarantine.file,
    quarantine.reason,
    quarantine.column,
    count(*) as rows,
    min(quarantine.row) as first_row
from quarantine
group by quarantine.file, quarantine.reason, quarantine.column
