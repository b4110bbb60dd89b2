"""The metrics an edge can lie in, as data: what is divided by what, which way is better, and which noise it has.

How a noise family is estimated belongs to `baseline` and `noise`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What one independent unit of noise is (phi = its variance / its mean, in units of the numerator).

    BINOMIAL: events among trials, phi = 1 - q. MEAN: a sum of values over as many orders, phi = Var(v) / E(v).
    COMPOUND: a sum of values over visitors, phi = E(v^2) / E(v), compound Poisson. DIFFERENCE: a sum that may be negative over a
    sum, compared by their difference and not by a log ratio; its noise is that of its weeks.
    """

    BINOMIAL = "binomial"
    MEAN = "mean"
    COMPOUND = "compound"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Metric:
    """A metric.

    Attributes:
        name: as published.
        numerator: the column summed above the line.
        denominator: the column summed below it.
        direction: +1 where more is better, -1 where less is.
        family: its noise.
        values: columns of the single values the numerator sums up: how many, their sum, the sum of their squares. Of a difference
            the first counts what it rests on; the others, where it has them, tell how far single values lie apart.
    """

    name: str
    numerator: str
    denominator: str
    direction: int
    family: Family
    values: tuple[str, ...] = ()

    @property
    def least_expected(self) -> float:
        """The independent events that must be expected before a cell may be claimed."""
        return LEAST_EVENTS if self.family is Family.BINOMIAL else LEAST_EVENTS_MONEY


LEAST_EVENTS = 5.0
LEAST_EVENTS_MONEY = 8.0

CONVERSION = Metric("conversion", "buyers", "visitors", 1, Family.BINOMIAL)
ORDER_RATE = Metric("order_rate", "orders", "visitors", 1, Family.BINOMIAL)
AOV = Metric("aov", "revenue_w", "orders", 1, Family.MEAN)
RPV = Metric("rpv", "revenue_w", "visitors", 1, Family.COMPOUND)
REFUND_RATE = Metric("refund_rate", "refunds", "orders", -1, Family.BINOMIAL)

METRICS = {metric.name: metric for metric in (CONVERSION, ORDER_RATE, AOV, RPV, REFUND_RATE)}
