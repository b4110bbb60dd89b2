"""Metrics that are compared by a difference: a sum that may be negative, over a sum, as margin over sales.

The share's difference from the typical peer's is told to the steps that follow as if it were a log ratio of very many events, so
that prior and posterior are the same for all metrics: with events without end their likelihood is a normal of the variance found
here. What is found here is the delta method's: that of the weeks' own deviations.
"""

import numpy as np

from assets.edges.baseline import LARGEST_SHARE, WEEK_PRIOR, Standardised
from assets.edges.noise import LEAST_DOUBT, LEAST_FACTOR, LONGEST_MEMORY, Noise, concentration, factor_prior
from assets.edges.panel import Floats, Grid, Panel
from assets.edges.prior import Counts

CERTAIN = 1e6  # events that tell a rate to a thousandth
WIDEST = 20.0  # a week's share, taken to an exponent
ROUNDING = 0.01  # single prices are rounded to so much of themselves, so none lies closer to another's
LEAST_VARIANCE = 1e-8


def steps(panel: Panel) -> tuple[Standardised, Noise, Counts]:
    """Observed and expected, noise, and both as independent events. Shares are exponents, so that what is added is multiplied.

    Raises:
        ValueError: the panel does not say how much a share rests on.
    """
    if panel.moments is None:
        raise ValueError("a difference needs the number of values it rests on")
    grid = panel.grid
    x, y = grid.by_block(panel.x), grid.by_block(panel.y)
    exposure, count = x.sum(axis=1), panel.moments.count
    expected = _expected(grid, x, y, count)
    own = _ratio(y.sum(axis=1) - (expected * x).sum(axis=1), exposure)
    residual = y - (expected + own[:, None]) * x
    variance, doubt = _variance(x, residual, count)
    variance = variance + _among_values(panel)
    week = np.clip(_ratio(y, x), -WIDEST, WIDEST)
    shown = x * np.exp(np.clip(expected, -WIDEST, WIDEST))
    in_all = shown.sum(axis=1)
    none = np.zeros(grid.cells)
    standard = Standardised(
        observed=x * np.exp(week),
        expected=shown,
        reference=np.zeros_like(x),
        phi=np.where((count > 0.0) & (in_all > 0.0), _ratio(in_all, count), 1.0),  # all of a cell's sales may have come back
        unit=np.ones(grid.cells),
        exposure=exposure,
        active=x > 0.0,
    )
    measured = Noise(rho=variance, factor=np.ones(grid.cells), weekly=none, shock=none, doubt=doubt)
    events = np.where(exposure > 0.0, CERTAIN, 0.0)
    return standard, measured, Counts(events * np.exp(np.clip(own, -WIDEST, WIDEST)), events, variance, none)


def totals(panel: Panel, standard: Standardised, shift: Floats) -> tuple[Floats, Floats]:
    """(cells,) the numerator seen, and what the typical peer's share, `shift` beyond the reference's, would have made it."""
    x = panel.grid.by_block(panel.x)
    share = np.log(np.divide(standard.expected, x, out=np.ones_like(x), where=x > 0.0))
    return panel.grid.by_cell(panel.y), (x * (share + shift[:, None])).sum(axis=1)


def _expected(grid: Grid, x: Floats, y: Floats, count: Floats) -> Floats:
    """(cells, blocks) the segment's share, and how the cell's peers' differed from it in the week."""
    exposure = x.sum(axis=1)
    weight = np.minimum(1.0, _ratio(LARGEST_SHARE * grid.by_segment(exposure)[grid.segment], exposure))
    share = _ratio(grid.by_segment(weight * y.sum(axis=1)), grid.by_segment(weight * exposure))[grid.segment]
    of_week = weight[:, None] * (y - share[:, None] * x)
    held = WEEK_PRIOR * _ratio(grid.by_segment(exposure), grid.by_segment(count))[grid.segment]
    others = np.maximum(grid.by_segment(weight[:, None] * x)[grid.segment] - weight[:, None] * x, 0.0)
    apart = _ratio(grid.by_segment(of_week)[grid.segment] - of_week, others + held[:, None])
    level = _ratio((apart * x).sum(axis=1), exposure)
    return np.asarray(share[:, None] + apart - level[:, None])


def _variance(x: Floats, residual: Floats, count: Floats) -> tuple[Floats, Floats]:
    """(cells,) variance of the share, and the doubt about it.

    That of its own weeks, held to what as many single values have elsewhere, as variances are moderated (Smyth 2004), and
    widened by how far a deviation reaches into the weeks that follow.
    """
    exposure = x.sum(axis=1)
    part = _ratio(x, exposure[:, None])
    used = (x > 0.0) & (part < 1.0)
    squares = np.where(used, residual**2 / np.where(used, 1.0 - part, 1.0), 0.0).sum(axis=1)
    own = _ratio(squares, exposure**2)
    freedom = np.maximum(used.sum(axis=1) - 1.0, 0.0)
    told = freedom * count
    single = float((own * told).sum()) / max(float(freedom[told > 0.0].sum()), 1.0)
    usual = np.divide(single, count, out=np.ones_like(count), where=count > 0.0)
    found = _ratio(own, usual)
    prior = factor_prior(found, freedom)
    factor = np.maximum(LEAST_FACTOR, (prior + freedom * found) / (prior + freedom))
    memory = _memory(x, residual, usual * factor)
    alone = concentration(x, np.eye(1, len(memory))[0])
    lasting = np.where(alone > 0.0, _ratio(concentration(x, memory), alone), 1.0)
    doubt = np.sqrt(LEAST_DOUBT**2 + 2.0 / (prior + freedom))
    return np.maximum(usual * factor * lasting, LEAST_VARIANCE), doubt


def _memory(x: Floats, residual: Floats, variance: Floats) -> Floats:
    """(blocks,) correlation of deviations so many weeks apart: not negative, not rising; what fitting took out given back."""
    blocks = x.shape[1]
    exposure = x.sum(axis=1, keepdims=True)
    scale = np.sqrt(x * exposure * variance[:, None])
    z = np.divide(residual, scale, out=np.zeros_like(x), where=scale > 0.0)
    correlation: Floats = np.eye(1, blocks)[0]
    square = float((z**2).sum())
    if square <= 0.0:
        return correlation
    single = square / float((x > 0.0).sum())
    for lag in range(1, min(LONGEST_MEMORY, blocks // 3) + 1):
        pairs = max(float(((x[:, lag:] > 0.0) & (x[:, :-lag] > 0.0)).sum()), 1.0)
        found = float((z[:, lag:] * z[:, :-lag]).sum()) / pairs / single + 1.0 / (blocks - 1)
        correlation[lag] = min(max(found, 0.0), correlation[lag - 1])
    return correlation


def _among_values(panel: Panel) -> Floats:
    """(cells,) where single values are things that stay, as items are: the variance that others might have been met."""
    moments, grid = panel.moments, panel.grid
    if moments is None or not moments.squares.any():
        return np.zeros(grid.cells)
    mean = _ratio(moments.total, moments.count)
    spread = np.maximum(_ratio(moments.squares, moments.count) - mean**2, ROUNDING**2)
    most = np.zeros(grid.cells)
    np.maximum.at(most, grid.row_cell, panel.x)
    return np.asarray(spread / np.maximum(most, 1.0))


def _ratio(above: Floats, below: Floats) -> Floats:
    """`above / below`, and 0 where nothing is below."""
    out: Floats = np.zeros(np.broadcast(above, below).shape)
    np.divide(above, below, out=out, where=below > 0.0)
    return out
