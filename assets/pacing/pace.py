"""How every target stands: what came, what was to come by now, where it will end, and what the gap is made of.

What is to come by now is the target's share of the days so far by the store's own shape. The plan is taken to have the rates of
the eight weeks before the period, so that what the target asks beyond them is asked of visits. Where net sales are asked for, a
forecast counts the refunds that the days so far are still to see, and the level that goes on is of days as they will end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import sqrt
from statistics import NormalDist
from typing import Any

import polars as pl

from assets.pacing.lumps import at_least, interval
from assets.pacing.shape import LEAST_DAYS, LEAST_RECENT, RECENT, Outlook, learned, outlook
from assets.pacing.split import CENT, in_cents, shapley
from assets.pacing.unripe import NOTHING, RIPENING, Coming, Unripe, unripe_of
from assets.tables import BY_NAME

SURE = 0.90
HISTORY = 800  # days that tell a store's shape
CHAINS: dict[str, tuple[str, ...]] = {
    "paid_orders": ("visits", "paid_orders"),
    "units": ("visits", "paid_orders", "units"),
    "gross_sales": ("visits", "paid_orders", "gross_sales"),
    "discounted_sales": ("visits", "paid_orders", "gross_sales", "discounted_sales"),
    "paid_amount": ("visits", "paid_orders", "gross_sales", "discounted_sales", "paid_amount"),
    "net_sales_order_day": ("visits", "paid_orders", "gross_sales", "discounted_sales", "net_sales_order_day"),
    "net_sales_refund_day": ("visits", "paid_orders", "gross_sales", "discounted_sales", "net_sales_refund_day"),
    "net_paid_order_day": ("visits", "paid_orders", "gross_sales", "discounted_sales", "paid_amount", "net_paid_order_day"),
    "net_paid_refund_day": ("visits", "paid_orders", "gross_sales", "discounted_sales", "paid_amount", "net_paid_refund_day"),
}
EFFECTS = {
    "visits": "visitors_effect",
    "paid_orders": "conversion_effect",
    "units": "basket_effect",
    "gross_sales": "basket_effect",
    "discounted_sales": "discount_effect",
    "paid_amount": "other_effect",
}
_NETS = {
    "net_sales_order_day": ("discounted_sales", "refunds_goods_order_day"),
    "net_sales_refund_day": ("discounted_sales", "refunds_goods_refund_day"),
    "net_paid_order_day": ("paid_amount", "refunds_cash_order_day"),
    "net_paid_refund_day": ("paid_amount", "refunds_cash_refund_day"),
}
Day = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """A line of targets.csv."""

    store: str
    metric: str
    grain: str
    start: date
    amount: Decimal

    @property
    def days(self) -> list[date]:
        """Every day of the period."""
        months = {"month": 1, "quarter": 3, "year": 12}.get(self.grain)
        if months is None:
            return [self.start + timedelta(days=n) for n in range(7)]
        nth = self.start.month - 1 + months
        end = date(self.start.year + nth // 12, nth % 12 + 1, 1)
        return [self.start + timedelta(days=n) for n in range((end - self.start).days)]


def kpi_pacing(
    pacing_days: pl.DataFrame,
    matured_refunds: pl.DataFrame,
    reference_targets: pl.DataFrame,
    reference_promotions: pl.DataFrame,
) -> pl.DataFrame:
    """One row per store, metric and period with a target."""
    unripe = unripe_of(matured_refunds)
    of_store: dict[str, dict[date, Day]] = {}
    for row in pacing_days.sort("store", "day").iter_rows(named=True):  # sums of floats depend on their order
        of_store.setdefault(row["store"], {})[row["day"]] = row
    promoted = _promoted(reference_promotions, set(of_store))
    rows = []
    for row in reference_targets.iter_rows(named=True):
        target = Target(row["store"], row["metric"], row["grain"], row["period_start"], row["target"])
        days = of_store.get(target.store, {})
        currency = next((day["currency"] for day in days.values()), "")
        ripening = unripe.get((target.store, currency), Unripe()) if target.metric == RIPENING else Unripe()
        paced = pace(target, days, promoted.get(target.store, frozenset()), ripening)
        said = {"store": target.store, "metric": target.metric, "grain": target.grain, "period_start": target.start}
        rows.append(said | {"target": target.amount} | paced)
    columns = {column.name: _TYPES[column.type] for column in BY_NAME["kpi_pacing"].columns}
    return pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=columns)


_TYPES: dict[str, Any] = {
    "VARCHAR": pl.String, "DATE": pl.Date, "DOUBLE": pl.Float64, "BIGINT": pl.Int64, "DECIMAL(18,2)": pl.Decimal(18, 2),
}  # fmt: skip


def _promoted(promotions: pl.DataFrame, stores: set[str]) -> dict[str, frozenset[date]]:
    """The days of promotions, by store; one that names no store is every store's."""
    days: dict[str, set[date]] = {store: set() for store in stores}
    for row in promotions.iter_rows(named=True):
        span = {row["starts"] + timedelta(days=n) for n in range((row["ends"] - row["starts"]).days + 1)}
        for store in [row["store"]] if row["store"] else stores:
            days.setdefault(store, set()).update(span)
    return {store: frozenset(of) for store, of in days.items()}


def of_day(day: Day, metric: str) -> Decimal | int | None:
    """A metric of a day; None where it is not known."""
    if metric in _NETS:
        whole, less = (day[name] for name in _NETS[metric])
        return None if whole is None or less is None else whole - less
    value: Decimal | int | None = day[metric]
    return value


