"""The truth of every store: what it sells, who came, and its orders as they finally stand; files and ledger are drawn from it.

What had not happened by the local midnight after the last day has not happened at all. Every order's story ends within
`LIFETIME` of being placed, so an export that looks back as far shows it as it stays.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from assets.sample.catalogue import LAST_DAY, Edge, Leaf, Listing, Store, edges, leaves, listings, stores
from assets.sample.orders import Order
from assets.sample.stories import Teller, as_of
from assets.sample.traffic import Traffic, traffic

LIFETIME = timedelta(days=16)
EXPORTS = (0.5, 0.85, 1.0)  # after these shares of the days, where a platform sets no limit
EXPORT_HOUR = timedelta(hours=9, minutes=30)
_ITEM_OVERLAP, _CHANNEL_SHARE, _STORE_OVERLAP, _ROLLUP_OVERLAP = 0.96, 0.8, 0.93, 0.97


@dataclass(frozen=True)
class Window:
    """One export: of the orders placed since `start`, as they stood at `exported`."""

    start: datetime
    exported: datetime

    def of(self, orders: Iterable[Order]) -> list[Order]:
        """The orders it shows, newest first."""
        return [order for order in orders if self.start <= order.placed_at < self.exported][::-1]


@dataclass(frozen=True)
class StoreWorld:
    """One store and everything true of it."""

    store: Store
    serial: int
    days: tuple[date, ...]
    listings: tuple[Listing, ...]
    traffic: Traffic
    orders: tuple[Order, ...]

    @property
    def counted(self) -> tuple[Order, ...]:
        """The orders that count."""
        return tuple(order for order in self.orders if order.is_counted)

    @cached_property
    def paid(self) -> dict[date, list[Order]]:
        """The orders that count, by the day they were paid."""
        return self._by_day("paid")

    @cached_property
    def placed(self) -> dict[date, list[Order]]:
        """The orders that count, by the day they were placed."""
        return self._by_day("placed")

    def _by_day(self, basis: str) -> dict[date, list[Order]]:
        found: dict[date, list[Order]] = {}
        for order in self.counted:
            found.setdefault(order.day(basis), []).append(order)
        return found

    def midnight(self, day: date) -> datetime:
        """When a day begins in the store."""
        return datetime.combine(day, time(), ZoneInfo(self.store.timezone)).astimezone(UTC)

    def windows(self, parts: tuple[float, ...], back: timedelta = LIFETIME) -> list[Window]:
        """Exports after these shares of the days, each looking back beyond the one before, the last one after the last day."""
        ends = [self.midnight(self.days[0]) + timedelta(days=int(len(self.days) * part)) for part in parts]
        starts = [self.midnight(self.days[0]), *(max(self.midnight(self.days[0]), end - back) for end in ends[:-1])]
        ends[-1] = self.midnight(self.days[-1] + timedelta(days=1))
        return [Window(start, end + EXPORT_HOUR) for start, end in zip(starts, ends, strict=True)]

    def visitors_of(self, listing: Listing, day: date) -> int:
        """Visitors of a product on a day, as its platform counts them."""
        came = self.traffic.visits[listing.product_id, day]
        return came[0] if len(came) == 1 else max(*came, round(sum(came) * _ITEM_OVERLAP))

    def by_channel(self, day: date) -> dict[Leaf, int]:
        """Visitors of the store by channel on a day: less than of its products, whose visitors are partly the same."""
        came = [self.traffic.visits[listing.product_id, day] for listing in self.listings]
        return {
            leaf: round(sum(column) * _CHANNEL_SHARE)
            for leaf, column in zip(leaves(self.store), zip(*came, strict=True), strict=True)
        }

    def visitors(self, day: date) -> int:
        """Visitors of the store on a day."""
        counts = list(self.by_channel(day).values())
        return max(*counts, round(sum(counts) * _STORE_OVERLAP)) if len(counts) > 1 else counts[0]

    def as_of(self, last: date) -> "StoreWorld":
        """The store as it was known at the end of a day."""
        horizon = self.midnight(last + timedelta(days=1))
        seen = {key: came for key, came in self.traffic.visits.items() if key[1] <= last}
        return replace(
            self,
            days=tuple(day for day in self.days if day <= last),
            traffic=replace(self.traffic, visits=seen),
            orders=tuple(as_of(order, horizon) for order in self.orders if order.placed_at < horizon),
        )


def rolled_up(counts: list[int]) -> int:
    """Visitors of several channels together, some of whom came by more than one."""
    return counts[0] if len(counts) == 1 else max(*counts, round(sum(counts) * _ROLLUP_OVERLAP))


@dataclass(frozen=True)
class World:
    """All stores, and what was planted among them."""

    stores: tuple[StoreWorld, ...]
    edges: tuple[Edge, ...]
    days: tuple[date, ...]


def made(count: int, days: int, seed: int) -> World:
    """Make a world up: the same arguments give the same world."""
    chosen = stores(count)
    planted = edges(chosen)
    span = tuple(LAST_DAY - timedelta(days=n) for n in reversed(range(days)))
    return World(tuple(_store_world(store, n, planted, span, seed) for n, store in enumerate(chosen, 1)), planted, span)


def _store_world(store: Store, serial: int, planted: tuple[Edge, ...], days: tuple[date, ...], seed: int) -> StoreWorld:
    rng = random.Random(f"{seed} {store.name}")  # noqa: S311  a sample, not a secret
    sold = listings(store, serial)
    came = traffic(rng, store, sold, planted, days)
    horizon = datetime.combine(days[-1] + timedelta(days=1), time(), ZoneInfo(store.timezone)).astimezone(UTC)
    told = Teller(rng, store, serial, planted, horizon).orders(came.wishes)
    return StoreWorld(store, serial, days, sold, came, told)
