-- Stores whose time zone and currency are assumed and not stated.
select
    stores.store,
    stores.platform
from stores
where not stores.listed
