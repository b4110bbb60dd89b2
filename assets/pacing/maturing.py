"""What every week's and month's refunds will come to, beside what they show: of each category, and of the store as their sum."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from itertools import groupby
from math import exp
from operator import add
from typing import Any

import numpy as np
import polars as pl

from assets.pacing.delays import Array, Curve, Seen, curve_of, seen
from assets.pacing.lumps import interval
from assets.pacing.ripening import Ahead, Cell, Level, ahead, level_of, size_of, usual
from assets.plans import first_day
from assets.tables import BY_NAME

ALL = "all"
SURE = 0.90
LEAST_REFUNDS = 20.0  # of all stores together, below which nothing is said of how refunds come
QUIET = 0.01  # a silence less likely than this is an export of refunds that ends, not luck
_MONEY = pl.Decimal(18, 2)
_TYPES: dict[str, Any] = {"VARCHAR": pl.String, "DATE": pl.Date, "DOUBLE": pl.Float64, "DECIMAL(18,2)": _MONEY}
_DELAYS: dict[str, Any] = {"day": pl.Date, "age_days": pl.Int64, "refunded_lines": pl.Int64, "refunds_goods_order_day": _MONEY}
Row = dict[str, Any]
Fit = tuple[Curve, Level]


def matured_refunds(maturing_days: pl.DataFrame, refund_delays: pl.DataFrame) -> pl.DataFrame:
    """One row per store, currency, category or `all`, grain and period from the store's first to its last."""
    of_store = maturing_days.sort("store", "currency", "category", "day").partition_by("store", "currency", maintain_order=True)
    delays = refund_delays.sort(*refund_delays.columns).partition_by("store", "currency", "category", as_dict=True)
    stores = [_Store(days, delays) for days in of_store]
    fitted = _fitted([store for store in stores if store.dated])
    rows = [row for store in stores for grain in ("week", "month") for row in _periods(store, grain, fitted)]
    columns = pl.Schema({column.name: _TYPES[column.type] for column in BY_NAME["matured_refunds"].columns})
    cents = pl.Schema({name: pl.Int64 if kind == _MONEY else kind for name, kind in columns.items()})
    told = pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=cents)
    return told.with_columns((pl.col(name).cast(_MONEY) / 100).cast(_MONEY) for name, kind in columns.items() if kind == _MONEY)


def known_until(last: date, refunded: list[date]) -> date:
    """The last day whose refunds are known, of a store whose orders are known to a day and whose refunds were done on others.

    That of the orders, unless refunds have been silent for longer than luck would have them: then the day of the last one.
    """
    if not refunded:
        return last
    on = len(set(refunded)) / ((max(refunded) - min(refunded)).days + 1)
    silent = (last - max(refunded)).days
    return last if silent > 0 and exp(-on * silent) >= QUIET else max(refunded)


class _Store:
    """A store's cells in one currency, by category; `all` is the store itself."""

    def __init__(self, days: pl.DataFrame, delays: Mapping[tuple[Any, ...], pl.DataFrame]) -> None:
        self.name, self.currency, self.dated = days["store"][0], days["currency"][0], bool(days["dates_refunds"][0])
        self.first: date = days["day"].min()  # type: ignore[assignment]  # of days alone
        last: date = days["day"].max()  # type: ignore[assignment]  # of days alone
        of = {
            name: delays.get((self.name, self.currency, name), pl.DataFrame(schema=_DELAYS)) for name in days["category"].unique()
        }
        done = of[ALL].select(pl.col("day") + pl.duration(days="age_days")).to_series().to_list()
        self.until = known_until(last, done)
        self.length = (last - self.first).days + 1
        self.cells = {
            category[0]: self._cell(frame, of[category[0]])
            for category, frame in days.partition_by("category", as_dict=True).items()
        }

    def _cell(self, days: pl.DataFrame, delays: pl.DataFrame) -> Cell:
        known = (self.until - self.first).days
        nth = (days["day"] - self.first).dt.total_days().to_numpy()
        held = {}
        for name in ("discounted_sales", "refunds_goods_order_day"):
            cents, none = np.zeros(self.length, dtype=np.int64), np.zeros(self.length, dtype=np.bool_)
            cents[nth] = days.select((pl.col(name).fill_null(0) * 100).cast(pl.Int64)).to_series().to_numpy()
            none[nth] = days[name].is_null().to_numpy()
            held[name] = cents, none
        amounts: Array = (
            delays.select((pl.col("refunds_goods_order_day").fill_null(0) * 100).cast(pl.Float64)).to_series().to_numpy()
        )
        size = size_of(amounts, delays["refunded_lines"].cast(pl.Float64).to_numpy())
        old = known - (delays["day"] - self.first).dt.total_days().to_numpy()
        told = seen(delays["age_days"].to_numpy(), old, amounts / size if size else amounts)
        (sales, no_sales), (refunds, no_refunds) = held.values()
        return Cell(sales, refunds, no_sales, no_refunds, known - np.arange(self.length), told, size)

    def spans(self, grain: str) -> Iterator[tuple[date, slice]]:
        """Every period with its days."""
        days = (self.first + timedelta(days=n) for n in range(self.length))
        firsts = [first_day(day, grain) for day in days]
        for start, group in groupby(range(self.length), firsts.__getitem__):
            found = list(group)
            yield start, slice(found[0], found[-1] + 1)