def pace(target: Target, days: Mapping[date, Day], promoted: frozenset[date], unripe: Unripe) -> dict[str, Any]:
    """How one target stands as of the last day its metric is known."""
    known = {day: value for day, row in days.items() if (value := of_day(row, target.metric)) is not None}
    if not known:
        return {"why_unknown": "nothing is known of the metric in this store"}
    as_of = max(known)
    currency = days[as_of]["currency"]
    so_far = [day for day in target.days if day <= as_of]
    to_come = [day for day in target.days if day > as_of]
    missing = [day for day in so_far if day not in known]
    said = {"currency": currency, "day": as_of, "days_left": len(to_come), "days_missing": len(missing)}
    history = {day: float(value) for day, value in known.items() if day < target.start and (target.start - day).days <= HISTORY}
    until_now = {day: float(value) for day, value in known.items()}
    shape = learned(history if len(history) >= LEAST_DAYS else until_now, promoted)
    whole = shape.total(target.days, promoted)
    if not so_far:
        return said | {"why_unknown": "the period has not begun"}
    share = shape.total(so_far, promoted) / whole if to_come else 1.0
    expected = (target.amount * Decimal(repr(share))).quantize(CENT, ROUND_HALF_UP)
    said["expected_so_far"] = expected
    if missing:
        return said | {"why_unknown": f"{len(missing)} of {len(so_far)} days so far are missing, the first {missing[0]}"}
    actual = Decimal(sum(known[day] for day in so_far)).quantize(CENT)
    said |= {"actual": actual, "gap": actual - expected}
    ended = {day: unripe.as_it_ends(day, days[day]["discounted_sales"], value) for day, value in until_now.items()}
    said |= forecast(target, actual, ended, to_come, promoted, unripe.of_period(target.grain, so_far))
    return said | _effects(target, days, so_far, expected, actual)


def forecast(
    target: Target,
    actual: Decimal,
    known: Mapping[date, float],
    to_come: Sequence[date],
    promoted: frozenset[date],
    returning: Coming = NOTHING,
) -> dict[str, Any]:
    """Where a period will end, within what, and with what probability at the target or above.

    Args:
        target: the period and what is asked of it.
        actual: what came of it so far.
        known: the metric of every known day as it will end, none of them to come.
        to_come: the period's other days.
        promoted: days of promotions.
        returning: refunds that the days so far are still to see.
    """
    if not to_come and not returning.variance:
        ends: dict[str, Any] = dict.fromkeys(("forecast", "forecast_lower", "forecast_upper"), actual)
        return ends | {"probability_of_hit": 1.0 if actual >= target.amount else 0.0}
    ahead = outlook(known, to_come, learned(known, promoted), promoted) if to_come else Outlook(0.0, 0.0, 0.0)
    if ahead is None:
        return {"why_unknown": f"fewer than {LEAST_RECENT} recent days with anything on them are known"}
    wanted = float(target.amount - actual) + returning.mean
    variance = ahead.variance + returning.variance
    if not to_come or min(known.values()) < 0:  # refunds of days without sales: it may also fall
        normal = NormalDist(ahead.mean, sqrt(variance))
        lower, upper = (normal.inv_cdf((1 + side * SURE) / 2) for side in (-1, 1))
        hit = 1 - normal.cdf(wanted)
    else:
        lower, upper = interval(ahead.mean, variance, ahead.lump, SURE)
        hit = at_least(wanted, ahead.mean, variance, ahead.lump)
    reached = {"forecast": ahead.mean, "forecast_lower": lower, "forecast_upper": upper}
    said: dict[str, Any] = {
        name: actual + Decimal(repr(float(value) - returning.mean)).quantize(CENT) for name, value in reached.items()
    }
    return said | {"probability_of_hit": hit}


def _effects(
    target: Target, days: Mapping[date, Day], so_far: Sequence[date], expected: Decimal, actual: Decimal
) -> dict[str, Any]:
    """The gap by visits, conversion, basket, discounts and refunds; nothing where the eight weeks before are too little known."""
    before = [target.start - timedelta(days=n) for n in range(1, RECENT + 1)]
    for chain in (CHAINS[target.metric], CHAINS[target.metric][1:]):
        known = [day for day in before if day in days and all(of_day(days[day], name) is not None for name in chain)]
        now = _sums(days, so_far, chain)
        past = _sums(days, known, chain)
        if len(known) < LEAST_RECENT or now is None or past is None or not all(past):
            continue
        planned = {name: past[n] / past[n - 1] for n, name in enumerate(chain) if n}
        rest = Fraction(1)
        for factor in planned.values():
            rest *= factor
        planned = {chain[0]: Fraction(expected) / rest} | planned
        came = {name: now[n] / now[n - 1] if now[n - 1] else planned[name] for n, name in enumerate(chain) if n}
        came = {chain[0]: now[0]} | came
        parts = shapley(came, planned)
        parts[chain[-1]] += Fraction(actual - expected) - sum(parts.values())  # refunds of a day without sales
        effects = in_cents(parts, actual - expected)
        first = "visitors_effect" if chain[0] == "visits" else "orders_effect"
        return {first if n == 0 else EFFECTS.get(name, "refund_effect"): effects[name] for n, name in enumerate(chain)}
    return {}


def _sums(days: Mapping[date, Day], chosen: Sequence[date], chain: Sequence[str]) -> list[Fraction] | None:
    """The sums of a chain's columns over some days; None where a day does not know one."""
    sums = [Fraction(0)] * len(chain)
    for day in chosen:
        for n, name in enumerate(chain):
            value = of_day(days[day], name)
            if value is None:
                return None
            sums[n] += Fraction(value)
    return sums
