"""A simulator with planted edges and hidden truth: stores x segments x days, for benchmarks and long tests.

Seasonality, drifting traffic, autocorrelated shocks by cell and by store, heavy-tailed order values. Deterministic by regime and
seed. The truth is each cell's planted log effect against the median of its peers'.
"""

import zlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from days import whole

BASE: dict[str, float] = {
    "stores": 60, "segments": 25, "days": 126, "carry": 0.8, "zipf_stores": 1.0, "zipf_segments": 0.8, "visitors_day": 60_000.0,
    "p_edge": 0.12, "edge_min": 0.08, "edge_scale": 0.20, "sd_store": 0.0, "sd_cell": 0.0, "od_cell": 0.20, "od_store": 0.10,
    "ar": 0.5, "od_aov": 0.08, "od_refund": 0.2, "season": 0.25, "drift": 0.6, "sigma_v": 0.7, "bulk_p": 0.003, "bulk_x": 10.0,
    "margin": 0.30, "od_hetero": 0.0,
}  # fmt: skip
REGIMES: dict[str, dict[str, float]] = {
    "few_big": {"stores": 10, "segments": 30, "days": 182, "carry": 1.0, "zipf_stores": 0.6, "visitors_day": 120_000.0},
    "many_tiny": {"stores": 400, "days": 91, "carry": 0.5, "zipf_stores": 1.1, "p_edge": 0.10, "edge_scale": 0.30},
    "overdispersed": {"od_cell": 0.55, "od_store": 0.30, "ar": 0.8, "od_aov": 0.25, "od_refund": 0.5, "od_hetero": 0.5},
    "null": {"stores": 100, "p_edge": 0.0, "od_cell": 0.35, "od_store": 0.20, "ar": 0.6, "od_aov": 0.15},
    "store_effects": {"stores": 80, "sd_store": 0.12, "sd_cell": 0.04},
}
DIRECTION = {"conversion": 1, "aov": 1, "rpv": 1, "refund_rate": -1}
Array = np.ndarray


@dataclass(frozen=True)
class Simulated:
    """What may be seen, as `edgewise edges` takes it, and what is true."""

    events: pl.DataFrame
    truth: pl.DataFrame

    def cell_days(self) -> pl.DataFrame:
        """The events as the days of categories of stores that are all counted alike."""
        told = self.events.select(
            store=pl.format("s{}", "store"),
            segment_type=pl.lit("category"),
            segment=pl.format("g{}", "segment"),
            day=pl.lit(date(2025, 1, 1)) + pl.duration(days="day"),
            dialect=pl.lit("one"),
            visits="visitors",
            carts=pl.lit(None, pl.Int64),
            orders="orders",
            units="orders",
            refunded="refunds",
            sales="revenue",
            sales_w="revenue_w",
            sales_w_sq="revenue_w_sq",
        )
        return whole(told)


def simulate(regime: str, seed: int, **over: float) -> Simulated:
    """Draw one group of stores."""
    p = {**BASE, **REGIMES[regime], **over}
    rng = np.random.default_rng([zlib.crc32(regime.encode()), seed])
    stores, segments, days = (int(p[name]) for name in ("stores", "segments", "days"))
    t = np.arange(days)
    week = np.array([1.0, 0.95, 0.95, 1.0, 1.1, 1.25, 1.2])[t % 7]
    visitors = _visitors(rng, p, (stores, segments, days), week)
    (conversion, on_c), (value, on_v), (refund, on_r) = (_effects(rng, p, (stores, segments)) for _ in range(3))
    value = 0.7 * value
    season = _season(rng, p, segments, t, week)
    hetero = np.exp(p["od_hetero"] * rng.standard_normal(stores)) if p["od_hetero"] else np.ones(stores)
    cell = np.minimum(p["od_cell"] * hetero, 1.0)[:, None, None]
    whole = np.minimum(p["od_store"] * hetero, 0.8)[:, None, None]
    shape = (stores, segments, days)
    shock = cell * _ar1(rng, shape, p["ar"]) + whole * _ar1(rng, (stores, 1, days), p["ar"]) - (cell**2 + whole**2) / 2
    rate = np.exp(np.log(0.025) + 0.35 * rng.standard_normal(segments))
    chance = np.minimum(rate[None, :, None] * np.exp(conversion[:, :, None] + season[None] + shock), 0.6)
    buyers = rng.binomial(visitors, chance)
    orders = buyers + rng.poisson(0.08 * buyers)
    price = np.exp(np.log(40) + 0.6 * rng.standard_normal(segments))
    money = _money(rng, p, orders, price, value)
    refund_rate = np.exp(np.log(0.06) + 0.3 * rng.standard_normal(segments))
    noise = p["od_refund"] * _ar1(rng, shape, p["ar"]) - p["od_refund"] ** 2 / 2
    refunds = rng.binomial(orders, np.minimum(refund_rate[None, :, None] * np.exp(refund[:, :, None] + noise), 0.9))
    kept = visitors.ravel() > 0
    where = [index.ravel()[kept].astype(np.int32) for index in np.indices(shape)]
    counts = {"visitors": visitors, "buyers": buyers, "orders": orders, "refunds": refunds}
    events = pl.DataFrame(
        dict(zip(("store", "segment", "day"), where, strict=True))
        | {name: values.ravel()[kept] for name, values in counts.items()}
        | {name: values[kept] for name, values in money.items()}
    )
    planted = {
        "conversion": (conversion, on_c),
        "aov": (value, on_v),
        "rpv": (conversion + value, on_c | on_v),
        "refund_rate": (refund, on_r),
    }
    seen = visitors.sum(2)
    scale = seen * (365.0 / days) * rate[None] * 1.08 * price[None] * p["margin"]
    return Simulated(events, _truth(planted, seen, scale, refund_rate / p["margin"]))


