"""What each cell would have had at its peers' rates on its own days: indirect standardisation.

Observed and expected, by cell and week-block, are made here. How far they may differ by chance belongs to `noise`; what the
typical peer is, as opposed to the mean of all, belongs to `prior`.
"""

from dataclasses import dataclass

import numpy as np

from assets.edges.metrics import Family, Metric
from assets.edges.panel import Floats, Grid, Panel

LARGEST_SHARE = 0.25  # of a segment's exposure one store may weigh in its reference
DAY_PRIOR = 50.0  # pseudo events that hold a day's factor to 1
WEEK_PRIOR = 100.0  # pseudo events that hold a segment's week factor to 1
LEAST_PHI = 0.05  # a rate near 1 leaves no binomial variance, yet is never free of noise


@dataclass(frozen=True)
class Standardised:
    """Observed and expected in units of independent events.

    Attributes:
        observed: (cells, blocks) numerator / unit.
        expected: (cells, blocks) what the segment's rate, the day's and the week's factor give on the cell's exposure, / unit.
        reference: (cells, blocks) variance of the peers' week factor, in units of one peer's own relative variance.
        phi: (cells,) variance of one independent unit over its mean, after division by the unit.
        unit: (cells,) numerator units in one event: 1 for counts, phi itself for money.
        exposure: (cells,) exposure, in the caller's units.
        active: (cells, blocks) whether the cell had any exposure.
    """

    observed: Floats
    expected: Floats
    reference: Floats
    phi: Floats
    unit: Floats
    exposure: Floats
    active: np.ndarray


def standardise(panel: Panel, metric: Metric, *, centred: bool = False) -> Standardised:
    """Indirect standardisation, leave-one-out by week.

    A store weighs at most a quarter of its segment in the reference, so no store is compared with itself. The day factor is
    common to all segments; the week factor is the segment's, from the cell's peers alone, and changes the shape of what is
    expected over the weeks, not its sum. Where `centred`, every store's exposure is first brought to the same overall yield, so
    that exposures counted in unlike ways give the same result; the binomial variance is then taken as Poisson.
    """
    grid = panel.grid
    unit = _unit(panel, metric)
    x_block, observed = grid.by_block(panel.x), grid.by_block(panel.y) / unit[:, None]
    exposure, events = x_block.sum(axis=1), observed.sum(axis=1)
    counting = _store_yield(grid, exposure, events * unit)[grid.store] if centred else np.ones(grid.cells)
    x = exposure * counting
    weight = np.minimum(1.0, _ratio(LARGEST_SHARE * grid.by_segment(x)[grid.segment], x))
    rate = _ratio(grid.by_segment(weight * events), grid.by_segment(weight * x))[grid.segment]
    yielded = counting * rate  # events expected of a unit of exposure, but for the days
    day = grid.by_day(panel.y, weight / unit) + DAY_PRIOR
    day /= grid.by_day(panel.x, weight * yielded) + DAY_PRIOR
    expected = grid.by_block(panel.x, day) * yielded[:, None]
    weighted = weight[:, None] * expected
    reference = grid.others_in_segment(weighted**2) / (grid.others_in_segment(weighted) + WEEK_PRIOR) ** 2
    expected = expected * _week_factor(grid, weight[:, None] * observed, weighted, expected)
    phi = np.maximum(1.0 - rate, LEAST_PHI) if metric.family is Family.BINOMIAL and not centred else np.ones(grid.cells)
    return Standardised(observed, expected, reference, phi, unit, exposure, x_block > 0.0)


def _week_factor(grid: Grid, observed: Floats, expected: Floats, own: Floats) -> Floats:
    factor = (grid.others_in_segment(observed) + WEEK_PRIOR) / (grid.others_in_segment(expected) + WEEK_PRIOR)
    total = own.sum(axis=1)
    reshaped = (factor * own).sum(axis=1)
    return factor * np.where(reshaped > 0.0, _ratio(total, reshaped), 1.0)[:, None]


def _store_yield(grid: Grid, exposure: Floats, numerator: Floats) -> Floats:
    """(stores,) numerator per exposure, over all of a store's segments."""
    return _ratio(grid.by_store(numerator), grid.by_store(exposure))


def _unit(panel: Panel, metric: Metric) -> Floats:
    """(cells,) the numerator units that make one independent event."""
    grid = panel.grid
    if metric.family is Family.BINOMIAL:
        return np.ones(grid.cells)
    if panel.moments is None:
        raise ValueError(f"{metric.name} sums values: it needs their moments")
    count, total, squares = (grid.by_segment(m) for m in (panel.moments.count, panel.moments.total, panel.moments.squares))
    mean = _ratio(total, count)
    second = _ratio(squares, count)
    spread = second if metric.family is Family.COMPOUND else np.maximum(second - mean**2, 0.0)
    phi = _ratio(spread, mean)
    return np.where(phi > LEAST_PHI * mean, phi, np.where(mean > 0.0, LEAST_PHI * mean, 1.0))[grid.segment]


def _ratio(above: Floats, below: Floats) -> Floats:
    """`above / below`, and 0 where nothing is below."""
    return np.divide(above, below, out=np.zeros(np.broadcast(above, below).shape), where=below > 0.0)
