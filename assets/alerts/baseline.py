"""What every series was to come to, told day by day from the days before alone, and how far it may stray by chance.

A day's expectation is the series' recent level × its weekday × the lift of a promotion × what the other stores did on the day.
Nothing is decided here.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from assets.alerts.panel import Flags, Matrix, Panel, Vector

WINDOWS = np.array([1, 2, 3, 5, 7])  # days looked at together: a fall is seen at once or, where noisy, over some days
LEAST_DAYS = 28  # known days before anything is judged
LEAST_EVENTS = 8.0  # expected over a window
_LEVEL, _DRIFT, _SCALE = 0.5 ** (1 / 28), 0.5 ** (1 / 60), 0.5 ** (1 / 90)  # half-lives in days
_WEEKDAY = 0.5 ** (1 / 13)  # in weeks
_WEEKDAY_PULL, _PROMOTION_PULL = 4.0, 3.0  # days that speak for what all series of the metric do
_SCALE_PULL = 30.0  # days that speak for the metric's scatter against the series' own
_CLIP = 3.0  # what strays further than so many deviations teaches no more than that
_LIFT, _LIFT_SCATTER = 1.0, 0.25  # of a promotion before one was seen: no lift, and variance for it
_REFIT = 14  # days
_LEVEL_DAYS = 56.0  # that a level rests on, at most
_LATER = 7  # days until a window teaches how far a series strays: not before it can have been raised
_FIRST_A, _FIRST_B = 1.5, 0.02
_LEAST_FITTED = 3.0  # events of a day that tells how scatter falls with them


@dataclass
class Seen:
    """What a day's windows say.

    Attributes:
        ratio: windows × series: what came over what was to come.
        variance: of the ratio, relative.
        z: how many standard normal deviations that is, by the tails of a gamma.
        tested: windows × series: whether it may be judged.
        common: per group the factor its series had in common over each window, less one.
    """

    ratio: Matrix
    variance: Matrix
    z: Matrix
    tested: Flags
    common: Matrix


class Baseline:
    """The state of all series as of a day; `look` takes the next day in.

    Sums that decay, so that a day costs the same however long the history. A frozen series learns nothing: its level is the one
    before what is the matter with it.
    """

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        rows, days = panel.amount.shape
        self._metric = panel.metrics
        self._metrics = int(self._metric.max()) + 1 if rows else 0
        self._group, self.groups = panel.groups()
        self._members = [np.array(members) for _, members in self.groups]
        self._joined = np.concatenate(self._members) if self._members else np.zeros(0, dtype=np.int64)
        self._first = np.cumsum([0, *(len(members) for members in self._members)])[:-1]
        self._amount, self._exposure, self._events, self._promoted = (
            np.ascontiguousarray(one.T) for one in (panel.amount, panel.exposure, panel.events, panel.promoted)
        )
        self.frozen = np.zeros(rows, dtype=bool)
        self.level, self._came, self._due = np.full(rows, np.nan), np.zeros(rows), np.zeros(rows)
        self.levels = np.full((days, rows), np.nan)
        self.days_known = np.zeros(rows)
        self._drift, self._drift_days = np.zeros(rows), np.zeros(rows)
        self._week_came, self._week_due, self._week_days = (np.zeros((rows, 7)) for _ in range(3))
        self._week_pool_came, self._week_pool_due = (np.zeros((self._metrics, 7)) for _ in range(2))
        self._lift_came, self._lift_days = np.zeros(rows), np.zeros(rows)
        self._lift_pool = np.zeros((2, self._metrics))
        self._lift_scatter = np.zeros((2, self._metrics))
        self._fit = np.tile(np.array([[1e-9], [0.0], [0.0], [0.0], [0.0]]), self._metrics)
        self._a, self._b = np.full(self._metrics, _FIRST_A), np.full(self._metrics, _FIRST_B)
        windows = len(WINDOWS)
        self._scatter, self._scatter_days = np.zeros((windows, rows)), np.zeros((windows, rows))
        self._scatter_pool = np.full((2, windows, self._metrics), 1e-9)
        self._waiting: deque[tuple[Matrix, Flags]] = deque()
        self._beta = np.full((2, self._metrics), 1e-9)
        self._sums = np.zeros((days + 1, 4, rows))  # what came, was to come, its variance and its events, added up
        self.common = np.zeros((len(self.groups), days))
        self._pooled = np.ones((windows, self._metrics))
        self.scale = np.ones((windows, rows))
        self.members_judged = np.zeros(len(self.groups))

    def look(self, t: int) -> Seen:
        """Take in day `t`: what its windows say, and what is learned from it."""
        panel, metric = self._panel, self._metric
        amount, exposure = self._amount[t], self._exposure[t]
        known = np.isfinite(amount) & np.isfinite(exposure) & (exposure > 0)
        came, of = np.where(known, amount, 0.0), np.where(known, exposure, 0.0)
        weekday = (panel.first.weekday() + t) % 7
        special = self._promoted[t]
        shape = self._weekdays(weekday)
        lift, lift_scatter = self._lifts(special)
        due = np.nan_to_num(self.level) * of * shape * lift * (1 + self._drift)
        judged = known & (due > 0) & (self.days_known >= LEAST_DAYS)
        events = np.where(np.isfinite(self._events[t]), self._events[t], due)
        spread = self._a[metric] / np.maximum(events, 0.5) + self._b[metric] + lift_scatter
        scale = self.scale = self._scales()
        shared = self._shared(came, due, spread * scale[0], judged, t)
        expected = due * (1 + shared)
        self._add(t, came, expected, spread, events, judged)
        seen = self._windows(t, scale, spread, judged)
        self._learn(t, came, of, due, expected, shape, spread, events, seen, judged & ~self.frozen, special, weekday, known)
        return seen

    def _weekdays(self, weekday: int) -> Vector:
        pool = (self._week_pool_came + 1e-9) / (self._week_pool_due + 1e-9)
        pool = pool / pool.mean(axis=1, keepdims=True)
        days = self._week_days
        own = np.where(days > 0, self._week_came / np.maximum(self._week_due, 1e-12), 1.0)
        factors = (own * days + _WEEKDAY_PULL * pool[self._metric]) / (days + _WEEKDAY_PULL)
        shape: Vector = factors[:, weekday] / factors.mean(axis=1)
        return shape

    def _lifts(self, special: Flags) -> tuple[Vector, Vector]:
        """By how much a promotion lifts the series whose day it is, and how much that varies."""
        if not special.any():
            return np.ones(len(special)), np.zeros(len(special))
        pool = (self._lift_pool[0] + _LIFT) / (self._lift_pool[1] + 1)
        scatter = (self._lift_scatter[0] + _LIFT_SCATTER) / (self._lift_scatter[1] + 1)
        lift = (self._lift_came + _PROMOTION_PULL * pool[self._metric]) / (self._lift_days + _PROMOTION_PULL)
        return np.where(special, lift, 1.0), np.where(special, scatter[self._metric], 0.0)

    def _scales(self) -> Matrix:
        """How many times the metric's usual variance a series has, by window; drawn to the metric's."""
        pool = (self._scatter_pool[0] + 5) / (self._scatter_pool[1] + 5)
        self._pooled = pool
        pull = _SCALE_PULL / WINDOWS[:, None]
        days = self._scatter_days / WINDOWS[:, None]
        scale: Matrix = (self._scatter / WINDOWS[:, None] + pull * pool[:, self._metric]) / (days + pull)
        return scale

    def _shared(self, came: Vector, due: Vector, variance: Vector, judged: Flags, t: int) -> Vector:
        """What the other series of a row's group did beyond what they were to do, as far as such a thing carries over."""
        if not self.groups:
            return np.zeros(len(came))
        stray = np.where(judged, came / np.where(due > 0, due, 1.0) - 1, 0.0)
        limit = _CLIP * np.sqrt(variance)
        weight = np.where(judged & ~self.frozen, 1 / (variance + 0.01), 0.0)
        pulled = weight * np.clip(stray, -limit, limit)
        total, weights, members = (self._by_group(one) for one in (pulled, weight, (weight > 0).astype(float)))
        self.common[:, t] = total / np.maximum(weights, 1e-9)
        self.members_judged = members
        row, group = self._group, np.maximum(self._group, 0)
        rest = weights[group] - weight
        others = np.where((row >= 0) & (rest > 0), (total[group] - pulled) / np.maximum(rest, 1e-9), 0.0)
        beta = np.clip(self._beta[0] / (self._beta[1] + 0.02), 0.0, 1.0)
        self._beta *= _SCALE
        np.add.at(self._beta[0], self._metric, weight * np.clip(stray, -limit, limit) * others / 100)
        np.add.at(self._beta[1], self._metric, weight * others * others / 100)
        shared: Vector = np.clip(beta[self._metric] * others, -0.9, 3.0)
        return shared

    def _by_group(self, values: Vector) -> Vector:
        total: Vector = np.add.reduceat(values[self._joined], self._first)
        return total

    def _add(self, t: int, came: Vector, expected: Vector, spread: Vector, events: Vector, judged: Flags) -> None:
        day = np.stack([came, expected, expected * expected * spread, np.nan_to_num(events)])
        self._sums[t + 1] = self._sums[t] + np.where(judged, day, 0.0)

    def _windows(self, t: int, scale: Matrix, spread: Vector, judged: Flags) -> Seen:
        starts = np.maximum(t + 1 - WINDOWS, 0)
        came, due, variance, events = (self._sums[t + 1] - self._sums[starts]).transpose(1, 0, 2)
        safe = np.where(due > 0, due, 1.0)
        ratio = np.where(due > 0, came / safe, 1.0)
        level = spread / np.clip(self.days_known, 1.0, _LEVEL_DAYS)
        raw = self._raw = np.where(due > 0, variance / (safe * safe) + level, 1.0)
        relative = raw * scale
        tested = judged[None, :] & (events >= LEAST_EVENTS) & (due > 0)
        common = np.stack([self.common[:, start : t + 1].mean(axis=1) for start in starts])
        return Seen(ratio, relative, deviations(ratio, relative), tested, common)

    def _learn(
        self, t: int, came: Vector, of: Vector, due: Vector, expected: Vector, shape: Vector, spread: Vector, events: Vector,
        seen: Seen, free: Flags, special: Flags, weekday: int, known: Flags,
    ) -> None:  # fmt: skip
        plain = known & ~special & ~self.frozen
        stray = np.where(free, came / np.where(expected > 0, expected, 1.0) - 1, 0.0)
        limit = _CLIP * np.sqrt(seen.variance[0])
        kept = np.where(free, np.clip(came, expected * (1 - limit), expected * (1 + limit)), came)
        learning = free & ~special
        self._learn_promotions(came, due, stray, free & special)
        self._learn_scatter(t, stray, spread, events, seen, learning)
        self._drift_days = np.where(learning, self._drift_days * _DRIFT + 1, self._drift_days)
        gone = np.where(learning, np.clip(stray, -limit, limit), 0.0)
        self._drift = np.clip(self._drift + np.where(learning, gone * (1 - _DRIFT) * 0.5, 0.0), -0.2, 0.2)
        self._came = np.where(plain, self._came * _LEVEL + kept, self._came)
        self._due = np.where(plain, self._due * _LEVEL + of * shape, self._due)
        self.days_known = self.days_known + plain
        due_now = np.where(np.isfinite(self.level), self.level, 0.0) * of
        week = plain & (due_now > 0)
        for sums, value in ((self._week_came, kept), (self._week_due, due_now), (self._week_days, np.ones(len(kept)))):
            sums[:, weekday] = np.where(week, sums[:, weekday] * _WEEKDAY + value, sums[:, weekday])
        ratio = np.where(week, kept / np.where(due_now > 0, due_now, 1.0), 0.0)
        weight = np.where(week, 1 / (spread + 0.01), 0.0)
        self._week_pool_came[:, weekday] *= _WEEKDAY
        self._week_pool_due[:, weekday] *= _WEEKDAY
        np.add.at(self._week_pool_came[:, weekday], self._metric, weight * np.minimum(ratio, 5.0))
        np.add.at(self._week_pool_due[:, weekday], self._metric, weight)
        self.level = np.where(self._due > 0, self._came / np.where(self._due > 0, self._due, 1.0), np.nan)
        self.levels[t] = self.level

    def _learn_promotions(self, came: Vector, due: Vector, stray: Vector, special: Flags) -> None:
        if not special.any():
            return
        ratio = np.where(special, np.clip(came / np.where(due > 0, due, 1.0), 0.05, 20.0), 0.0)
        lift, _ = self._lifts(special)
        lifted = ratio * lift
        self._lift_came += np.where(special, lifted, 0.0)
        self._lift_days += special
        np.add.at(self._lift_pool[0], self._metric, np.where(special, lifted, 0.0))
        np.add.at(self._lift_pool[1], self._metric, special.astype(float))
        np.add.at(self._lift_scatter[0], self._metric, np.where(special, np.minimum(stray * stray, 1.0), 0.0))
        np.add.at(self._lift_scatter[1], self._metric, special.astype(float))

    def _learn_scatter(self, t: int, stray: Vector, spread: Vector, events: Vector, seen: Seen, learning: Flags) -> None:
        """Variance: of the metric as a + b over events, and of each series beyond it."""
        fitted = learning & (events >= _LEAST_FITTED)
        square = np.minimum(stray * stray, 9 * spread)
        inverse = 1 / np.maximum(events, 0.5)
        weight = np.where(fitted, 1 / (spread * spread), 0.0)
        self._fit *= _SCALE
        for n, value in enumerate((inverse * inverse, inverse, np.ones(len(stray)), inverse * square, square)):
            self._fit[n] += np.bincount(self._metric, weight * value, self._metrics)
        if t % _REFIT == _REFIT - 1:
            self._refit(events)
        excess = (seen.ratio - 1) ** 2 / self._raw
        excess = np.minimum(excess, 9 * self._pooled[:, self._metric])
        self._waiting.append((excess, seen.tested & learning[None, :]))
        if len(self._waiting) <= _LATER:
            return
        excess, able = self._waiting.popleft()
        able &= ~self.frozen
        self._scatter = np.where(able, self._scatter * _SCALE + excess, self._scatter)
        self._scatter_days = np.where(able, self._scatter_days * _SCALE + 1, self._scatter_days)
        self._scatter_pool *= _SCALE
        for n in range(len(WINDOWS)):
            self._scatter_pool[0, n] += np.bincount(self._metric, np.where(able[n], excess[n], 0.0), self._metrics)
            self._scatter_pool[1, n] += np.bincount(self._metric, able[n].astype(float), self._metrics)

    def _refit(self, events: Vector) -> None:
        """Fit the metrics' variance anew; what series are known to have beyond it stays what it was."""
        before = self._a[self._metric] / np.maximum(events, 0.5) + self._b[self._metric]
        self._a, self._b = _line(self._fit, self._a, self._b)
        times = before / (self._a[self._metric] / np.maximum(events, 0.5) + self._b[self._metric])
        self._scatter *= times
        for excess, _ in self._waiting:
            excess *= times  # noqa: PLW2901  in place
        rows = np.maximum(np.bincount(self._metric, minlength=self._metrics), 1)
        self._scatter_pool[0] *= np.bincount(self._metric, times, self._metrics) / rows

    def freeze(self, row: int, start: int) -> None:
        """Stop a series from learning, and go back to its level before day `start`."""
        self.frozen[row] = True
        before = self.levels[start - 1, row] if start else np.nan
        if np.isfinite(before):
            self._came[row] = before * self._due[row]
            self.level[row] = before

    def thaw(self, row: int, ratio: float) -> None:
        """Let a series learn again, at so many times the level it had."""
        self.frozen[row] = False
        self._came[row] *= ratio
        self.level[row] *= ratio

    def since(self, row: int, start: int, t: int) -> tuple[float, float, float]:
        """What came, what was to come and its relative variance, from day `start` to day `t`."""
        came, due, variance, _ = self._sums[t + 1, :, row] - self._sums[start, :, row]
        return float(came), float(due), float(variance / (due * due)) if due > 0 else np.inf


