"""Mixtures of normals, one for each cell: moments, tail probabilities, intervals, sums, and expected gains.

How a cell comes to its mixture belongs to `posterior`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtr

from assets.edges.panel import Bools, Floats

BISECTIONS = 28
AT_ZERO = 1e-7  # a quantile as near to zero as this lies on the atom there


@dataclass(frozen=True)
class Mixture:
    """A normal mixture for each cell: (cells, components) each. A variance of 0 is an atom."""

    weight: Floats
    mean: Floats
    variance: Floats

    def of(self, cells: Bools) -> "Mixture":
        """Some of the cells."""
        return Mixture(self.weight[cells], self.mean[cells], self.variance[cells])

    def compared_with(self, mean: Floats, variance: Floats) -> "Mixture":
        """The difference from something else that is normal, with (cells,) mean and variance."""
        return Mixture(self.weight, self.mean - mean[:, None], self.variance + variance[:, None])

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
        mean = np.einsum("ck,ck->c", self.weight, self.mean)
        second = np.einsum("ck,ck->c", self.weight, self.variance + (self.mean - mean[:, None]) ** 2)
        return mean, np.sqrt(second)

    def above(self, threshold: float) -> Floats:
        """(cells,) P(effect > threshold)."""
        sd = np.sqrt(self.variance)
        far = np.where(self.mean > threshold, np.inf, -np.inf)
        u = np.divide(self.mean - threshold, sd, out=far, where=sd > 0.0)
        return np.asarray(np.einsum("ck,ck->c", self.weight, ndtr(u)))

    def below(self, threshold: float) -> Floats:
        """(cells,) P(effect < threshold)."""
        return Mixture(self.weight, -self.mean, self.variance).above(-threshold)

    def quantile(self, level: float) -> Floats:
        """(cells,) the quantile, by bisection on the distribution function; exactly 0 where the atom at 0 holds it."""
        sd = np.sqrt(self.variance)
        scale = np.maximum(sd, 1e-9)
        low = (self.mean - 9.0 * sd).min(axis=1)
        high = (self.mean + 9.0 * sd).max(axis=1)
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            reached = np.einsum("ck,ck->c", self.weight, ndtr((middle[:, None] - self.mean) / scale)) >= level
            high = np.where(reached, middle, high)
            low = np.where(reached, low, middle)
        found = 0.5 * (low + high)
        return np.where(np.abs(found) < AT_ZERO, 0.0, found)

    def expected_gain(self) -> Floats:
        """(cells,) E(exp(effect) - 1)."""
        return np.asarray(np.einsum("ck,ck->c", self.weight, np.expm1(self.mean + 0.5 * self.variance)))

    def expected_upside(self) -> Floats:
        """(cells,) E(max(exp(effect) - 1, 0)): what is gained where one may still choose to do nothing."""
        sd = np.sqrt(self.variance)
        far = np.where(self.mean > 0.0, np.inf, -np.inf)
        u = np.divide(self.mean, sd, out=far, where=sd > 0.0)
        gain = np.exp(self.mean + 0.5 * self.variance + log_ndtr(u + sd)) - ndtr(u)
        return np.asarray(np.einsum("ck,ck->c", self.weight, gain))
