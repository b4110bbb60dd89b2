"""What is believed of a cell before its own data: the typical peer, the spread of edges, and the store's level elsewhere.

The likelihood of the cell's own data and what is believed after it belong to `posterior`.
"""

from dataclasses import dataclass

import numpy as np

from assets.edges.panel import Bools, Floats, Grid

SPREADS = np.array([0.0, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8])  # standard deviations of the prior's components
NULL_PENALTY = 10.0  # pseudo cells at no edge at all (Stephens 2017)
ROUNDS = 12
LEVEL_FROM_ROUND = 4
ENOUGH = 20.0  # expected events from which a log ratio is well behaved
LARGEST_SEGMENT_SHARE = 0.2  # of a store's level one segment may make up
STORE_EVENTS = 30.0  # expected events a store needs to tell of the spread of levels
LEAST_STORES = 3  # such stores
LEVEL_ROUNDS = 5
MEDIAN_CHI2 = 0.455  # of a squared standard normal
OUTLYING = 9.0  # squared standard errors beyond which a store's level is an outlier
LEVEL_EVIDENCE = 4.0  # standard errors of evidence needed before stores are taken to differ
UNKNOWN = 1.0  # squared relative error of a level nothing tells of
LEAST_SHOCK_LEFT = 0.6  # of a shock's variance stays, however well the other segments show it


@dataclass(frozen=True)
class Counts:
    """A cell's total as the likelihood sees it, in independent events of its own noise: (cells,) each.

    Attributes:
        observed: O*.
        expected: E*, at the segment's mean rate.
        rho: squared relative noise beyond independent events.
        shock: the part of `rho` all of the store's segments share.
    """

    observed: Floats
    expected: Floats
    rho: Floats
    shock: Floats


@dataclass(frozen=True)
class Prior:
    """What is believed of each cell before its own data: (cells,) each.

    Attributes:
        typical: log of the typical peer's rate over the segment's mean, the cell itself left out.
        removed: log of the store-wide shock, or level, taken out of the expectation.
        rho: squared relative noise, with what is uncertain of `typical` and `removed`.
        centre: prior mean of the effect: what the store's other segments say of it.
        centre_variance: its variance.
        stores_differ: whether stores were found to differ in level.
        level_doubt: one number: how far they may differ all the same, as a variance, where they were not found to.
    """

    typical: Floats
    removed: Floats
    rho: Floats
    centre: Floats
    centre_variance: Floats
    stores_differ: bool
    level_doubt: float


@dataclass(frozen=True)
class _Level:
    """A store's level over its other segments, as used for a cell."""

    centre: Floats
    centre_variance: Floats
    removed: Floats
    rho: Floats
    stores_differ: bool = False
    doubt: float = 0.0


def prior(grid: Grid, counts: Counts, *, centred: bool = False) -> Prior:
    """Find the typical peer of every segment, the spread of edges and the stores' levels, in turns.

    An edge weighs little in what is typical: a cell's weight is its expected precision under the mixture. Where `centred`, each
    store's level over its other segments is taken out whole and its uncertainty added.
    """
    enough = counts.expected >= ENOUGH
    variance = 1.0 / (counts.expected + 0.5) + counts.rho
    base = np.zeros(len(grid.segments))
    mix = np.full(len(SPREADS), 1.0 / len(SPREADS))
    level = _no_level(counts)
    z, weight = np.zeros(grid.cells), np.zeros(grid.cells)
    for turn in range(ROUNDS):
        if turn >= LEVEL_FROM_ROUND:
            alone = _working_response(counts, base[grid.segment], enough)
            level = _level(grid, counts, alone, weight, centred=centred)
        moved = level.centre + level.removed
        s2 = variance - counts.rho + level.rho + level.centre_variance
        z = _working_response(counts, base[grid.segment] + moved, enough)
        weight, mix = _weigh(z, s2, mix, enough)
        weight[counts.expected <= 0.0] = 0.0
        base = base + _mean_of(grid, z, weight)
    z = _working_response(counts, base[grid.segment] + level.centre + level.removed, enough)
    rest = grid.others_in_segment(weight)
    known = rest > 0.0
    others = np.divide(weight * z, rest, out=np.zeros_like(z), where=known)
    rho = level.rho + np.divide(1.0, rest, out=np.ones_like(z), where=known)
    return Prior(
        base[grid.segment] - others, level.removed, rho, level.centre, level.centre_variance, level.stores_differ, level.doubt
    )


