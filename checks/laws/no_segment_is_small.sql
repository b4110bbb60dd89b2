-- Segments of fewer than five people: they could tell one person's purchases.
select customer_segments.store, customer_segments.customer_segment, customer_segments.buyers
from customer_segments
where customer_segments.buyers < 5
