"""Forecasts made over and over from within a series whose end is known: the future hidden, then compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from assets.pacing.pace import Target, forecast

LEAST = 60  # days of history before the first forecast
CUTS = {"month": (3, 10, 20), "week": (2, 4)}


@dataclass(frozen=True)
class Made:
    """A forecast, and what came: totals of the period, the target asked, the probability of reaching it."""

    grain: str
    cut: int
    total: float
    lower: float
    upper: float
    forecast: float
    probability: float
    hit: bool

    @property
    def inside(self) -> bool:
        """Whether what came lies in the interval."""
        return self.lower - 0.01 <= self.total <= self.upper + 0.01


def rolled(
    series: Mapping[date, float], starts: Sequence[tuple[str, date]], promoted: frozenset[date], rng: np.random.Generator
) -> Iterator[Made]:
    """Forecast every period at each of its cuts, against a target between 0.7 and 1.4 of the eight weeks before."""
    for grain, start in starts:
        target = Target("store", "gross_sales", grain, start, Decimal(1))
        if start - min(series) < timedelta(days=LEAST) or target.days[-1] > max(series):
            continue
        total = sum(series[day] for day in target.days)
        before = sum(series[start - timedelta(days=n)] for n in range(1, 57)) / 56 * len(target.days)
        asked = Decimal(repr(round(max(before, 1.0) * rng.uniform(0.7, 1.4), 2)))
        for cut in CUTS[grain]:
            asof = target.days[cut - 1]
            known = {day: value for day, value in series.items() if day <= asof}
            actual = Decimal(repr(round(sum(series[day] for day in target.days[:cut]), 2)))
            wanted = Target("store", "gross_sales", grain, start, asked)
            said = forecast(wanted, actual, known, target.days[cut:], promoted)
            if "forecast" in said:
                ends = (float(said[f"forecast{end}"]) for end in ("_lower", "_upper", ""))
                yield Made(grain, cut, total, *ends, said["probability_of_hit"], total >= float(asked))


def brier(made: Sequence[Made]) -> float:
    """The mean squared error of the probabilities."""
    return float(np.mean([(one.probability - one.hit) ** 2 for one in made]))
