"""How far a cell's weeks stray by chance: overdispersion with memory, store-wide shocks, and each cell's own factor.

Streaks, promotions and quiet weeks make neighbouring days alike; counted as independent they look like edges. Here their size is
measured from the weeks themselves. What is left of a cell after this noise belongs to `prior` and `posterior`.
"""

from dataclasses import dataclass, fields

import numpy as np
from scipy.linalg import toeplitz

from assets.edges.baseline import Standardised
from assets.edges.panel import Bools, Floats, Grid, Ints, sum_by

CELLS_AT_ONCE = 2_048  # what fits a processor's cache
FIRST_RHO = 0.02
ROUNDS = 12
DAMPING = 0.5  # the share of a round's estimate that is taken over
LONGEST_MEMORY = 6  # weeks
LEAST_OBSERVED = 5.0  # events a cell needs to say something about noise
LEAST_WEEKS = 4  # active weeks it needs
SLOWEST_FADING = 0.95  # a week
FORGOTTEN = 0.02  # of a week's own variance
STORE_PRIOR = 20.0  # pseudo week-cells that hold a store's noise to the common one
LEAST_PER_BLOCK = 0.5  # independent events a week needs to tell of a cell's own factor
FACTOR_PRIOR = 4.0  # degrees of freedom of the cell factor's prior, at least
FACTOR_PRIOR_MOST = 200.0
LEAST_FACTOR = 0.8
STORE_KURTOSIS = 4.0  # variance of the log of a store's overdispersion, times the week-cells that tell of it
LEAST_DOUBT = 0.3  # no model of noise is better known than this


@dataclass(frozen=True)
class Noise:
    """Squared relative noise, by cell.

    Attributes:
        rho: (cells,) variance of the cell's total beyond independent events, relative to its square, before `factor`.
        factor: (cells,) the cell's own multiple of all its noise (psi).
        weekly: (cells,) the same of a single week, as the store has it.
        shock: (cells,) the part of a total's relative variance that all of the store's segments share.
        doubt: (cells,) standard deviation of the log of the noise itself: how well its size is known.
    """

    rho: Floats
    factor: Floats
    weekly: Floats
    shock: Floats
    doubt: Floats


@dataclass(frozen=True)
class _Weeks:
    """The cells that tell of noise: residuals about each cell's own mean, (cells, blocks)."""

    phi: Floats  # (cells, 1)
    share: Floats
    fitted: Floats
    residual: Floats
    reference: Floats  # variance of the peers' week factor, in units of a cell's own

    @classmethod
    def of(cls, panel: Standardised, cells: Bools) -> "_Weeks":
        observed, expected = panel.observed[cells], panel.expected[cells]
        share = expected / expected.sum(axis=1, keepdims=True)
        fitted = observed.sum(axis=1, keepdims=True) * share
        return cls(panel.phi[cells, None], share, fitted, observed - fitted, panel.reference[cells])

    def parts(self) -> list["_Weeks"]:
        """All cells, some at a time."""
        starts = range(0, len(self.phi), CELLS_AT_ONCE)
        names = [each.name for each in fields(self)]
        return [_Weeks(*(getattr(self, name)[start : start + CELLS_AT_ONCE] for name in names)) for start in starts]

    def root_weight(self, rho: float) -> Floats:
        """Root of the inverse squared variance, relative to what is fitted."""
        return np.asarray(1.0 / (self.phi + rho * self.fitted))

    def row_sums(self, rho: Floats) -> Floats:
        """Sums of the model covariance over the other index."""
        return np.asarray(self.phi * self.fitted + self.fitted * (self.fitted @ toeplitz(rho)))

    def by_lag(self, rho: Floats, lags: int) -> tuple[Floats, Floats]:
        """(lags,) products of residuals so many weeks apart, less what fitting took out, summed over all cells; and the divisors.

        The moments are weighted by the inverse of both variances.
        """
        root, sums = self.root_weight(float(rho[0])), self.row_sums(rho)
        share, crossed = root * self.share, (root * self.share).T @ (root * sums)
        bias = share.T @ (sums.sum(axis=1, keepdims=True) * share) - crossed - crossed.T
        residual, fitted = root * self.residual, root * self.fitted * np.sqrt(1.0 + self.reference)
        product, divisor = residual.T @ residual - bias, fitted.T @ fitted
        above, below = (np.array([np.trace(matrix, lag) for lag in range(lags)]) for matrix in (product, divisor))
        above[0] -= float((root**2 * self.phi * self.fitted).sum())
        return above, below

    def by_week(self, rho: Floats) -> tuple[Floats, Floats]:
        """(cells, blocks) the same of each single week."""
        squared, sums = self.root_weight(float(rho[0])) ** 2, self.row_sums(rho)
        bias = self.share * (sums.sum(axis=1, keepdims=True) * self.share - 2.0 * sums)
        above = squared * (self.residual**2 - bias - self.phi * self.fitted)
        return above, squared * self.fitted**2 * (1.0 + self.reference)


