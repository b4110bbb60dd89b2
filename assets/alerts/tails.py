"""How rare a new alarm is by chance, told by the series' own past, and which of a night's candidates are raised.

An alarm's height is the most any of its windows deviates. Heights above a threshold come in clusters, since windows overlap and
noise has memory; what counts is how often a *new* cluster rises that high. Peaks over a threshold fall off exponentially at worst
(Pickands 1975); their rate and mean excess are read from all series together and, while those are few, drawn to a prior. The
median excess is used, so that the changes there really were do not hide the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, log

import numpy as np
from scipy.special import log_ndtr  # without stubs

from assets.alerts.panel import Flags, Vector

THRESHOLD = 3.0
_QUIET = 7  # days below the threshold that end a cluster
_PRIOR_DAYS, _PRIOR_CLUSTERS, _PRIOR_EXCESS = 5_000.0, 12.0, 0.33  # of noise that is normal but for its memory
_KEPT = 20_000
_CHANGE = 0.25  # what a change is sought for: a quarter up or down
_EVEN = 0.2  # of the weight, dealt to all alike


@dataclass
class Tail:
    """How often series rise above the threshold, and by how much."""

    series: int
    series_days: float = 0.0
    clusters: float = 0.0
    excesses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._peak = np.zeros(self.series)
        self._quiet = np.zeros(self.series, dtype=np.int64)
        self._mean = _PRIOR_EXCESS

    def look(self, height: Vector, watched: Flags) -> None:
        """Take in a night's heights of the series watched."""
        self.series_days += float(watched.sum())
        over = watched & (height > THRESHOLD)
        self.clusters += float((over & (self._peak == 0)).sum())
        self._peak = np.where(over, np.maximum(self._peak, height), self._peak)
        self._quiet = np.where(over, 0, self._quiet + 1)
        ended = (self._peak > 0) & (self._quiet >= _QUIET)
        if ended.any():
            self.excesses.extend((self._peak[ended] - THRESHOLD).tolist())
            del self.excesses[:-_KEPT]
            self._peak[ended] = 0.0
            median = float(np.median(self.excesses)) / log(2)
            self._mean = (len(self.excesses) * median + _PRIOR_CLUSTERS * _PRIOR_EXCESS) / (len(self.excesses) + _PRIOR_CLUSTERS)

    def probability(self, height: float) -> float:
        """How probable it is that a new alarm of a series rises so high on a night by chance."""
        rate = (self.clusters + _PRIOR_CLUSTERS) / (self.series_days + _PRIOR_DAYS)
        return min(1.0, rate * exp(-max(height - THRESHOLD, 0.0) / self._mean))


def weights(sd: Vector, priority: Vector) -> Vector:
    """What part of the chance of a false alarm each candidate is given; mean one.

    Roeder and Wasserman (2009): the most finds are made when a test that would surely find the change sought, or surely not,
    leaves its part to those between. A part is dealt evenly, so that no change is beyond being found.

    Args:
        sd: standard deviation of each candidate's relative change over three days.
        priority: how much each matters beside the others.
    """
    sought = _CHANGE / np.maximum(sd, 1e-6)
    some = np.quantile(sought, (np.arange(_GRID) + 0.5) / _GRID)
    low, high = 0.0, 60.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if _dealt(some, middle).mean() > _LEVEL else (low, middle)
    weight = priority * (_dealt(sought, high) / _dealt(some, high).mean() * (1 - _EVEN) + _EVEN)
    found: Vector = weight / weight.mean()
    return found


def _dealt(sought: Vector, c: float) -> Vector:
    weight: Vector = np.exp(log_ndtr(-(sought / 2 + c / sought)))
    return weight


_GRID = 64
_LEVEL = 2e-5  # of a candidate's part, what the weights are the best for


def kept(probabilities: Sequence[float], tests: int, false_share: float) -> list[int]:
    """Benjamini and Hochberg (1995), weighted (Genovese, Roeder and Wasserman 2006): the places that are raised.

    Args:
        probabilities: of the candidates, each over its weight; those not listed have none below the rate of a threshold.
        tests: how many series were watched, listed or not.
        false_share: what share of the raised may be chance, on average.
    """
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__)
    last = max((n for n, at in enumerate(order, 1) if probabilities[at] <= false_share * n / max(tests, 1)), default=0)
    return order[:last]