def _ar1(rng: np.random.Generator, shape: tuple[int, ...], memory: float) -> Array:
    noise = rng.standard_normal(shape).astype(np.float32)
    fresh = np.sqrt(1 - memory * memory)
    for day in range(1, shape[-1]):
        noise[..., day] = memory * noise[..., day - 1] + fresh * noise[..., day]
    return noise


def _visitors(rng: np.random.Generator, p: dict[str, float], shape: tuple[int, int, int], week: Array) -> Array:
    stores, segments, days = shape
    carried = rng.random((stores, segments)) < p["carry"]
    of_store = rng.permutation(1.0 / np.arange(1, stores + 1) ** p["zipf_stores"])
    of_segment = rng.permutation(1.0 / np.arange(1, segments + 1) ** p["zipf_segments"])
    share = np.outer(of_store, of_segment) * np.exp(0.6 * rng.standard_normal((stores, segments))) * carried
    share /= share.sum()
    slope = p["drift"] * rng.standard_normal(stores) * 0.5
    drift = np.exp(slope[:, None] * (np.arange(days) / days - 0.5)[None]) * np.exp(0.3 * _ar1(rng, (stores, days), 0.8))
    mean = p["visitors_day"] * share[:, :, None] * (drift * week)[:, None, :]
    return rng.poisson(mean * rng.gamma(8.0, 1 / 8.0, mean.shape)).astype(np.int64)


def _effects(rng: np.random.Generator, p: dict[str, float], shape: tuple[int, int]) -> tuple[Array, Array]:
    on = rng.random(shape) < p["p_edge"]
    size = (p["edge_min"] + rng.exponential(p["edge_scale"], shape)) * np.where(rng.random(shape) < 0.5, -1, 1)
    levels = p["sd_store"] * rng.standard_normal(shape[0])[:, None] + p["sd_cell"] * rng.standard_normal(shape)
    return levels + on * np.clip(size, -1.2, 1.2), on


def _season(rng: np.random.Generator, p: dict[str, float], segments: int, t: Array, week: Array) -> Array:
    phase = rng.uniform(0, 2 * np.pi, segments)
    season = p["season"] * np.sin(2 * np.pi * t[None] / 180.0 + phase[:, None]) + 0.08 * (week - 1)[None]
    for _ in range(3):
        start = rng.integers(0, max(len(t) - 4, 1))
        season[:, start : start + 3] += 0.3
    return season


def _money(rng: np.random.Generator, p: dict[str, float], orders: Array, price: Array, effect: Array) -> dict[str, Array]:
    segments, days = orders.shape[1:]
    level = effect[:, :, None] + p["od_aov"] * _ar1(rng, orders.shape, p["ar"]) - p["od_aov"] ** 2 / 2
    slot = np.repeat(np.arange(orders.size), orders.ravel())
    segment = (slot // days) % segments
    usual = (1 + p["bulk_p"] * (p["bulk_x"] - 1)) * np.exp(p["sigma_v"] ** 2 / 2)
    value = np.exp(p["sigma_v"] * rng.standard_normal(len(slot)))
    value *= np.where(rng.random(len(slot)) < p["bulk_p"], p["bulk_x"], 1.0) / usual
    value *= price[segment] * np.exp(level.ravel()[slot])
    cut = np.array([np.quantile(value[segment == g], 0.99) if (segment == g).any() else np.inf for g in range(segments)])
    low = np.minimum(value, cut[segment])
    sums = {"revenue": value, "revenue_w": low, "revenue_w_sq": low * low}
    return {name: np.bincount(slot, values, orders.size) for name, values in sums.items()}


def _truth(planted: dict[str, tuple[Array, Array]], seen: Array, scale: Array, refunded: Array) -> pl.DataFrame:
    rows: list[Any] = []
    store, segment = np.nonzero(seen > 0)
    for metric, (effect, on) in planted.items():
        apart = np.zeros(effect.shape)
        for g in range(effect.shape[1]):
            active = seen[:, g] > 0
            apart[active, g] = effect[active, g] - _median_of_others(effect[active, g])
        worth = scale * (refunded[None] if metric == "refund_rate" else 1.0)
        told, value = apart[store, segment], worth[store, segment]
        rows.append(
            pl.DataFrame(
                {
                    "store": store.astype(np.int32),
                    "segment": segment.astype(np.int32),
                    "metric": [metric] * len(store),
                    "direction": np.full(len(store), DIRECTION[metric]),
                    "true_effect": told,
                    "planted": on[store, segment].astype(np.int8),
                    "scale": value,
                    "true_value": DIRECTION[metric] * np.expm1(told) * value,
                }
            )
        )
    return pl.concat(rows)


def _median_of_others(values: Array) -> Array:
    return np.array([np.median(np.delete(values, i)) if len(values) > 1 else 0.0 for i in range(len(values))])
