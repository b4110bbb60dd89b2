"""From tables of days to the panel: which metrics are watched, of which series, and what of a day is known."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from assets.alerts.baseline import LEAST_EVENTS, WINDOWS
from assets.alerts.panel import Flags, Matrix, Panel, Series, Vector

LEAST_KNOWN = 28  # days; of a series with fewer nothing is told
REFUNDED = 14  # days of sales that a day's refunds are held against


@dataclass(frozen=True)
class Watched:
    """A metric that is watched: what came, of what, and what its independent events are (blank: what came itself)."""

    metric: str
    segment_types: tuple[str, ...]
    amount: str
    exposure: str
    events: str


WATCHED = (
    Watched("visits", ("store", "channel", "category"), "visits", "day", ""),
    Watched("conversion", ("store", "channel", "category"), "orders", "visits", ""),
    Watched("basket", ("store", "channel", "category"), "sales", "orders", "orders"),
    Watched("discount_rate", ("store",), "discounts_base", "sales", "orders"),
    Watched("refunds", ("store",), "refunds_cash_refund_day_base", "recent_sales", "recent_refunds"),
)
_AMOUNTS = ("visits", "orders", "sales", "discounts_base", "refunds_cash_refund_day_base")
_REFUND_RATE = 0.05  # of orders: how many events a day's refunds rest on; what is left of it the scatter learns


def panel_of(watched_days: pl.DataFrame, stores: pl.DataFrame, reference_promotions: pl.DataFrame) -> Panel | None:
    """Every watched series with enough known days, and ever enough events to be judged; None where there is none.

    Args:
        watched_days: store, segment_type, segment, day and the day's sums; null where not known.
        stores: store and platform.
        reference_promotions: name, store (null: every store), starts, ends.
    """
    if watched_days.is_empty():
        return None
    cells = watched_days.select("store", "segment_type", "segment").unique().sort("segment_type", "segment", "store")
    first: date = watched_days["day"].min()  # type: ignore[assignment]  # a date column's least is a date
    last: date = watched_days["day"].max()  # type: ignore[assignment]  # likewise
    days = (last - first).days + 1
    placed = watched_days.join(cells.with_row_index("row"), on=["store", "segment_type", "segment"])
    at = (placed["row"].to_numpy(), (placed["day"] - first).dt.total_days().to_numpy())
    sums = {}
    for name in _AMOUNTS:
        sums[name] = np.full((cells.height, days), np.nan)
        sums[name][at] = placed[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    keys = cells.rows()
    _fill_quiet(keys, sums)
    sums["day"] = np.ones((cells.height, days))
    sums["recent_sales"] = _recent(sums["sales"])
    sums["recent_refunds"] = _recent(sums["orders"]) * _REFUND_RATE
    platform = dict(stores.select("store", "platform").iter_rows())
    found, rows, watched = [], [], []
    for one in WATCHED:
        known = np.isfinite(sums[one.amount]) & np.isfinite(sums[one.exposure])
        able = (known.sum(axis=1) >= LEAST_KNOWN) & (busiest(sums[one.events or one.amount]) >= LEAST_EVENTS)
        for row, (store, kind, segment) in enumerate(keys):
            if able[row] and kind in one.segment_types:
                found.append(Series(store, platform.get(store) or "", kind, segment, one.metric))
                rows.append(row)
                watched.append(one)
    if not found:
        return None

    def taken(column: str) -> Matrix:
        names = [getattr(one, column) for one in watched]
        return np.stack([sums[name][row] if name else np.full(days, np.nan) for name, row in zip(names, rows, strict=True)])

    promoted = _promoted(reference_promotions, sorted({one.store for one in found}), first, days)
    return Panel(
        series=tuple(found),
        first=first,
        amount=taken("amount"),
        exposure=taken("exposure"),
        events=taken("events"),
        promoted=np.stack([promoted[one.store] for one in found]),
        sales=np.stack([sums["sales"][row] for row in rows]),
    )


def _fill_quiet(keys: list[tuple[str, str, str]], sums: dict[str, Matrix]) -> None:
    """A segment without a row on a day on which the store's others have one had nothing: zero, from its first day on."""
    of_store: dict[tuple[str, str], list[int]] = {}
    for row, (store, kind, _) in enumerate(keys):
        if kind != "store":
            of_store.setdefault((store, kind), []).append(row)
    for rows in of_store.values():
        for name in ("visits", "orders", "sales"):
            known = np.isfinite(sums[name][rows]).any(axis=0)
            for row in rows:
                seen = np.isfinite(sums[name][row])
                begun = np.maximum.accumulate(seen)
                sums[name][row] = np.where(known & begun & ~seen, 0.0, sums[name][row])


def busiest(events: Matrix) -> Vector:
    """The most events of a series over the longest window: one that never had enough of them is never judged."""
    total = np.cumsum(np.nan_to_num(events), axis=1)
    longest = int(WINDOWS[-1])
    total[:, longest:] -= total[:, :-longest].copy()
    most: Vector = total.max(axis=1)
    return most


def _recent(amount: Matrix) -> Matrix:
    """The mean of each day and those before it, over a fortnight, of the days known."""
    known = np.isfinite(amount)
    total = np.cumsum(np.where(known, amount, 0.0), axis=1)
    count = np.cumsum(known, axis=1)
    total[:, REFUNDED:] -= total[:, :-REFUNDED].copy()
    count[:, REFUNDED:] -= count[:, :-REFUNDED].copy()
    return np.where(count >= REFUNDED // 2, total / np.maximum(count, 1), np.nan)


def _promoted(promotions: pl.DataFrame, stores: list[str], first: date, days: int) -> dict[str, Flags]:
    found = {store: np.zeros(days, dtype=bool) for store in stores}
    for row in promotions.iter_rows(named=True):
        start, end = (row["starts"] - first).days, (row["ends"] - first).days + 1
        for store in [row["store"]] if row["store"] else stores:
            if store in found:
                found[store][max(start, 0) : max(end, 0)] = True
    return found


def day_of(panel: Panel, at: int) -> date:
    """The day of a column."""
    return panel.first + timedelta(days=at)
