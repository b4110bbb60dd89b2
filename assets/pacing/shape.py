"""The shape of a store's days: weekdays, months of the year, promotions; and what is to come at the store's recent level.

A day weighs 1 where it is like the store's mean day. What is learned from few days is drawn towards 1.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

LEAST_DAYS = 28  # below this many plain days a store has no shape of its own
WEEKDAY_PULL, MONTH_PULL, PROMOTION_PULL = 2, 7, 3  # mean days that speak against a weekday, a month, a promotion
YEAR = 365
RECENT = 56  # days that tell the level
LEAST_RECENT = 14
DRIFT, DRIFT_PULL = 0.006, 4  # a level moves by a thirteenth a week, until so many weeks say otherwise
DRIFT_WEEKS = 26
LEAST_DRIFT = 0.0005
_FITTED = 8  # what the residuals have lost: seven weekdays and the level


@dataclass(frozen=True)
class Shape:
    """What a day weighs: its weekday, its month and, on a promotion, that."""

    weekdays: tuple[float, ...] = (1.0,) * 7
    months: tuple[float, ...] = (1.0,) * 12
    promotion: float = 1.0

    def weight(self, day: date, promoted: AbstractSet[date]) -> float:
        """How many mean days the day is worth."""
        return self.weekdays[day.weekday()] * self.months[day.month - 1] * (self.promotion if day in promoted else 1.0)

    def total(self, days: Sequence[date], promoted: AbstractSet[date]) -> float:
        """How many mean days some days are worth together."""
        return sum(self.weight(day, promoted) for day in days)


@dataclass(frozen=True)
class Outlook:
    """What is to come on some days: its mean and variance, and the size of the lumps it comes in."""

    mean: float
    variance: float
    lump: float


def learned(history: Mapping[date, float], promoted: AbstractSet[date]) -> Shape:
    """The shape of past days."""
    plain = [day for day in history if day not in promoted]
    if len(plain) < LEAST_DAYS or sum(history[day] for day in plain) <= 0:
        return Shape()
    mean = sum(history[day] for day in plain) / len(plain)
    weekdays = _drawn([(day.weekday(), history[day], mean) for day in plain], 7, WEEKDAY_PULL, mean)
    months: tuple[float, ...] = (1.0,) * 12
    grown = _growth({day: history[day] / weekdays[day.weekday()] for day in plain})
    if grown is not None:
        year = [day for day in plain if day > max(plain) - timedelta(days=YEAR)]
        level = {day: weekdays[day.weekday()] * grown ** ((day - max(plain)).days / YEAR) for day in year}
        scale = sum(history[day] for day in year) / sum(level.values())
        months = _drawn([(day.month - 1, history[day], scale * level[day]) for day in year], 12, MONTH_PULL, scale)
    known = Shape(weekdays, months)
    special = [day for day in history if day in promoted]
    expected = mean * known.total(special, frozenset())
    lift = (sum(history[day] for day in special) + PROMOTION_PULL * mean) / (expected + PROMOTION_PULL * mean)
    return Shape(weekdays, months, lift)


def _growth(level: Mapping[date, float]) -> float | None:
    """What the last eight weeks made over the same weeks a year before; None where those are not known.

    Only beside it can months be told from growth: a store that grows all year has no season for it.
    """
    recent = [day for day in level if day > max(level) - timedelta(days=RECENT)]
    pairs = [(level[day], level[day - timedelta(days=52 * 7)]) for day in recent if day - timedelta(days=52 * 7) in level]
    now, before = sum(one for one, _ in pairs), sum(other for _, other in pairs)
    return now / before if len(pairs) >= LEAST_DAYS and now > 0 and before > 0 else None


def _drawn(seen: Sequence[tuple[int, float, float]], groups: int, pull: int, mean: float) -> tuple[float, ...]:
    """Of groups of days what came over what was to come, drawn to one, with mean one over the groups."""
    came, due = [pull * mean] * groups, [pull * mean] * groups
    for group, value, expected in seen:
        came[group] += value
        due[group] += expected
    ratios = [one / other for one, other in zip(came, due, strict=True)]
    return tuple(ratio * groups / sum(ratios) for ratio in ratios)


def outlook(history: Mapping[date, float], to_come: Sequence[date], shape: Shape, promoted: AbstractSet[date]) -> Outlook | None:
    """What is to come, at the level of the last eight weeks; None where too few days are known.

    The variance has three parts: days vary about their level, the level is known from so many days, and it drifts from week to
    week as it did in the past.
    """
    if not history:
        return None
    last = max(history)
    recent = [day for day in history if day > last - timedelta(days=RECENT)]
    weight = shape.total(recent, promoted)
    if len(recent) < LEAST_RECENT or weight <= 0:
        return None
    level = sum(history[day] for day in recent) / weight
    mean = level * shape.total(to_come, promoted)
    if level <= 0:
        return None
    due = {day: level * shape.weight(day, promoted) for day in recent}
    noise = sum((history[day] - due[day]) ** 2 / due[day] for day in recent) / (len(recent) - _FITTED)
    drift = _drift(history, shape, promoted, noise, last)
    weeks_behind, weeks_ahead = len(recent) / 7, len(to_come) / 7
    relative = noise / sum(due.values()) + drift * (weeks_behind + weeks_ahead) / 3
    return Outlook(mean, noise * mean + mean * mean * relative, noise) if noise > 0 else None


def _drift(history: Mapping[date, float], shape: Shape, promoted: AbstractSet[date], noise: float, last: date) -> float:
    """Variance a week of the level, relative: what weeks differ beyond what their days' noise explains, drawn to the usual."""
    came, weight = [0.0] * DRIFT_WEEKS, [0.0] * DRIFT_WEEKS
    for day, value in history.items():
        week = (last - day).days // 7
        if week < DRIFT_WEEKS:
            came[week] += value
            weight[week] += shape.weight(day, promoted)
    beyond = squares = 0.0
    steps = [pair for pair in pairwise(zip(came, weight, strict=True)) if pair[0][1] > 0 and pair[1][1] > 0]
    for (one, one_weight), (other, other_weight) in steps:
        level = (one + other) / (one_weight + other_weight)
        beyond += (one / one_weight - other / other_weight) ** 2 - noise * level * (1 / one_weight + 1 / other_weight)
        squares += level * level
    usual = DRIFT_PULL * squares / len(steps) if squares else 1.0
    return max(LEAST_DRIFT, (beyond + DRIFT * usual) / (squares + usual))