def noise(grid: Grid, panel: Standardised) -> Noise:
    """Noise by weighted moments of the weekly residuals.

    The total of a cell over its weeks b has relative variance rho_i * sum acf(|b-b'|) e_b e_b', with e the weeks' shares of what
    is expected; rho_i is the store's overdispersion, held to the common one by `STORE_PRIOR` pseudo observations.
    """
    tells = _telling(panel)
    told = _Weeks.of(panel, tells)
    memory = _memory(told, grid.blocks)
    store = grid.store[tells]
    stores = len(grid.stores)
    own, count = _store_rho(told, memory, store, stores)
    correlation = memory / memory[0] if memory[0] > 0.0 else np.eye(1, len(memory))[0]
    together, _ = _store_wide_rho(told, float(memory[0]), store, stores)
    by_store = grid.by_store(panel.expected)
    shock = np.minimum(together, own) * concentration(by_store, correlation)
    rho = own[grid.store] * concentration(panel.expected, correlation)
    factor, freedom = _cell_factor(panel, own[grid.store])
    doubt = np.sqrt(LEAST_DOUBT**2 + STORE_KURTOSIS / (count[grid.store] + STORE_PRIOR) + 2.0 / freedom)
    return Noise(rho, factor, own[grid.store], np.minimum(shock[grid.store], rho), doubt)


def shared(first: Standardised, first_noise: Noise, second: Standardised, second_noise: Noise) -> Floats:
    """(cells,) relative covariance of two metrics' totals: what moves both in the same weeks; 0 where they move apart.

    The correlation of their weekly noise is one for all cells, by weighted moments; the totals are taken to be as correlated.
    """
    tells = _telling(first) & _telling(second)
    one, other = _Weeks.of(first, tells), _Weeks.of(second, tells)
    rho, rho_other = first_noise.weekly[tells, None], second_noise.weekly[tells, None]
    weight = 1.0 / ((one.phi + rho * one.fitted) * (other.phi + rho_other * other.fitted))
    together = float((weight * one.residual * other.residual).sum())
    most = float((weight * one.fitted * other.fitted * np.sqrt(rho * rho_other)).sum())
    correlation = min(max(together / most, 0.0), 1.0) if most > 0.0 else 0.0
    return correlation * np.sqrt(first_noise.rho * second_noise.rho)


def concentration(expected: Floats, correlation: Floats) -> Floats:
    """Sum acf(|b-b'|) e_b e_b' for each row of (rows, blocks): 1 where one week holds all, less the more weeks there are."""
    total = expected.sum(axis=1, keepdims=True)
    share = np.divide(expected, total, out=np.zeros_like(expected), where=total > 0.0)
    return np.where(total[:, 0] > 0.0, np.einsum("cb,cb->c", share @ toeplitz(correlation), share), 1.0)


def _telling(panel: Standardised) -> Bools:
    enough = (panel.observed.sum(axis=1) >= LEAST_OBSERVED) & (panel.active.sum(axis=1) >= LEAST_WEEKS)
    return np.asarray(enough & (panel.expected.sum(axis=1) > 0.0))


