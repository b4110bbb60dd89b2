"""Made-up stores of which the truth is known: what an ordinary hundred of them looks like night by night.

Noise as days have it: orders and visits are overdispersed, shocks last for some days and are shared by a platform's stores and by
all, weekdays and the season have a shape, stores grow, promotions lift everything. Forty series a store, less those that never
have the events to be judged by, which are not watched.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt

from assets.alerts.baseline import LEAST_EVENTS
from assets.alerts.panel import Panel, Series
from assets.alerts.watched import busiest

Array = npt.NDArray[np.float64]
PLATFORMS = ("taobao", "pdd", "douyin", "shopify", "amazon")
CHANNELS = ("search", "ads", "content", "direct", "social")
CATEGORIES = tuple(f"category {n}" for n in range(10))
FIRST = date(2025, 1, 1)
MEDIAN_VISITS, MEDIAN_CONVERSION = 3_000.0, 0.05  # of the hundred: 150 orders a day
_ORDER_CV2 = 1.2  # squared coefficient of variation of an order's value


def shocks(rng: np.random.Generator, shape: tuple[int, int], sd: float, memory: float) -> Array:
    """Rows of noise of which each day remembers the one before."""
    fresh, out = rng.normal(0, sd * np.sqrt(1 - memory**2), shape), np.empty(shape)
    out[:, 0] = rng.normal(0, sd, shape[0])
    for t in range(1, shape[1]):
        out[:, t] = memory * out[:, t - 1] + fresh[:, t]
    return out


def counts(rng: np.random.Generator, mean: Array, k: float) -> Array:
    """Overdispersed counts: variance mean + mean²/k."""
    return rng.poisson(mean * rng.gamma(k, 1 / k, mean.shape)).astype(float)


def panel(
    seed: int,
    *,
    stores: int = 100,
    days: int = 400,
    sizes: Mapping[int, tuple[float, float]] | None = None,
    falls: Mapping[int, int] | None = None,
    factor: float = 0.7,
) -> Panel:
    """Forty series of each store, as far as they are watched.

    Args:
        seed: of everything random.
        stores: how many.
        days: how many.
        sizes: visits a day and conversion of some stores; others are of all sizes.
        falls: per store the day from which its conversion is `factor` times what it was.
        factor: of a fall.
    """
    rng = np.random.default_rng(seed)
    visits = np.clip(np.exp(rng.normal(np.log(MEDIAN_VISITS), 1.2, stores)), 60, 100_000)
    conversion = np.exp(rng.normal(np.log(MEDIAN_CONVERSION), 0.3, stores))
    for store, (of_day, rate) in (sizes or {}).items():
        visits[store], conversion[store] = of_day, rate
    platform = rng.integers(0, len(PLATFORMS), stores)
    t = np.arange(days)
    promoted = np.zeros(days, dtype=bool)
    for first in range(40, days, 75):
        promoted[first : first + 3] = True
    comes, buys = _rates(rng, np.log(visits), np.log(conversion), platform, t, promoted)
    series: list[Series] = []
    rows: list[tuple[Array, Array, Array, Array]] = []
    for store in range(stores):
        left = np.where(t >= (falls or {}).get(store, days), factor, 1.0)
        for kind, segment, metric, *values in _store(rng, comes[store], buys[store] * left, days):
            series.append(Series(f"store {store:03d}", PLATFORMS[platform[store]], kind, segment, metric))
            rows.append(tuple(values))
    amount, exposure, events, sales = (np.array([row[n] for row in rows]) for n in range(4))
    watched = np.flatnonzero(busiest(np.where(np.isnan(events), amount, events)) >= LEAST_EVENTS)
    amount, exposure, events, sales = (values[watched] for values in (amount, exposure, events, sales))
    promotions = np.tile(promoted, (len(watched), 1))
    return Panel(tuple(series[row] for row in watched), FIRST, amount, exposure, events, promotions, sales)


def _rates(
    rng: np.random.Generator, visits: Array, conversion: Array, platform: npt.NDArray[np.int64], t: npt.NDArray[np.int64],
    promoted: npt.NDArray[np.bool_],
) -> tuple[Array, Array]:  # fmt: skip
    stores, days, weekday = len(visits), len(t), t % 7
    of_week = 1 + rng.normal(0, 0.03, (stores, 7)) + np.array([-0.05, -0.05, -0.04, -0.02, 0.05, 0.10, 0.01])
    of_week_too = 1 + rng.normal(0, 0.02, (stores, 7)) + np.array([0.02, 0.02, 0.01, 0, -0.02, -0.04, 0.01])
    growth = rng.normal(0.0006, 0.0008, stores)
    season = 1 + 0.15 * np.sin(2 * np.pi * (t[None] + rng.normal(30, 20, (stores, 1))) / 365)
    lift = rng.normal(0.55, 0.2, stores)[:, None] + rng.normal(0, 0.1, (stores, days))
    comes = visits[:, None] + np.log(of_week[:, weekday]) + growth[:, None] * t + np.log(season) + np.where(promoted, lift, 0)
    comes += shocks(rng, (len(PLATFORMS), days), 0.04, 0.6)[platform] + shocks(rng, (1, days), 0.03, 0.6)
    comes += shocks(rng, (stores, days), 0.10, 0.5)
    buys = conversion[:, None] + np.log(of_week_too[:, weekday])
    buys += np.where(promoted, 0.25 + rng.normal(0, 0.08, (stores, days)), 0)
    buys += shocks(rng, (len(PLATFORMS), days), 0.03, 0.4)[platform] + shocks(rng, (1, days), 0.02, 0.4)
    buys += shocks(rng, (stores, days), 0.05, 0.4)
    return np.exp(comes), np.exp(buys)


def _store(
    rng: np.random.Generator, comes: Array, buys: Array, days: int
) -> list[tuple[str, str, str, Array, Array, Array, Array]]:
    own, one = np.full(days, np.nan), np.ones(days)
    value = float(np.exp(rng.normal(np.log(150), 0.5)))
    by_channel, by_category = rng.dirichlet(np.array([6, 3, 3, 2, 1]) * 4), rng.dirichlet(np.linspace(9, 1, 10))
    rate = np.exp(rng.normal(0, 0.25, len(CHANNELS)))
    visits = counts(rng, comes * by_channel[:, None] * np.exp(shocks(rng, (5, days), 0.10, 0.5)), 150.0)
    likely = (rate / (by_channel @ rate))[:, None] * np.exp(shocks(rng, (5, days), 0.05, 0.3))
    orders = counts(rng, visits * buys * likely, 300.0)
    basket = np.exp(shocks(rng, (1, days), 0.04, 0.4))[0]
    of_channel = value * basket * rng.gamma(np.maximum(orders, 1e-9) / _ORDER_CV2, _ORDER_CV2)
    all_visits, all_orders, sales = visits.sum(axis=0), orders.sum(axis=0), of_channel.sum(axis=0)
    given = np.exp(shocks(rng, (1, days), 0.12, 0.5))[0] * np.exp(rng.normal(0, 1 / np.sqrt(np.maximum(all_orders, 1))))
    recent = np.convolve(sales, np.ones(14) / 14)[:days]
    returning = np.convolve(all_orders, np.ones(14) / 14)[:days] * 0.06
    refunds = value * rng.gamma(np.maximum(counts(rng, returning, 60.0), 1e-9) / 1.5, 1.5)
    found = [
        ("store", "", "visits", all_visits, one, own, sales),
        ("store", "", "conversion", all_orders, all_visits, own, sales),
        ("store", "", "basket", sales, all_orders, all_orders, sales),
        ("store", "", "discount_rate", sales * np.clip(0.1 * given, 0, 0.6), sales, all_orders, sales),
        ("store", "", "refunds", refunds, recent, returning, sales),
    ]
    for n, channel in enumerate(CHANNELS):
        found += [
            ("channel", channel, "visits", visits[n], one, own, of_channel[n]),
            ("channel", channel, "conversion", orders[n], visits[n], own, of_channel[n]),
            ("channel", channel, "basket", of_channel[n], orders[n], orders[n], of_channel[n]),
        ]
    seen = counts(rng, all_visits * 1.6 * by_category[:, None] * np.exp(shocks(rng, (10, days), 0.10, 0.5)), 150.0)
    bought = counts(rng, seen / 1.6 * buys * np.exp(shocks(rng, (10, days), 0.05, 0.3)), 300.0)
    for n, category in enumerate(CATEGORIES):
        of = value * bought[n]
        found += [
            ("category", category, "visits", seen[n], one, own, of),
            ("category", category, "conversion", bought[n], seen[n], own, of),
        ]
    return found
