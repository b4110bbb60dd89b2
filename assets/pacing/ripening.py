"""What refunds of a period's orders are still to come: their mean, and how far from it they may end.

A period's final refunds are those that came, and of the share still to come as much as its own rate so far and the recent one say
together: a gamma prior for the period's rate, against which what came weighs by the sales it stands for. The variance counts that
refunds are lumps, that periods' rates differ by more than chance, and that neither recent rate nor curve is known exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from assets.pacing.delays import FINAL, Array, Curve, Seen

LEVEL = 182  # days of orders that tell the recent rate
LEVEL_PULL = 5.0  # refunds elsewhere that speak against a store's or a category's own rate
FIRST_GUESS = 0.05  # the rate of stores of which nothing is known
ROUGH, ROUGH_WEEKS = 0.04, 4.0  # weeks' rates differ by a fifth until so many weeks say otherwise


@dataclass(frozen=True)
class Cell:
    """A category of a store, or all of it: per day from the store's first to its last, none left out, in cents.

    Days of which one of them is not known are marked and hold nothing. `ages` are the days from each day to the last whose
    refunds are known. `size` is the size of a refund, of two unlike ones nearer the larger.
    """

    sales: NDArray[np.int64]
    refunds: NDArray[np.int64]
    no_sales: NDArray[np.bool_]
    no_refunds: NDArray[np.bool_]
    ages: NDArray[np.int64]
    seen: Seen
    size: float

    @property
    def recent(self) -> NDArray[np.bool_]:
        """The days that tell the recent rate."""
        return (self.ages >= 0) & (self.ages < LEVEL) & ~self.no_sales & ~self.no_refunds


@dataclass(frozen=True)
class Level:
    """What a cell's refunds are like.

    `rate` is their share of sales, `error` its relative standard error, `lump` the size of one, `roughness` the relative variance
    of a week's own rate.
    """

    rate: float
    error: float
    lump: float
    roughness: float


@dataclass(frozen=True)
class Ahead:
    """What is still to come of a period, mean and variance; its sales, and those of them whose refunds are yet to come."""

    mean: float
    variance: float
    sales: float
    unripe: float


def usual(cells: Sequence[Cell], curve: Curve) -> float:
    """The recent rate of many stores: each counts refunds of its own size, so that currencies are never added."""
    came = ripe = 0.0
    for cell in cells:
        if cell.size:
            recent = cell.recent
            came += float(cell.refunds[recent].sum()) / cell.size
            ripe += float((curve.at(cell.ages[recent]) * np.maximum(cell.sales[recent], 0)).sum()) / cell.size
    return (came + LEVEL_PULL * FIRST_GUESS) / (ripe + LEVEL_PULL)


def level_of(cell: Cell, curve: Curve, elsewhere: float, size: float = 0.0) -> Level:
    """The level of a cell's last half year, its rate drawn to that elsewhere.

    Args:
        cell: what came of it.
        curve: how its refunds come.
        elsewhere: the rate it is drawn to.
        size: the size of a refund where the cell has had none; a day's usual sales where that is not known either.
    """
    recent = cell.recent
    sold = cell.sales[cell.sales > 0]
    size = cell.size or size or (float(np.median(sold)) if sold.size else 1.0)
    ripe = curve.at(cell.ages[recent]) * np.maximum(cell.sales[recent], 0)
    came = cell.refunds[recent].astype(float)
    rate = (came.sum() + LEVEL_PULL * size) / (ripe.sum() + LEVEL_PULL * size / elsewhere)
    due = rate * ripe
    noise = ((came - due) ** 2).sum() + LEVEL_PULL * size**2
    lump = noise / (due.sum() + LEVEL_PULL * size)
    weeks = cell.ages[recent] // 7
    due_of, came_of = (np.bincount(weeks, each, minlength=1) for each in (due, came))
    told = due_of > 0
    scale = (due_of[told] ** 2).mean() if told.any() else 1.0
    beyond = ((came_of[told] - due_of[told]) ** 2 - lump * due_of[told]).sum() + ROUGH * ROUGH_WEEKS * scale
    roughness = max(1e-4, beyond / ((due_of[told] ** 2).sum() + ROUGH_WEEKS * scale))
    error = sqrt(lump / (due.sum() + LEVEL_PULL * size) + roughness / max(1, told.sum()))
    return Level(rate, error, lump, roughness)


def ahead(cell: Cell, days: slice, curve: Curve, level: Level) -> Ahead:
    """What is still to come of some days in a row; nothing once all of them are `FINAL` days old."""
    sales, ages = np.maximum(cell.sales[days], 0).astype(float), cell.ages[days]
    came = float(cell.refunds[days].sum())
    share = curve.at(ages)
    ripe, unripe = float((share * sales).sum()), float(((1 - share) * sales).sum())
    if unripe <= 0 or (ages >= FINAL).all():
        return Ahead(0.0, 0.0, ripe + unripe, 0.0)
    weeks = max(1.0, len(sales) / 7)
    firm = level.lump * weeks / (level.rate * level.roughness)  # sales that weigh as much as the recent rate
    rate = (came + firm * level.rate) / (ripe + firm)
    mean = unripe * rate
    bent = float((sales * share * curve.error_at(ages)).sum()) * rate * (1 + unripe / (ripe + firm))
    raised = mean * level.error * firm * level.rate / (came + firm * level.rate)
    variance = level.lump * mean * (1 + unripe / (ripe + firm)) + bent**2 + raised**2
    return Ahead(mean, variance, ripe + unripe, unripe)


def size_of(amounts: Array, numbers: Array) -> float:
    """The mean size of a refund as a cent of refunds meets it, of groups of so many refunds; zero without any."""
    return float((amounts**2 / numbers).sum() / amounts.sum()) if amounts.sum() > 0 else 0.0
