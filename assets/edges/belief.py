"""The method, one step after the other: observed and expected, noise, prior, posterior.

Each step's reasons stand in its own module. The estimand is the log ratio of a cell's rate to that of the typical (modal) peer in
its segment, on the cell's own days. What an operator is told of it belongs to `estimate`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations

import numpy as np

from assets.edges import difference
from assets.edges.baseline import Standardised, standardise
from assets.edges.metrics import Family, Metric
from assets.edges.mixture import Mixture
from assets.edges.noise import Noise, noise, shared
from assets.edges.panel import Bools, Floats, Grid, Ints, Panel
from assets.edges.posterior import NOISE_NODES, posterior
from assets.edges.prior import NULL_PENALTY, SPREADS, Counts, Prior, prior

MOSTLY = 0.5  # share of cells exactly at zero from which zero is what is typical
LEAST_LIKELY = 1e-6  # in all, of the peers that may be the median
MEDIAN_LOSS = np.pi / 2.0  # variance of a median over that of a mean


@dataclass(frozen=True)
class Belief:
    """What each step found for one metric.

    `level_doubt` is what stores may differ by, as a variance, where they were not found to: of the intervals, not of the claims.
    """

    standard: Standardised
    noise: Noise
    counts: Counts
    before: Prior
    after: Mixture
    level_doubt: float


@dataclass(frozen=True)
class Seen:
    """What a stretch of days says by itself, nothing shrunk: (cells,) each.

    Attributes:
        raw: log of seen over expected at the typical peer, half an event added to both.
        error: its standard error, overdispersion and the peers' own uncertainty counted.
        expected: numerator the typical peer would have had.
        events: the same in independent events.
        exposure: in the caller's units.
    """

    raw: Floats
    error: Floats
    expected: Floats
    events: Floats
    exposure: Floats


def seen(panel: Panel, metric: Metric, *, centred: bool = False) -> Seen:
    """The unshrunk log ratio of every cell to its typical peer, with its standard error."""
    standard, _, counts = _steps(panel, metric, centred=centred)
    return seen_in(standard, counts, prior(panel.grid, counts, centred=centred))


def seen_in(standard: Standardised, counts: Counts, before: Prior) -> Seen:
    """The same from steps already taken."""
    shift = np.exp(before.typical + before.removed)
    events = counts.expected * shift
    expected = standard.expected.sum(axis=1) * shift * standard.unit
    raw = np.log((counts.observed + 0.5) / (events + 0.5))
    return Seen(raw, np.sqrt(1.0 / (events + 0.5) + before.rho), expected, events, standard.exposure)


def believe(panel: Panel, metric: Metric, factors: Sequence[tuple[Panel, Metric]] = (), *, centred: bool = False) -> Belief:
    """Take all steps; where `factors` are given, the posterior is that of their product."""
    grid = panel.grid
    standard, measured, counts = _steps(panel, metric, centred=centred)
    before = prior(grid, counts, centred=centred)
    if factors:
        after, doubt = _product(factors, centred=centred)
    else:
        after, doubt = _posterior(counts, measured.doubt, before), before.level_doubt
        if not _typical_is_zero(after, counts, before):
            after = _from_median(grid, after, counts.expected > 0.0)
    return Belief(standard, measured, counts, before, after, doubt)


def _steps(panel: Panel, metric: Metric, *, centred: bool) -> tuple[Standardised, Noise, Counts]:
    """Observed and expected, their noise, and both in independent events."""
    if metric.family is Family.DIFFERENCE:
        return difference.steps(panel)
    standard = standardise(panel, metric, centred=centred)
    measured = noise(panel.grid, standard)
    return standard, measured, _counts(standard, measured)


def _product(factors: Sequence[tuple[Panel, Metric]], *, centred: bool) -> tuple[Mixture, float]:
    """The sum of the factors' effects, and of their doubts. Noise that moves two factors together is counted in both."""
    parts = [standardise(panel, metric, centred=centred) for panel, metric in factors]
    noises = [noise(panel.grid, part) for (panel, _), part in zip(factors, parts, strict=True)]
    together = [np.zeros_like(each.rho) for each in noises]
    for i, k in combinations(range(len(parts)), 2):
        common = shared(parts[i], noises[i], parts[k], noises[k])
        together[i], together[k] = together[i] + common, together[k] + common
    after, doubt = [], 0.0
    grid, typical_is_zero = factors[0][0].grid, True
    seen = np.ones(grid.cells, bool)
    for (panel, _), part, own, common in zip(factors, parts, noises, together, strict=True):
        counts = _counts(part, replace(own, rho=own.rho + common))
        before = prior(panel.grid, counts, centred=centred)
        mixture = _posterior(counts, own.doubt, before)
        typical_is_zero &= _typical_is_zero(mixture, counts, before)
        seen &= counts.expected > 0.0
        after.append(mixture.condensed(len(NOISE_NODES)))
        doubt += before.level_doubt
    whole = reduce(Mixture.plus, after)
    # the median of sums is not the sum of medians
    return whole if typical_is_zero else _from_median(grid, whole, seen), doubt


