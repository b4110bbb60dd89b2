"""The metrics an edge can lie in, as data: what is divided by what, which way is better, and which noise it has.

How a noise family is estimated belongs to `baseline` and `noise`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What one independent unit of noise is (phi = its variance / its mean, in units of the numerator).

    BINOMIAL: events among trials, phi = 1 - q. MEAN: a sum of values over as many orders, phi = Var(v) / E(v).
    COMPOUND: a sum of values over visitors, phi = E(v^2) / E(v), compound Poisson.
    """

    BINOMIAL = "binomial"
    MEAN = "mean"
    COMPOUND = "compound"


@dataclass(frozen=True)
class Metric:
    """A metric.

    Attributes:
        name: as published.
        numerator: the column summed above the line.
        denominator: the column summed below it.
        direction: +1 where more is better, -1 where less is.
        family: its noise.
    """

    name: str
    numerator: str
    denominator: str
    direction: int
    family: Family

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
REPEAT_RATE = Metric("repeat_rate", "returning_buyers", "buyers", 1, Family.BINOMIAL)
CART_RATE = Metric("cart_rate", "cart_adds", "visitors", 1, Family.BINOMIAL)
UNITS_PER_ORDER = Metric("units_per_order", "units", "orders", 1, Family.MEAN)
AVERAGE_PRICE = Metric("average_price", "sales", "units", 1, Family.MEAN)
PRICE_POSITION = Metric("price_position", "price_ratio", "items", 1, Family.MEAN)  # sum of own / median peer price

METRICS = {
    metric.name: metric
    for metric in (
        CONVERSION,
        ORDER_RATE,
        AOV,
        RPV,
        REFUND_RATE,
        REPEAT_RATE,
        CART_RATE,
        UNITS_PER_ORDER,
        AVERAGE_PRICE,
        PRICE_POSITION,
    )
}
