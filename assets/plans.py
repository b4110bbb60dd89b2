"""The owner's plans and costs under `reference/`: targets, unit costs, promotions. Read here, checked here, all optional."""

from datetime import date
from decimal import Decimal

import polars as pl

from assets.home import Home, UsageError
from assets.reference import read

GRAINS = ("week", "month", "quarter", "year")
TARGETED = (
    "paid_orders", "units", "gross_sales", "discounted_sales", "paid_amount", "net_sales_order_day", "net_sales_refund_day",
    "net_paid_order_day", "net_paid_refund_day",
)  # fmt: skip
_MONEY = pl.Decimal(18, 2)


def targets(home: Home) -> pl.DataFrame:
    """What stores are to reach: store, grain, period_start, metric, target.

    Raises:
        UsageError: a line cannot be read, names no metric that adds up over days, or stands twice.
    """
    frame = read(home.reference / "targets.csv").drop_nulls("store")
    typed = frame.with_columns(
        period_start=pl.col("period_start").str.to_date("%Y-%m-%d", strict=False),
        target=pl.col("target").cast(_MONEY, strict=False),
    )
    for row, said in zip(typed.iter_rows(named=True), frame.iter_rows(named=True), strict=True):
        where = f"reference/targets.csv: {said['store']} {said['period_start']} {said['metric']}"
        if row["grain"] not in GRAINS:
            raise UsageError(f"{where}: the grain {said['grain']} is none of {', '.join(GRAINS)}")
        if row["metric"] not in TARGETED:
            raise UsageError(f"{where}: no metric that adds up over days; there are {', '.join(TARGETED)}")
        if row["target"] is None or row["target"] <= 0:
            raise UsageError(f"{where}: the target {said['target']} is no amount like 120000 or 1999.50")
        if row["period_start"] is None:
            raise UsageError(f"{where}: a period starts on a date like 2026-01-01")
        if row["period_start"] != first_day(row["period_start"], row["grain"]):
            raise UsageError(
                f"{where}: is not the first day of a {row['grain']}, which is {first_day(row['period_start'], row['grain'])}"
            )
    twice = typed.filter(pl.struct("store", "grain", "period_start", "metric").is_duplicated())
    if twice.height:
        row = twice.row(0, named=True)
        which = f"{row['store']} {row['period_start']} {row['metric']}"
        raise UsageError(f"reference/targets.csv: {which} stands twice for its {row['grain']}")
    return typed


def first_day(day: date, grain: str) -> date:
    """The first day of the period a day is in; weeks start on Monday."""
    if grain == "week":
        return date.fromordinal(day.toordinal() - day.weekday())
    if grain == "quarter":
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    return date(day.year, 1, 1) if grain == "year" else day.replace(day=1)


def costs(home: Home) -> pl.DataFrame:
    """What a unit costs from a day on: store (null: every store), merchant_sku, valid_from, unit_cost, currency.

    Raises:
        UsageError: a date or an amount cannot be read, or a cost stands twice.
    """
    frame = read(home.reference / "costs.csv").drop_nulls("merchant_sku")
    typed = frame.with_columns(
        valid_from=pl.col("valid_from").str.to_date("%Y-%m-%d", strict=False),
        unit_cost=pl.col("unit_cost").cast(pl.Decimal(18, 4), strict=False),
        currency=pl.col("currency").str.to_uppercase(),
    )
    for row, said in zip(typed.iter_rows(named=True), frame.iter_rows(named=True), strict=True):
        where = f"reference/costs.csv: {said['merchant_sku']} {said['valid_from']}"
        if row["valid_from"] is None:
            raise UsageError(f"{where}: a cost is valid from a date like 2026-01-01")
        if row["unit_cost"] is None or row["unit_cost"] < Decimal(0):
            raise UsageError(f"{where}: the cost {said['unit_cost']} is no amount like 12.50")
        if row["currency"] is None or len(row["currency"]) != 3 or not row["currency"].isalpha():  # noqa: PLR2004  ISO 4217
            raise UsageError(f"{where}: {said['currency']} is no currency like CNY")
    twice = typed.filter(pl.struct("store", "merchant_sku", "valid_from").is_duplicated())
    if twice.height:
        raise UsageError(f"reference/costs.csv: {twice['merchant_sku'][0]} stands twice from {twice['valid_from'][0]}")
    return typed


def promotions(home: Home) -> pl.DataFrame:
    """When something was on: name, store (null: every store), starts, ends, both days included.

    Raises:
        UsageError: a date cannot be read, or a promotion ends before it starts.
    """
    frame = read(home.reference / "promotions.csv").drop_nulls("name")
    typed = frame.with_columns(pl.col("starts", "ends").str.to_date("%Y-%m-%d", strict=False))
    for row, said in zip(typed.iter_rows(named=True), frame.iter_rows(named=True), strict=True):
        where = f"reference/promotions.csv: {said['name']}"
        if row["starts"] is None or row["ends"] is None:
            raise UsageError(f"{where}: {said['starts']} to {said['ends']}: dates are written 2026-11-01")
        if row["ends"] < row["starts"]:
            raise UsageError(f"{where}: ends on {said['ends']}, before it starts on {said['starts']}")
    return typed
