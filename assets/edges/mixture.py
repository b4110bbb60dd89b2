"""Mixtures of normals, one for each cell: moments, tail probabilities, intervals, sums, and expected gains.

How a cell comes to its mixture belongs to `posterior`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from assets.edges.panel import Bools, Floats

AT_ZERO = 1e-7  # a quantile as near to zero as this lies on the atom there
STEPS, CLOSE = 60, 1e-9  # to a quantile, and as near to it as is enough
ROOT_TWO_PI = float(np.sqrt(2.0 * np.pi))
CELLS_AT_ONCE = 4_096  # what fits a processor's cache
WEIGHTLESS = 1e-12  # a component that weighs less in every cell is left out
Told = ParamSpec("Told")


def _by_parts(told: Callable[Concatenate["Mixture", Told], Floats]) -> Callable[Concatenate["Mixture", Told], Floats]:
    """Work out something of every cell for some cells at a time, each time without the components that weigh nothing in them."""

    def joined(mixture: "Mixture", /, *args: Told.args, **kwargs: Told.kwargs) -> Floats:
        parts = [told(part, *args, **kwargs) for part in mixture.parts()]
        return np.concatenate(parts, axis=-1) if parts else told(mixture, *args, **kwargs)

    joined.__doc__ = told.__doc__
    return joined


@dataclass(frozen=True)
class Mixture:
    """A normal mixture for each cell: (cells, components) each. A variance of 0 is an atom."""

    weight: Floats
    mean: Floats
    variance: Floats

    def of(self, cells: Bools) -> "Mixture":
        """Some of the cells."""
        return Mixture(self.weight[cells], self.mean[cells], self.variance[cells])

    def parts(self) -> Iterator["Mixture"]:
        """All cells, some at a time, in each part the components alone that weigh anything there."""
        for start in range(0, len(self.weight), CELLS_AT_ONCE):
            part = slice(start, start + CELLS_AT_ONCE)
            weighs = self.weight[part].max(axis=0) >= WEIGHTLESS
            yield Mixture(*(each[part][:, weighs] for each in (self.weight, self.mean, self.variance)))

    def compared_with(self, mean: Floats, variance: Floats) -> "Mixture":
        """The difference from something else that is normal, with (cells,) mean and variance."""
        return Mixture(self.weight, self.mean - mean[:, None], self.variance + variance[:, None])

    def less_sure(self, variance: Floats) -> "Mixture":
        """The same, every component but atoms wider by (cells,) a variance."""
        return Mixture(self.weight, self.mean, np.where(self.variance > 0.0, self.variance + variance[:, None], 0.0))

    def at_zero(self) -> Floats:
        """(cells,) the weight of an atom at zero."""
        return np.asarray(np.where((self.variance == 0.0) & (self.mean == 0.0), self.weight, 0.0).sum(axis=1))

    def condensed(self, run: int) -> "Mixture":
        """Every `run` neighbouring components as one of the same weight, mean and variance."""
        shape = (len(self.weight), self.weight.shape[1] // run, run)
        each, means = self.weight.reshape(shape), self.mean.reshape(shape)
        weight = each.sum(axis=2)
        part = each / np.maximum(weight, 1e-300)[:, :, None]
        mean = np.einsum("ckn,ckn->ck", part, means)
        spread = self.variance.reshape(shape) + (means - mean[:, :, None]) ** 2
        return Mixture(weight, mean, np.einsum("ckn,ckn->ck", part, spread))

    def plus(self, other: "Mixture") -> "Mixture":
        """The sum of two independent effects."""
        flat = (len(self.weight), self.weight.shape[1] * other.weight.shape[1])
        weight = self.weight[:, :, None] * other.weight[:, None, :]
        mean = self.mean[:, :, None] + other.mean[:, None, :]
        variance = self.variance[:, :, None] + other.variance[:, None, :]
        return Mixture(weight.reshape(flat), mean.reshape(flat), variance.reshape(flat))

    def moments(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation, (cells,) each."""
        mean, sd = self._moments()
        return mean, sd

    @_by_parts
    def _moments(self) -> Floats:
        mean = np.einsum("ck,ck->c", self.weight, self.mean)
        second = np.einsum("ck,ck->c", self.weight, self.variance + (self.mean - mean[:, None]) ** 2)
        return np.stack([mean, np.sqrt(second)])

    @_by_parts
    def above(self, threshold: float) -> Floats:
        """(cells,) P(effect > threshold)."""
        sd = np.sqrt(self.variance)
        far = np.where(self.mean > threshold, np.inf, -np.inf)
        u = np.divide(self.mean - threshold, sd, out=far, where=sd > 0.0)
        return np.asarray(np.einsum("ck,ck->c", self.weight, ndtr(u)))

    def below(self, threshold: float) -> Floats:
        """(cells,) P(effect < threshold)."""
        return Mixture(self.weight, -self.mean, self.variance).above(-threshold)

    @_by_parts
    def quantile(self, level: float) -> Floats:
        """(cells,) the quantile; exactly 0 where the atom at 0 holds it.

        Newton's steps on the distribution function between what is known to lie below and above; where they leave these bounds,
        or do not halve from one to the next, the bounds are halved.
        """
        sd = np.sqrt(self.variance)
        mean, spread = self._moments()
        below = self.below(0.0)
        left_of_zero, at_zero = level <= below, (level > below) & (level <= below + self.at_zero())
        low = np.where(left_of_zero, (self.mean - 9.0 * sd).min(axis=1), 0.0)
        high = np.where(left_of_zero, 0.0, (self.mean + 9.0 * sd).max(axis=1))
        found = np.where(at_zero, 0.0, np.clip(mean + float(ndtri(level)) * spread, low, high))
        moved = high - low
        left = np.flatnonzero(~at_zero)
        for _ in range(STEPS):
            if not left.size:
                break
            at, scale = found[left], np.maximum(sd[left], 1e-9)
            u = (at[:, None] - self.mean[left]) / scale
            over = np.einsum("ck,ck->c", self.weight[left], ndtr(u)) - level
            slope = np.einsum("ck,ck->c", self.weight[left], np.exp(-0.5 * u * u) / scale) / ROOT_TWO_PI
            high[left] = np.where(over >= 0.0, at, high[left])
            low[left] = np.where(over >= 0.0, low[left], at)
            step = at - np.divide(over, slope, out=np.full_like(over, np.inf), where=slope > 0.0)
            steady = (step >= low[left]) & (step <= high[left]) & (np.abs(step - at) <= 0.5 * moved[left])
            found[left] = np.where(steady, step, 0.5 * (low[left] + high[left]))
            moved[left] = np.abs(found[left] - at)
            left = left[moved[left] > CLOSE]
        return np.where(np.abs(found) < AT_ZERO, 0.0, found)

    @_by_parts
    def expected_gain(self) -> Floats:
        """(cells,) E(exp(effect) - 1)."""
        return np.asarray(np.einsum("ck,ck->c", self.weight, np.expm1(self.mean + 0.5 * self.variance)))

    @_by_parts
    def expected_upside(self) -> Floats:
        """(cells,) E(max(exp(effect) - 1, 0)): what is gained where one may still choose to do nothing."""
        sd = np.sqrt(self.variance)
        far = np.where(self.mean > 0.0, np.inf, -np.inf)
        u = np.divide(self.mean, sd, out=far, where=sd > 0.0)
        gain = np.exp(self.mean + 0.5 * self.variance + log_ndtr(u + sd)) - ndtr(u)
        return np.asarray(np.einsum("ck,ck->c", self.weight, gain))