def _counts(standard: Standardised, measured: Noise) -> Counts:
    """Totals in independent events of the cell's own noise; what is counted without any exposure tells nothing."""
    unit = standard.phi * measured.factor
    expected = standard.expected.sum(axis=1)
    observed = np.where(expected > 0.0, standard.observed.sum(axis=1), 0.0)
    return Counts(observed / unit, expected / unit, measured.factor * measured.rho, measured.factor * measured.shock)


def _posterior(counts: Counts, doubt: Floats, before: Prior) -> Mixture:
    """Where stores differ, no cell is exactly typical: the atom at zero goes."""
    spreads, penalty = (SPREADS[1:], 0.0) if before.stores_differ else (SPREADS, NULL_PENALTY)
    expected = counts.expected * np.exp(before.typical + before.removed)
    variance = spreads**2 + before.centre_variance[:, None]
    return posterior(counts.observed, expected, before.rho, doubt, before.centre, variance, penalty)


def _typical_is_zero(after: Mixture, counts: Counts, before: Prior) -> bool:
    """Whether most cells lie at zero exactly, so that zero is what is typical."""
    seen = counts.expected > 0.0
    return not before.stores_differ and (not seen.any() or bool(after.at_zero()[seen].mean() > MOSTLY))


def _from_median(grid: Grid, after: Mixture, seen: Bools) -> Mixture:
    """Effects against the median of the peers, which is the typical one, and is itself uncertain."""
    mean, sd = after.moments()
    variance = np.where(seen, sd**2, 0.0)
    median = np.zeros(grid.cells)
    median[seen] = _median_of_others(grid.segment[seen], mean[seen])
    return after.compared_with(median, _median_doubt(grid, seen, mean, variance, median))


def _median_doubt(grid: Grid, seen: Bools, mean: Floats, variance: Floats, median: Floats) -> Floats:
    """(cells,) variance of the median of the cell's peers, each of which is uncertain.

    Where peers are alike but for chance it is that of a mean, times a median's loss. Where they truly differ and are few, the
    median is one of them, or two, and as uncertain: each weighs by how likely it is to be that one.
    """
    peers = np.maximum(grid.others_in_segment(seen.astype(float)), 1.0)
    alike = MEDIAN_LOSS * grid.others_in_segment(variance) / peers**2
    middle = grid.by_segment(np.where(seen, median, 0.0)) / np.maximum(grid.by_segment(seen.astype(float)), 1.0)
    off = np.where(seen, (mean - middle[grid.segment]) ** 2, np.inf)
    nearest = np.full(len(grid.segments), np.inf)
    np.minimum.at(nearest, grid.segment, off)
    spread = variance + alike + nearest[grid.segment]
    weight = np.where(seen, np.exp(-0.5 * np.where(seen, off, 0.0) / np.maximum(spread, 1e-12)), 0.0)
    whole = grid.others_in_segment(weight)
    one = grid.others_in_segment(variance) / peers
    apart = np.divide(grid.others_in_segment(weight**2 * variance), whole**2, out=one.copy(), where=whole > LEAST_LIKELY)
    return np.asarray(np.maximum(alike, np.minimum(apart, one)))


def _median_of_others(index: Ints, values: Floats) -> Floats:
    """(n,) for each value the median of all others of equal index; 0 where there is none."""
    order = np.lexsort((values, index))
    group, ordered = index[order], values[order]
    start = np.searchsorted(group, group)
    count = np.searchsorted(group, group, side="right") - start
    place = np.arange(len(values)) - start

    def smallest(k: Ints) -> Floats:
        """The k-th of the others, counted from 0."""
        return np.asarray(ordered[start + np.minimum(k + (place <= k), count - 1)])

    median = np.empty_like(values)
    median[order] = np.where(count > 1, 0.5 * (smallest((count - 2) // 2) + smallest((count - 1) // 2)), 0.0)
    return median
