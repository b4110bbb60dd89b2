-- Stores whose buyers cannot be counted from some days to others, since their pseudonyms changed between them.
select
    buyer_breaks.store,
    buyer_breaks.linked_from,
    buyer_breaks.linked_until
from buyer_breaks
