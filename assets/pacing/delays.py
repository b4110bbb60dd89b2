"""How refunds come in: the share of those a day's orders will see that has come at each age of the day.

Recent days have shown their quick refunds alone. What is estimated is therefore the hazard backwards in time: of the refunds that
came by an age, the share that came on it, over the days old enough to tell (Lagakos, Barraj and De Gruttola 1988, Biometrika 75;
in insurance, the chain ladder). Shares kept from later ages multiply to a curve that never falls and ends at one. It takes no
account of how much is refunded, so that a level which moved cannot be taken for slowness.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FINAL = 90  # days after which what is still to come is not waited for
WINDOW = 365  # days of orders whose refunds tell the habit
PULL = 30.0  # refunds of others that speak against a store's or a category's own
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """Refunds per age as far as they are seen, in numbers of refunds: those that came on it, and by it, over days old enough."""

    on: Array
    by: Array

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(self.on + other.on, self.by + other.by)


@dataclass(frozen=True)
class Curve:
    """Per age from 0 to `FINAL` the share that has come, and the standard deviation of its logarithm."""

    share: Array
    error: Array

    def at(self, ages: NDArray[np.int64]) -> Array:
        """The share at some ages: nothing before a day, all after the last."""
        return np.where(ages < 0, 0.0, self.share[np.clip(ages, 0, FINAL)])

    def error_at(self, ages: NDArray[np.int64]) -> Array:
        """The error at some ages: none where all has come."""
        return np.where(ages < 0, 0.0, self.error[np.clip(ages, 0, FINAL)])


def seen(delays: NDArray[np.int64], ages: NDArray[np.int64], numbers: Array) -> Seen:
    """Count refunds.

    Args:
        delays: per group of refunds the days from the order's day to the refund's.
        ages: the days from the order's day to the last day known, no less than `delays`.
        numbers: how many refunds they are; amounts over the amount of one.
    """
    told = (delays <= FINAL) & (ages <= WINDOW) & (ages >= delays)
    delays, ages, numbers = np.maximum(delays[told], 0), np.minimum(ages[told], FINAL), numbers[told]
    on, steps = np.zeros(FINAL + 1), np.zeros(FINAL + 2)
    np.add.at(on, delays, numbers)
    np.add.at(steps, delays, numbers)
    np.add.at(steps, ages + 1, -numbers)
    return Seen(on, np.maximum(np.cumsum(steps)[:-1], 0.0))


def curve_of(own: Seen, wider: Sequence[Seen]) -> Curve:
    """The curve of what is seen, drawn to what wider groups show, the widest last.

    Each age's hazard is that of a group with `PULL` refunds of the next wider one's among its own.
    """
    hazard, weight = np.zeros(FINAL + 1), np.zeros(FINAL + 1)
    for group in (*reversed(wider), own):
        pull = np.where(weight > 0, PULL, 0.0)
        weight = group.by + pull
        hazard = np.divide(group.on + pull * hazard, weight, out=np.zeros(FINAL + 1), where=weight > 0)
    hazard[0] = 0.0  # what came on the day itself came by it
    hazard = np.minimum(hazard, 1 - 1e-9)
    spread = np.divide(hazard, (1 - hazard) * weight, out=np.zeros(FINAL + 1), where=weight > 0)
    share = np.append(np.cumprod((1 - hazard)[:0:-1])[::-1], 1.0)
    beyond = np.append(np.cumsum(spread[:0:-1])[::-1], 0.0)
    return Curve(share, np.sqrt(beyond))
