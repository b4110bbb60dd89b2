"""Made-up stores whose refunds are known to the end: what is seen of them up to a day, and what came of them after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

FIRST = date(2026, 1, 5)
CATEGORIES = (("Home", 0.05, 6.0), ("Shoes", 0.15, 9.0), ("Wear", 0.28, 13.0))  # name, share refunded, mean days until
MONEY = pl.Decimal(18, 2)


@dataclass(frozen=True)
class Returning:
    """Orders, one a row: store, currency, category, day, cents, and cents refunded after so many days."""

    orders: pl.DataFrame
    days: int

    def seen(self, cut: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The tables `maturing_days` and `refund_delays` as of the end of day `cut`."""
        until = FIRST + timedelta(days=cut)
        known = self.orders.filter(pl.col("day") <= until)
        came = pl.when(pl.col("day") + pl.duration(days="age_days") <= until).then("refund").otherwise(0)
        cells = pl.concat([known, known.with_columns(category=pl.lit("all"))]).with_columns(came=came)
        key = ["store", "currency", "category", "day"]
        days = cells.group_by(key).agg(
            discounted_sales=(pl.col("cents").sum().cast(MONEY) / 100).cast(MONEY),
            refunds_goods_order_day=(pl.col("came").sum().cast(MONEY) / 100).cast(MONEY),
            dates_refunds=pl.lit(value=True).first(),
        )
        refunds = cells.filter(pl.col("came") > 0)
        delays = refunds.group_by(*key, "age_days").agg(
            refunded_lines=pl.len().cast(pl.Int64), refunds_goods_order_day=(pl.col("came").sum().cast(MONEY) / 100).cast(MONEY)
        )
        return days, delays

    def final(self) -> pl.DataFrame:
        """What every week's refunds ended at, by category and of the store, in money."""
        cells = pl.concat([self.orders, self.orders.with_columns(category=pl.lit("all"))])
        week = cells.with_columns(period_start=pl.col("day").dt.truncate("1w"))
        return week.group_by("store", "category", "period_start").agg(final=pl.col("refund").sum() / 100)


def paced_days(maturing_days: pl.DataFrame) -> pl.DataFrame:
    """The table `pacing_days` of stores of which sales and refunds are all that is known; a day without orders is zero."""
    whole = maturing_days.filter(pl.col("category") == "all").select(
        "store", "currency", "day", "discounted_sales", "refunds_goods_order_day"
    )
    first, last = whole["day"].min(), whole["day"].max()
    every = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})  # type: ignore[arg-type]  # of days alone
    days = (
        whole.select("store", "currency")
        .unique()
        .join(every, how="cross")
        .join(whole, on=["store", "currency", "day"], how="left")
    )
    none = [name for name in PACED if name not in days.columns]
    return days.with_columns(
        pl.col("discounted_sales", "refunds_goods_order_day").fill_null(0), *(pl.lit(None, MONEY).alias(name) for name in none)
    )


PACED = (
    "paid_orders", "units", "gross_sales", "discounts", "paid_amount", "refunds_goods_refund_day", "refunds_cash_order_day",
    "refunds_cash_refund_day", "visits",
)  # fmt: skip


def returning(seed: int, stores: Sequence[tuple[str, float]], days: int = 300, *, roughness: float = 0.2) -> Returning:
    """Make stores up.

    Args:
        seed: of chance.
        stores: name and orders a day.
        days: how many days they sell.
        roughness: by how much a week's share of refunds varies beyond chance, relative.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for store, volume in stores:
        level, slow = rng.lognormal(0, 0.3), rng.lognormal(0, 0.15)
        for category, share, wait in CATEGORIES:
            weeks = rng.gamma(1 / roughness**2, roughness**2, days // 7 + 1)
            drift = np.exp(np.cumsum(rng.normal(0, 0.02, days // 7 + 1)))
            busy = rng.gamma(4, 0.25, days) * (1 + 0.4 * (np.arange(days) % 7 >= 5))
            nth = np.repeat(np.arange(days), rng.poisson(volume / 3 * busy))
            cents = np.round(np.exp(rng.normal(9, 0.7, nth.size))).astype(np.int64)
            back = rng.random(nth.size) < np.minimum(0.9, share * level * (weeks * drift)[nth // 7])
            whole = rng.random(nth.size) < 0.8
            age = np.floor(rng.gamma(1.5, wait * slow / 1.5, nth.size)).astype(np.int64)
            parts.append(
                pl.DataFrame(
                    {
                        "nth": nth, "cents": cents, "age_days": age,
                        "refund": np.where(back, np.where(whole, cents, cents // 3), 0),
                    }
                ).select(
                    pl.lit(store).alias("store"), pl.lit("CNY").alias("currency"), pl.lit(category).alias("category"),
                    (pl.lit(FIRST) + pl.duration(days="nth")).alias("day"), "cents", "age_days", "refund",
                )
            )  # fmt: skip
    return Returning(pl.concat(parts), days)
