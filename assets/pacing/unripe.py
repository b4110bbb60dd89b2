"""Refunds that recent days are still to see, as targets of net sales count them: a day by its week, a period by its months.

How much is to come is `maturing`'s business; here is what a day's net sales and a period's are to end at because of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import sqrt
from statistics import NormalDist

import polars as pl

from assets.pacing.maturing import ALL, SURE
from assets.plans import first_day

RIPENING = "net_sales_order_day"  # the metric whose recent days are worth less than they show
_WIDTH = 2 * NormalDist().inv_cdf((1 + SURE) / 2)


@dataclass(frozen=True)
class Coming:
    """Refunds still to come, mean and variance."""

    mean: float = 0.0
    variance: float = 0.0


NOTHING = Coming()


@dataclass(frozen=True)
class Unripe:
    """Of a store what is still to come, by grain and first day; and per week not ripe yet the rate its refunds will end at."""

    coming: Mapping[tuple[str, date], Coming] = field(default_factory=dict)
    rates: Mapping[date, float] = field(default_factory=dict)

    def of_period(self, grain: str, days: Sequence[date]) -> Coming:
        """What is to come of a period's days so far; months of one quarter or year err the same way, so their errors add."""
        part = grain if grain == "week" else "month"
        parts = [self.coming.get((part, start), NOTHING) for start in {first_day(day, part) for day in days}]
        return Coming(sum(one.mean for one in parts), sum(sqrt(one.variance) for one in parts) ** 2)

    def as_it_ends(self, day: date, sales: Decimal | None, net: float) -> float:
        """A day's net sales less what is to come: its sales at the rate its week will end at, where the week is not ripe."""
        rate = self.rates.get(first_day(day, "week"))
        return net if rate is None or sales is None else min(net, float(sales) * (1 - rate))


def unripe_of(matured_refunds: pl.DataFrame) -> dict[tuple[str, str], Unripe]:
    """By store and currency, of the periods that have refunds to come."""
    found: dict[tuple[str, str], tuple[dict[tuple[str, date], Coming], dict[date, float]]] = {}
    to_come = matured_refunds.filter(pl.col("category") == ALL, pl.col("share_matured") < 1)
    for row in to_come.iter_rows(named=True):
        coming, rates = found.setdefault((row["store"], row["currency"]), ({}, {}))
        sd = float(row["matured_refunds_upper"] - row["matured_refunds_lower"]) / _WIDTH
        mean = float(row["matured_refunds"] - row["refunds_goods_order_day"])
        coming[row["grain"], row["period_start"]] = Coming(mean, sd * sd)
        if row["grain"] == "week" and row["matured_refund_rate"] is not None:
            rates[row["period_start"]] = row["matured_refund_rate"]
    return {key: Unripe(*value) for key, value in found.items()}
