"""The shape of a store's days: weekdays, months of the year, promotions; and what is to come at the store's recent level.

A day weighs 1 where it is like the store's mean day. What is learned from few days is drawn towards 1.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

LEAST_DAYS = 28  # below this many plain days a store has no shape of its own
WEEKDAY_PULL, MONTH_PULL, PROMOTION_PULL = 2, 7, 3  # mean days that speak against a weekday, a month, a promotion
YEAR = 365
RECENT = 56  # days that tell the level
LEAST_RECENT = 14
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
    """What is to come on some days: its mean and standard deviation, and on how many free residuals that rests."""

    mean: float
    deviation: float
    freedom: int


def learned(history: Mapping[date, float], promoted: AbstractSet[date]) -> Shape:
    """The shape of past days."""
    plain = [day for day in history if day not in promoted]
    if len(plain) < LEAST_DAYS or sum(history[day] for day in plain) <= 0:
        return Shape()
    mean = sum(history[day] for day in plain) / len(plain)
    weekdays = _drawn([(day.weekday(), history[day], mean) for day in plain], 7, WEEKDAY_PULL, mean)
    months: tuple[float, ...] = (1.0,) * 12
    if (max(plain) - min(plain)).days + 1 >= YEAR:
        year = [day for day in plain if day > max(plain) - timedelta(days=YEAR)]
        months = _drawn([(day.month - 1, history[day], mean * weekdays[day.weekday()]) for day in year], 12, MONTH_PULL, mean)
    known = Shape(weekdays, months)
    special = [day for day in history if day in promoted]
    expected = mean * known.total(special, frozenset())
    lift = (sum(history[day] for day in special) + PROMOTION_PULL * mean) / (expected + PROMOTION_PULL * mean)
    return Shape(weekdays, months, lift)


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
    freedom = len(recent) - _FITTED
    noise = sum((history[day] - due[day]) ** 2 / due[day] for day in recent) / freedom
    drift = _drift(history, due, noise, last)
    weeks_behind, weeks_ahead = len(recent) / 7, len(to_come) / 7
    relative = noise / sum(due.values()) + drift * (weeks_behind + weeks_ahead) / 3
    return Outlook(mean, sqrt(noise * mean + mean * mean * relative), freedom)


def _drift(history: Mapping[date, float], due: Mapping[date, float], noise: float, last: date) -> float:
    """Variance a week of the level, relative: what weeks differ beyond what their days' noise explains."""
    came, expected = [0.0] * (RECENT // 7), [0.0] * (RECENT // 7)
    for day, one in due.items():
        week = (last - day).days // 7
        came[week] += history[day]
        expected[week] += one
    known = [(one / other, noise / other) for one, other in zip(came, expected, strict=True) if other > 0]
    steps = [(later[0] - earlier[0]) ** 2 - later[1] - earlier[1] for earlier, later in pairwise(known)]
    return max(0.0, sum(steps) / len(steps)) if steps else 0.0
