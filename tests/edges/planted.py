"""A small world for tests: stores and segments with traffic, noisy days, and edges where they are planted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assets.edges.metrics import AOV, CONVERSION, Metric
from assets.edges.panel import Floats, Grid, Ints, Moments, Panel

VALUE, SPREAD = 40.0, 0.6


@dataclass(frozen=True)
class World:
    """Rows of a long table: a store, a segment, a day, and what happened there."""

    store: Ints
    segment: Ints
    day: Ints
    visitors: Floats
    orders: Floats
    revenue: Floats

    def take(self, rows: Ints) -> "World":
        """Some rows, in this order."""
        return World(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def grid(self) -> Grid:
        """Where the rows lie."""
        return Grid.of(self.store, self.segment, self.day)

    def panel(self, metric: Metric = CONVERSION) -> Panel:
        """One metric's panel: conversion, or average order value."""
        grid = self.grid()
        if metric is CONVERSION:
            return Panel(grid, self.visitors, self.orders)
        total, count = grid.by_cell(self.revenue), grid.by_cell(self.orders)
        squares = grid.by_cell(self.revenue) * VALUE * float(np.exp(SPREAD**2))
        return Panel(grid, self.orders if metric is AOV else self.visitors, self.revenue, Moments(count, total, squares))


def world(
    seed: int,
    *,
    stores: int = 8,
    segments: int = 6,
    days: int = 70,
    traffic: float = 60.0,
    noise: float = 0.3,
    memory: float = 0.6,
    edges: Mapping[tuple[int, int], float] | None = None,
    levels: float = 0.0,
) -> World:
    """Draw a world. `edges` are log ratios of order rates; `noise` is the daily shock's, `memory` its correlation a day apart."""
    rng = np.random.default_rng(seed)
    shape = (stores, segments, days)
    shock = rng.standard_normal(shape)
    for t in range(1, days):
        shock[..., t] = memory * shock[..., t - 1] + np.sqrt(1.0 - memory**2) * shock[..., t]
    effect = np.repeat(levels * rng.standard_normal(stores)[:, None], segments, axis=1)
    for cell, log_ratio in (edges or {}).items():
        effect[cell] += log_ratio
    size = traffic * np.exp(0.4 * rng.standard_normal((stores, segments)))
    visitors = rng.poisson(np.repeat(size[:, :, None], days, axis=2))
    rate = 0.06 * np.exp(0.3 * np.arange(segments) / segments)[None, :, None]
    orders = rng.binomial(visitors, np.minimum(rate * np.exp(effect[:, :, None] + noise * shock - 0.5 * noise**2), 0.9))
    revenue = orders * VALUE * np.exp(SPREAD * rng.standard_normal(shape) / np.sqrt(np.maximum(orders, 1)))
    store, segment, day = (index.ravel() for index in np.indices(shape))
    return World(store, segment, day, visitors.ravel().astype(float), orders.ravel().astype(float), revenue.ravel())