def _fitted(stores: Sequence[_Store]) -> dict[tuple[str, str, str], Fit]:
    """Curve and level of every cell; empty where too few refunds are dated anywhere to tell."""
    whole = [store.cells[ALL] for store in stores]
    if sum(cell.seen.on.sum() for cell in whole) < LEAST_REFUNDS:
        return {}
    anywhere = reduce(add, (cell.seen for cell in whole))
    of_category: dict[str, Seen] = {}
    for store in stores:
        for category, cell in store.cells.items():
            of_category[category] = of_category[category] + cell.seen if category in of_category else cell.seen
    rate = usual(whole, curve_of(anywhere, ()))
    found = {}
    for store in stores:
        of_all = curve_of(store.cells[ALL].seen, (anywhere,))
        level = level_of(store.cells[ALL], of_all, rate)
        found[store.name, store.currency, ALL] = of_all, level
        for category, cell in store.cells.items():
            if category != ALL:
                curve = curve_of(cell.seen, (of_category[category], anywhere))
                found[store.name, store.currency, category] = curve, level_of(cell, curve, level.rate, level.lump)
    return found


def _periods(store: _Store, grain: str, fitted: Mapping[tuple[str, str, str], Fit]) -> Iterator[Row]:
    """Every period: the categories anything happened in, then the store as their sum."""
    why = "" if fitted else "too few refunds are dated to tell how they come"
    why = why if store.dated else "its exports do not date refunds"
    for start, days in store.spans(grain):
        said = {"store": store.name, "currency": store.currency, "grain": grain, "period_start": start, "day": store.until}
        parts: list[Row] = []
        for category in sorted(store.cells, key=lambda name: (name == ALL, name)):
            cell = store.cells[category]
            if category != ALL and not any(
                each[days].any() for each in (cell.sales, cell.refunds, cell.no_sales, cell.no_refunds)
            ):
                continue
            row = said | {"category": category} | _came(cell, days)
            known = row["discounted_sales"] is not None and row["refunds_goods_order_day"] is not None
            if why or not known:
                yield row | {"why_unknown": why or "sales or refunds of a day are not known"}
                continue
            fit = fitted[store.name, store.currency, category]
            row |= _ripe(row, ahead(cell, days, *fit), fit[1].lump, parts if category == ALL else ())
            parts.append(row)
            yield row


def _came(cell: Cell, days: slice) -> Row:
    """What a period shows, in cents."""
    sales = None if cell.no_sales[days].any() else int(cell.sales[days].sum())
    refunds = None if cell.no_refunds[days].any() else int(cell.refunds[days].sum())
    shown: Row = {"discounted_sales": sales, "refunds_goods_order_day": refunds}
    if sales is None or refunds is None:
        return shown
    return shown | {"goods_refund_rate": refunds / sales if sales else None, "net_sales_order_day": sales - refunds}


def _ripe(row: Row, to_come: Ahead, lump: float, parts: Sequence[Row]) -> Row:
    """What a period will show; of a store, the sum of its parts, and wider by how far the store's own estimate is from it."""
    sales, refunds = row["discounted_sales"], row["refunds_goods_order_day"]
    most = max(0, sales - refunds)
    more = sum(part["matured_refunds"] - part["refunds_goods_order_day"] for part in parts) if parts else round(to_come.mean)
    more = min(more, most)
    lower, upper = more, more
    if to_come.mean > 0 and more > 0:
        variance = to_come.variance + (to_come.mean - more) ** 2
        ends = interval(float(more), variance, lump, SURE)
        lower, upper = min(more, round(ends[0])), min(most, max(more, round(ends[1])))
    final = {"": refunds + more, "_lower": refunds + lower, "_upper": refunds + upper}
    told: Row = {"share_matured": 1 - to_come.unripe / to_come.sales if to_come.sales else 1.0}
    for end, amount in final.items():
        told[f"matured_refunds{end}"] = amount
        told[f"matured_refund_rate{end}"] = amount / sales if sales > 0 else None
    nets = {"": "", "_lower": "_upper", "_upper": "_lower"}
    return told | {f"matured_net_sales{end}": sales - final[other] for end, other in nets.items()}