def _working_response(counts: Counts, shift: Floats, enough: Bools) -> Floats:
    """An estimate of the log ratio: the log where events are many, the plain excess (unbiased) where they are few."""
    expected = counts.expected * np.exp(shift)
    log = np.log((counts.observed + 0.5) / (expected + 0.5))
    excess = np.divide(counts.observed, expected, out=np.ones_like(expected), where=expected > 0.0) - 1.0
    return np.where(enough, log, excess)


def _weigh(z: Floats, s2: Floats, mix: Floats, enough: Bools) -> tuple[Floats, Floats]:
    """Each cell's expected precision under the mixture, and the mixture after one step of EM."""
    total = SPREADS**2 + s2[:, None]
    log = np.log(mix) - 0.5 * np.log(total) - 0.5 * z[:, None] ** 2 / total
    share = np.exp(log - log.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    robust = (share / total).sum(axis=1)
    weight = np.where(enough, robust, 1.0 / (s2 + mix @ SPREADS**2))
    counted = share[enough].sum(axis=0)
    counted[0] += NULL_PENALTY
    return weight, np.maximum(counted / counted.sum(), 1e-12)


def _mean_of(grid: Grid, z: Floats, weight: Floats) -> Floats:
    below = grid.by_segment(weight)
    return np.divide(grid.by_segment(weight * z), below, out=np.zeros_like(below), where=below > 0.0)


def _no_level(counts: Counts) -> _Level:
    nothing = np.zeros_like(counts.rho)
    return _Level(nothing, nothing, nothing, counts.rho)


def _level(grid: Grid, counts: Counts, y: Floats, weight: Floats, *, centred: bool) -> _Level:
    """What the store's other segments say of this one: its level, and the shock all of them went through."""
    capped = np.minimum(weight, LARGEST_SEGMENT_SHARE * grid.by_store(weight)[grid.store])
    each = np.divide(1.0, weight, out=np.zeros_like(weight), where=weight > 0.0)  # variance of an estimate of that precision
    total, squares, top = (grid.by_store(v) for v in (capped, capped**2 * each, capped * y))
    rest = total[grid.store] - capped
    known = rest > 1e-9 * total[grid.store]
    safe = np.where(known, rest, 1.0)
    elsewhere = np.where(known, (top[grid.store] - capped * y) / safe, 0.0)
    error = np.where(known, (squares[grid.store] - capped**2 * each) / safe**2, UNKNOWN)
    error = np.maximum(error, 0.0)
    shock = counts.shock
    if centred:
        left = counts.rho - (1.0 - LEAST_SHOCK_LEFT) * shock + error
        nothing = np.zeros_like(elsewhere)
        return _Level(nothing, nothing, elsewhere, left)
    tau2, doubt = _spread_of_levels(grid, counts, total, top, squares, grid.by_store(capped * shock))
    whole = tau2 + shock + error
    of_level, of_shock = (np.divide(part, whole, out=np.zeros_like(shock), where=whole > 0.0) for part in (tau2, shock))
    left = shock * np.maximum(1.0 - of_shock, LEAST_SHOCK_LEFT)
    return _Level(
        of_level * elsewhere,
        tau2 * (1.0 - of_level),
        of_shock * elsewhere,
        counts.rho - shock + left,
        stores_differ=tau2 > 0.0,
        doubt=doubt,
    )


def _spread_of_levels(
    grid: Grid, counts: Counts, total: Floats, top: Floats, squares: Floats, shocks: Floats
) -> tuple[float, float]:
    """tau^2, the variance of the stores' own levels; 0 unless they differ beyond doubt, so that nothing is found in nothing.

    Where it is 0, the second number is what it may be all the same: its moment estimate and one standard error of that.
    """
    tells = (grid.by_store(counts.expected) >= STORE_EVENTS) & (total > 0.0)
    if tells.sum() < LEAST_STORES:
        return 0.0, 0.0
    found2 = (top[tells] / total[tells]) ** 2
    error = squares[tells] / total[tells] ** 2 + shocks[tells] / total[tells]
    evidence = float((np.minimum(found2 / error, OUTLYING) - 1.0).sum() / np.sqrt(2.5 * tells.sum()))
    if evidence <= LEVEL_EVIDENCE:
        sure = error**-2
        excess = max(float((sure * (np.minimum(found2, OUTLYING * error) - error)).sum() / sure.sum()), 0.0)
        return 0.0, excess + float(np.sqrt(2.0 / sure.sum()))
    tau2 = max(float(np.median(found2)) / MEDIAN_CHI2 - float(np.median(error)), 0.0)
    for _ in range(LEVEL_ROUNDS):
        whole = tau2 + error
        used = np.where(found2 < OUTLYING * whole, whole**-2, 0.0)
        tau2 = max(float((used * (found2 - error)).sum() / max(used.sum(), 1e-300)), 0.0)
    return tau2, 0.0
