"""Who visits what, and what they want to buy: visits by store, product, channel and day, and wishes from them.

Visits and conversion both wander with a memory (an autoregressive walk of logs), so that noise is wider than a coin's; a
store's level and its week are its own. Edges multiply conversion here; of baskets and refunds they act in `stories`.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assets.sample.catalogue import FAVOURITES, Edge, Listing, Store, leaves

WEEK = {
    "taobao": (1.0, 0.98, 0.98, 1.0, 1.02, 1.06, 1.08),
    "shopify": (1.08, 1.0, 0.98, 0.98, 0.96, 0.94, 1.06),
    "amazon": (1.06, 1.02, 1.0, 0.98, 0.95, 0.96, 1.03),
    "douyin": (0.95, 0.95, 0.97, 0.98, 1.05, 1.12, 1.08),
    "pdd": (1.0, 0.99, 1.0, 1.0, 1.0, 1.02, 1.02),
}
PROMOTIONS = (  # name, stores' group or blank, first and last day
    ("99 Sale", "home", date(2026, 9, 9), date(2026, 9, 11)),
    ("National Day", "home", date(2026, 10, 1), date(2026, 10, 4)),
    ("Autumn Event", "abroad", date(2026, 10, 13), date(2026, 10, 15)),
)
_CROWD, _APPETITE = 1.45, 1.2


@dataclass(frozen=True)
class Wish:
    """One visitor who buys one product, on a day, come by the channel at this place among the platform's."""

    listing: Listing
    leaf: int
    day: date


@dataclass(frozen=True)
class Traffic:
    """Visits of one store: by (product_id, day) the visits by channel, and the wishes of all days in order."""

    visits: dict[tuple[str, date], tuple[int, ...]]
    wishes: tuple[Wish, ...]


def _walk(rng: random.Random, steps: int, *, spread: float, memory: float) -> list[float]:
    """Factors around one whose logs have this spread and remember so much of the day before."""
    state, found = rng.gauss(0, spread), []
    fresh = spread * math.sqrt(1 - memory * memory)
    for _ in range(steps):
        found.append(math.exp(state - spread * spread / 2))
        state = memory * state + rng.gauss(0, fresh)
    return found


def poisson(rng: random.Random, mean: float) -> int:
    """A Poisson count; of a large mean, the rounded normal."""
    if mean > 30:  # noqa: PLR2004
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def is_promoted(store: Store, day: date) -> bool:
    """Whether a promotion runs in the store on the day."""
    return any(group == store.group and first <= day <= last for _, group, first, last in PROMOTIONS)


def _factor(edges: Sequence[Edge], store: Store, kind: str, segment: str, metric: str) -> float:
    found = [e.factor for e in edges if (e.store, e.segment_type, e.segment, e.metric) == (store.name, kind, segment, metric)]
    return math.prod(found)


def basket_factor(edges: Sequence[Edge], store: Store, category: str) -> float:
    """How many times the usual quantity a line has in this store's category."""
    return _factor(edges, store, "category", category, "basket")


def refund_factor(edges: Sequence[Edge], store: Store, category: str) -> float:
    """How many times the usual share of orders of this store's category is asked back."""
    return _factor(edges, store, "category", category, "refund_rate")


def traffic(
    rng: random.Random, store: Store, listings: Sequence[Listing], edges: Sequence[Edge], days: Sequence[date]
) -> Traffic:
    """Draw a store's visits and wishes for all days."""
    channels = leaves(store)
    weights = [
        listing.item.popularity
        * FAVOURITES.get((store.name, listing.item.category), 1.0)
        * rng.lognormvariate(0, 0.03)
        / (len(listing.item.variants) if store.platform == "amazon" else 1)
        for listing in listings
    ]
    visits_a_day = store.volume / store.level
    of_store = _walk(rng, len(days), spread=0.12, memory=0.7)
    mood = _walk(rng, len(days), spread=0.06, memory=0.7)
    moods = {category: _walk(rng, len(days), spread=0.08, memory=0.6) for category in store.categories}
    crowds = [_walk(rng, len(days), spread=0.18, memory=0.6) for _ in listings]
    visits: dict[tuple[str, date], tuple[int, ...]] = {}
    wishes: list[Wish] = []
    for t, day in enumerate(days):
        promoted = is_promoted(store, day)
        base = visits_a_day * of_store[t] * WEEK[store.platform][day.weekday()] * (1 + store.trend * t / len(days))
        today: list[Wish] = []
        for place, listing in enumerate(listings):
            expected = base * weights[place] / sum(weights) * crowds[place][t] * (_CROWD if promoted else 1)
            category = listing.item.category
            rate = store.level * mood[t] * moods[category][t] * (_APPETITE if promoted else 1)
            rate *= _factor(edges, store, "category", category, "conversion")
            came = [poisson(rng, expected * leaf.share) for leaf in channels]
            visits[listing.product_id, day] = tuple(came)
            for n, leaf in enumerate(channels):
                chance = rate * leaf.pull * _factor(edges, store, "channel", leaf.channel, "conversion")
                today += [Wish(listing, n, day)] * min(came[n], poisson(rng, came[n] * chance))
        rng.shuffle(today)
        wishes += today
    return Traffic(visits, tuple(wishes))
