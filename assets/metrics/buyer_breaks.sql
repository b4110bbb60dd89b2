-- One row per store and change of the pseudonym key, or of the stores its buyers are linked with: the first day of orders under the
-- newer, and the last under what was before. A buyer on both sides is two pseudonyms. Most homes have no row.
with epochs as (
    select
        order_buyers.store,
        order_buyers.epochs_ago,
        min(least(order_buyers.placed_day, order_buyers.paid_day)) as linked_from,
        max(greatest(order_buyers.placed_day, order_buyers.paid_day)) as linked_until
    from order_buyers
    where order_buyers.counted
    group by order_buyers.store, order_buyers.epochs_ago
),

breaks as (
    select
        epochs.store,
        epochs.epochs_ago,
        epochs.linked_from,
        max(epochs.linked_until) over (
            partition by epochs.store
            order by epochs.epochs_ago desc
            rows between unbounded preceding and 1 preceding
        ) as linked_until
    from epochs
)

select
    breaks.store,
    breaks.epochs_ago,
    breaks.linked_from,
    breaks.linked_until
from breaks
where breaks.linked_until is not null