def _memory(told: _Weeks, blocks: int) -> Floats:
    """rho_0, rho_1, …: relative covariance of weeks 0, 1, … apart; not negative, not rising."""
    longest = min(LONGEST_MEMORY, blocks // 3)
    rho = np.zeros(blocks)
    rho[0] = FIRST_RHO
    if len(told.phi) == 0:
        return rho
    parts = told.parts()
    for _ in range(ROUNDS):
        above, below = np.sum([part.by_lag(rho, longest + 1) for part in parts], axis=0)
        found = np.maximum(above / np.maximum(below, 1e-300), 0.0)
        rho = (1.0 - DAMPING) * rho + DAMPING * _faded(np.minimum.accumulate(found), blocks)
    return rho


def _faded(rho: Floats, blocks: int) -> Floats:
    """The memory beyond the longest lag measured: fading on at the rate it has faded so far."""
    known = len(rho) - 1
    faded = np.zeros(blocks)
    faded[: len(rho)] = rho
    if known and rho[0] > 0.0:
        fade = min((rho[-1] / rho[0]) ** (1.0 / known), SLOWEST_FADING)
        faded[known + 1 :] = rho[-1] * fade ** np.arange(1, blocks - known)
    return np.where(faded >= FORGOTTEN * rho[0], faded, 0.0)


def _store_rho(told: _Weeks, memory: Floats, store: Ints, stores: int) -> tuple[Floats, Floats]:
    """(stores,) overdispersion of a store's weeks, held to the common one; and the week-cells that tell of it."""
    above, below = told.by_week(memory)
    top = sum_by(store, above.sum(axis=1), stores)
    bottom = sum_by(store, below.sum(axis=1), stores)
    squared = sum_by(store, (below**2).sum(axis=1), stores)
    return _held(top, bottom, squared, float(memory[0]))


def _held(above: Floats, below: Floats, squared: Floats, common: float) -> tuple[Floats, Floats]:
    own = np.divide(above, below, out=np.zeros_like(above), where=below > 0.0)
    count = np.divide(below**2, squared, out=np.zeros_like(below), where=squared > 0.0)
    return (count * np.maximum(own, 0.0) + STORE_PRIOR * common) / (count + STORE_PRIOR), count


def _store_wide_rho(told: _Weeks, rho: float, store: Ints, stores: int) -> tuple[Floats, Floats]:
    """(stores,) relative covariance of two segments of a store in the same week, held to the common one; and its count."""
    blocks = told.share.shape[1]
    root = told.root_weight(rho)
    residual, fitted = root * told.residual, root * told.fitted

    def pairs(values: Floats) -> Floats:
        return sum_by(store, values, stores) ** 2 - sum_by(store, values**2, stores)

    loss = 1.0 - 1.0 / blocks if blocks > 1 else 1.0
    above, below = pairs(residual) / loss, pairs(fitted)
    total = below.sum()
    common = max(float(above.sum() / total), 0.0) if total > 0.0 else 0.0
    return _held(above.sum(axis=1), below.sum(axis=1), (below**2).sum(axis=1), common)


def _cell_factor(panel: Standardised, rho: Floats) -> tuple[Floats, Floats]:
    """(cells,) psi, the cell's own noise over the model's, and the degrees of freedom it rests on.

    Moderated as variances are (Smyth 2004). A sparse cell's variance says little: its own degrees of freedom are cut by the
    kurtosis of counts.
    """
    phi = panel.phi[:, None]
    total = panel.expected.sum(axis=1, keepdims=True)
    share = np.divide(panel.expected, total, out=np.zeros_like(panel.expected), where=total > 0.0)
    mu = panel.observed.sum(axis=1, keepdims=True) * share
    used = (mu > LEAST_PER_BLOCK * phi) & (share < 1.0)
    safe = np.where(used, mu, 1.0)
    over = rho[:, None] * (1.0 + panel.reference) * safe
    variance = phi * safe + over * safe
    squares = np.where(used, (panel.observed - mu) ** 2 / (variance * np.where(used, 1.0 - share, 1.0)), 0.0)
    kurtosis = np.where(used, 6.0 * rho[:, None] + phi / (safe * (1.0 + over / phi)), 0.0)
    count = used.sum(axis=1)
    found = squares.sum(axis=1) / np.maximum(count, 1)
    freedom = np.maximum(count - 1.0, 0.0) / (1.0 + 0.5 * kurtosis.sum(axis=1) / np.maximum(count, 1))
    prior = factor_prior(found, freedom)
    return np.maximum(LEAST_FACTOR, (prior + freedom * found) / (prior + freedom)), prior + freedom


def factor_prior(found: Floats, freedom: Floats) -> float:
    """Degrees of freedom a variance found over the usual one is held to 1 with (Smyth 2004)."""
    says = freedom >= 1.0
    if not says.any():
        return FACTOR_PRIOR_MOST
    excess = float(np.average((found[says] - 1.0) ** 2 - 2.0 / freedom[says], weights=freedom[says]))
    return min(FACTOR_PRIOR + 2.0 / excess, FACTOR_PRIOR_MOST) if excess > 0.0 else FACTOR_PRIOR_MOST
