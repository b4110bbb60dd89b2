-- Files that could not be read, and what to do.
select
    files.file,
    files.reason,
    files.what_to_do
from files
where files.state in ('refused', 'waiting')
