"""From a panel to what an operator is told of every cell: effect, interval, error probability, evidence and yearly value.

The steps that lead there belong to `belief`; lists over several metrics, to `ranking`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from assets.edges import difference, ranking
from assets.edges.baseline import Standardised
from assets.edges.belief import Belief, believe, seen_in
from assets.edges.metrics import Family, Metric
from assets.edges.mixture import Mixture
from assets.edges.noise import LEAST_WEEKS
from assets.edges.panel import Bools, Floats, Grid, Ints, Panel

LEAST_EXPOSURE = 30.0
LEAST_PEERS = 3
LEAST_SEGMENTS = 2
NO_LEVEL = "no other segment to take the store's level from"
FEW_EVENTS = "events expected"  # in a reason: the effect can be told like any other, only not claimed
THIN_LFSR = 0.5  # a thin cell claims nothing


@dataclass(frozen=True)
class Estimates:
    """What is believed of every cell of a panel: (cells,) each.

    Attributes:
        store: label.
        segment: label.
        exposure: in the caller's units.
        observed: numerator seen.
        expected: numerator the typical peer would have had on this exposure, these days.
        raw: log of seen over expected, half an event added to both: unshrunk.
        raw_error: its standard error.
        effect: posterior mean of the log ratio to the typical peer; of a difference, of the difference from it.
        sd: its posterior standard deviation.
        sd_shared: the part of it that all of the store's segments share.
        gain: posterior mean of exp(effect) - 1, whichever way is better; of a difference, of the effect.
        lower: lower end of the 95 % interval.
        upper: upper end.
        lfsr: local false sign rate: the probability that the effect's sign is not as stated (Stephens 2017).
        p_ahead: probability that the effect is truly to the store's good; what may be exactly none is not.
        thin: whether there is too little data to claim anything.
        reason: why it is thin; empty otherwise.
        peers: other stores in the segment with any exposure.
        active_weeks: weeks with exposure.
        weeks_ahead: weeks of these above the typical peer (below it, where less is better).
        overdispersion: ordinary noise over coin-flip noise, as a ratio of standard deviations.
        store_level: what the store's other segments say of this cell (prior mean).
        shock: log of the store-wide shock or level taken out of `expected`.
        value: expected yearly value of the effect, risk-neutral, favourable above zero, in units of `scale`.
        value_lower: lower end of its 90 % interval.
        value_upper: upper end.
        information: expected yearly gain of knowing the sign before acting.
        s_value: expected share of wrong signs among this metric's rows at least as sure.
        certified: in this metric's own list; lists over several metrics are certified anew by `ranking.certified`.
    """

    store: NDArray[Any]
    segment: NDArray[Any]
    exposure: Floats
    observed: Floats
    expected: Floats
    raw: Floats
    raw_error: Floats
    effect: Floats
    sd: Floats
    sd_shared: Floats
    gain: Floats
    lower: Floats
    upper: Floats
    lfsr: Floats
    p_ahead: Floats
    thin: Bools
    reason: NDArray[Any]
    peers: Ints
    active_weeks: Ints
    weeks_ahead: Ints
    overdispersion: Floats
    store_level: Floats
    shock: Floats
    value: Floats
    value_lower: Floats
    value_upper: Floats
    information: Floats
    s_value: Floats
    certified: Bools


def estimate(
    panel: Panel,
    metric: Metric,
    *,
    factors: Sequence[tuple[Panel, Metric]] = (),
    scale: Floats | None = None,
    centred: bool = False,
    intervals: bool = True,
) -> Estimates:
    """What is believed of every cell's edge in one metric.

    Args:
        panel: the metric's exposures and numerators.
        metric: its direction and noise.
        factors: panels on the same grid, of metrics whose product this one is. Its effect is then the sum of theirs: each is
            known better on its own than their product is.
        scale: (cells,) yearly value of the metric's doubling, per cell of `panel.grid`; 1 where none is given.
        centred: compare only what is the cell's own, for stores whose platforms count in unlike ways: each store's level over its
            other segments is taken out of what is expected, and its uncertainty added.
        intervals: whether intervals are the posterior's own; else those of a normal of its mean and spread, which is quicker.

    Raises:
        ValueError: a `mean` or `compound` metric comes without moments.
    """
    believed = believe(panel, metric, factors, centred=centred)
    worth = np.ones(panel.grid.cells) if scale is None else scale
    return _told(panel, metric, believed, worth, centred=centred, intervals=intervals)


def _told(panel: Panel, metric: Metric, believed: Belief, scale: Floats, *, centred: bool, intervals: bool) -> Estimates:
    standard, counts, before, after = believed.standard, believed.counts, believed.before, believed.after
    grid, sign = panel.grid, metric.direction
    alone = seen_in(standard, counts, before)
    shift = np.exp(before.typical + before.removed)
    expected = standard.expected.sum(axis=1) * shift
    observed = standard.observed.sum(axis=1)
    reason = _why_thin(grid, metric, standard, expected, centred=centred)
    is_difference = metric.family is Family.DIFFERENCE
    if is_difference:
        observed, expected = difference.totals(panel, standard, before.typical + before.removed)
    thin = reason != ""
    effect, sd = after.moments()
    p_up, p_down = after.above(0.0), after.below(0.0)
    lfsr = np.minimum(1.0 - p_up, 1.0 - p_down)
    lfsr = np.clip(np.where(thin, np.maximum(lfsr, THIN_LFSR), lfsr), 0.0, 1.0)
    peers = _peers(grid, standard)
    wide = _within_what_peers_tell(after, sd, peers, believed.level_doubt)
    ends = [_quantile(wide, level, effect, wide.moments()[1], ~thin & intervals) for level in (0.025, 0.975, 0.05, 0.95)]
    change = np.stack(ends[2:]) if is_difference else np.expm1(np.stack(ends[2:]))
    worth = np.sort(sign * scale * change, axis=0)
    gain = effect if is_difference else after.expected_gain()
    upside = after.expected_upside() if sign > 0 else after.expected_upside() - gain
    ahead = standard.active & (sign * (standard.observed - standard.expected * shift[:, None]) > 0.0)
    return Estimates(
        store=grid.stores[grid.store],
        segment=grid.segments[grid.segment],
        exposure=standard.exposure,
        observed=observed * standard.unit,
        expected=expected * standard.unit,
        raw=alone.raw,
        raw_error=alone.error,
        effect=effect,
        sd=sd,
        sd_shared=np.minimum(sd, np.sqrt(counts.shock)),
        gain=gain,
        lower=ends[0],
        upper=ends[1],
        lfsr=lfsr,
        p_ahead=p_up if sign > 0 else p_down,
        thin=thin,
        reason=reason,
        peers=peers,
        active_weeks=standard.active.sum(axis=1),
        weeks_ahead=ahead.sum(axis=1),
        overdispersion=np.sqrt(believed.noise.factor * (1.0 + counts.rho * counts.expected)),
        store_level=before.centre,
        shock=before.removed,
        value=sign * scale * gain,
        value_lower=worth[0],
        value_upper=worth[1],
        information=np.maximum(scale * (upside - np.maximum(sign * gain, 0.0)), 0.0),
        s_value=ranking.s_values(lfsr),
        certified=ranking.certified(lfsr),
    )


def _within_what_peers_tell(after: Mixture, sd: Floats, peers: Ints, level_doubt: float) -> Mixture:
    """The posterior as intervals see it: how far edges and levels spread is itself told by few peers alone.

    A normal whose spread rests on so many peers is Student's t, the variance of which is larger by peers / (peers - 2). Claims
    rest on the sign alone, where the prior's own caution (the atom, the evidence asked for) has done this already.
    """
    told = np.maximum(peers, LEAST_PEERS)
    times = told / (told - 2.0)
    return after.less_sure(sd**2 * (times - 1.0)).compared_with(np.zeros_like(sd), times * level_doubt)


def _quantile(after: Mixture, level: float, effect: Floats, sd: Floats, exact: Bools) -> Floats:
    """The posterior's quantile; for thin cells that of a normal of the same mean and spread."""
    out = effect + float(ndtri(level)) * sd
    out[exact] = after.of(exact).quantile(level)
    return out


def _peers(grid: Grid, standard: Standardised) -> Ints:
    return grid.others_in_segment((standard.exposure > 0.0).astype(float)).astype(np.int64)


def _why_thin(grid: Grid, metric: Metric, standard: Standardised, expected: Floats, *, centred: bool) -> NDArray[Any]:
    """(cells,) the first rule of minimum data a cell fails; empty where it passes all."""
    segments = grid.by_store((standard.exposure > 0.0).astype(float))[grid.store]
    rules = [
        (_peers(grid, standard) < LEAST_PEERS, f"fewer than {LEAST_PEERS} peers"),
        (standard.active.sum(axis=1) < LEAST_WEEKS, f"fewer than {LEAST_WEEKS} active weeks"),
        (expected / standard.phi < metric.least_expected, f"fewer than {metric.least_expected:g} {FEW_EVENTS}"),
    ]
    if centred:  # exposures counted in unlike ways have no common minimum
        rules.insert(0, (segments < LEAST_SEGMENTS, NO_LEVEL))
    else:
        rules.insert(0, (standard.exposure < LEAST_EXPOSURE, f"exposure below {LEAST_EXPOSURE:g}"))
    return np.select([rule for rule, _ in rules], [why for _, why in rules], default="")