def deviations(ratio: Matrix, variance: Matrix) -> Matrix:
    """How many standard normal deviations a ratio to its expectation is, of a gamma with that relative variance.

    Wilson and Hilferty (1931): the cube root of a gamma is nearly normal; with 1/variance events, counted one more where fewer
    came than expected, it gives the lower tail of a Poisson to two digits.
    """
    due = 1 / np.maximum(variance, 1e-9)
    low = due * ratio + 1.0
    high = np.maximum(due * ratio, 1e-9)
    below = 3 * np.sqrt(low) * (1 - 1 / (9 * low) - np.cbrt(due / low))
    above = 3 * np.sqrt(high) * (1 - 1 / (9 * high) - np.cbrt(due / high))
    return np.where(ratio < 1, np.minimum(below, 0.0), np.maximum(above, 0.0))


def _line(fit: Matrix, a: Vector, b: Vector) -> tuple[Vector, Vector]:
    """Weighted least squares of squared strays on 1/events, both parts kept from falling below what is plausible."""
    xx, x, one, xy, y = fit
    determinant = xx * one - x * x
    enough = determinant > 1e-9 * xx * one
    safe = np.where(enough, determinant, 1.0)
    slope = np.where(enough, (xy * one - x * y) / safe, a)
    slope = np.maximum(slope, 0.3)
    rest = np.where(one > 0, (y - slope * x) / np.where(one > 0, one, 1.0), b)
    return slope, np.maximum(rest, 0.0004)
