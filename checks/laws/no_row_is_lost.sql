-- Files whose rows are not each kept, superseded, quarantined or skipped.
select
    files.file,
    files.rows_in,
    files.kept,
    files.superseded,
    files.quarantined,
    files.skipped
from files
where files.state in ('landed', 'companion', 'duplicate', 'parked')
    and files.rows_in <> files.kept + files.superseded + files.quarantined + files.skipped
