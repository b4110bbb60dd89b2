"""The table of alerts: changes that are open or were until lately, and exports that stopped, the most money first."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from assets.alerts.causes import Change, Scope, changes
from assets.alerts.panel import Panel
from assets.alerts.watched import day_of, panel_of
from assets.alerts.watching import Status, watch
from assets.alerts.words import as_change, of_change, of_stop

SHOWN = 28  # days that a change which is over is still told of
STOPPED, STOPPED_STORE = 3, 7  # days with anything to tell that a source is behind its store's others, a store behind all
USUAL = 28  # known days of a source that is exported by habit
_PARTS = 3  # segments or stores a change is shown in
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String, "rank": pl.Int32, "alert_kind": pl.String, "alert_state": pl.String, "scope": pl.String, "store": pl.String,
    "platform": pl.String, "stores": pl.Int64, "segment_type": pl.String, "segment": pl.String, "metric": pl.String,
    "source": pl.String, "changed_on": pl.Date, "found_on": pl.Date, "seen_until": pl.Date, "days_changed": pl.Int64,
    "usual": pl.Float64, "since_then": pl.Float64, "change": pl.Float64, "change_lower": pl.Float64, "change_upper": pl.Float64,
    "money_a_day_base": pl.Decimal(18, 2), "money_a_day_lower": pl.Decimal(18, 2), "money_a_day_upper": pl.Decimal(18, 2),
    "money_so_far_base": pl.Decimal(18, 2), "chance": pl.Float64, "where_seen": pl.String, "text_en": pl.String,
    "text_zh": pl.String,
}  # fmt: skip


def alerts(
    watched_days: pl.DataFrame,
    coverage: pl.DataFrame,
    stores: pl.DataFrame,
    reference_promotions: pl.DataFrame,
    reporting: pl.DataFrame,
) -> pl.DataFrame:
    """What changed on the latest days.

    Args:
        watched_days: store, segment_type, segment, day and the day's sums in the reporting currency; null where not known.
        coverage: store, source, day and its state.
        stores: store and platform.
        reference_promotions: name, store, starts, ends.
        reporting: one row; `currency` is the reporting currency.

    Returns:
        One row per change of one cause that is open or was within four weeks, and per export that stopped. On a night on which
        nothing changed, the expected number of alarms is below `FALSE_SHARE`.
    """
    currency = str(reporting["currency"][0])
    panel = panel_of(watched_days, stores, reference_promotions)
    rows = [*_told(panel, currency), *_stopped(coverage, stores)] if panel else _stopped(coverage, stores)
    rows.sort(key=lambda row: (row["alert_state"] != Status.OPEN, -abs(row["money_a_day_base"] or 0), row["id"]))
    for rank, row in enumerate(rows, 1):
        row["rank"] = rank
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _told(panel: Panel, currency: str) -> list[dict[str, Any]]:
    last = panel.amount.shape[1] - 1
    found = changes(panel, watch(panel))
    return [_row(panel, change, currency) for change in found if change.status is Status.OPEN or last - change.until <= SHOWN]


def _row(panel: Panel, change: Change, currency: str) -> dict[str, Any]:
    head, series = change.head, panel.series[change.head.row]
    alone = change.scope is Scope.STORE
    row: dict[str, Any] = dict.fromkeys(_SCHEMA) | {
        "alert_kind": "change",
        "alert_state": str(change.status),
        "scope": str(change.scope),
        "store": series.store if alone else None,
        "platform": change.platform or None,
        "stores": len({panel.series[n].store for n in change.rows}),
        "segment_type": series.segment_type,
        "segment": series.segment or None,
        "metric": series.metric,
        "changed_on": day_of(panel, head.start),
        "found_on": day_of(panel, min(one.found for one in change.episodes)),
        "seen_until": day_of(panel, change.until),
        "days_changed": change.days,
        "usual": change.usual,
        "since_then": change.since_then,
        "change": as_change(change.effect),
        "change_lower": as_change(change.lower),
        "change_upper": as_change(change.upper),
        "money_a_day_base": _cents(change.money),
        "money_a_day_lower": _cents(change.money_lower),
        "money_a_day_upper": _cents(change.money_upper),
        "money_so_far_base": _cents(None if change.money is None else change.money * change.days),
        "chance": head.probability,
        "where_seen": "; ".join(_where_seen(panel, change)) or None,
    }
    row["text_en"], row["text_zh"] = of_change(row, currency)
    row["id"] = _id("change", row["store"] or row["platform"] or "", series.segment, series.metric, row["changed_on"])
    return row


def _where_seen(panel: Panel, change: Change) -> list[str]:
    """The parts of a store, or the stores, that were raised with it; the furthest first."""
    parts = sorted(
        (one for one in change.episodes[1:] if not one.is_shared), key=lambda one: abs(np.log(max(one.ratio, 0.01))), reverse=True
    )
    names: dict[str, str] = {}
    for one in parts:
        series = panel.series[one.row]
        name = series.segment if change.scope is Scope.STORE else series.store
        names.setdefault(name, f"{name} {one.ratio - 1:+.0%}".replace("-", "−"))
    return list(names.values())[:_PARTS]


def _stopped(coverage: pl.DataFrame, stores: pl.DataFrame) -> list[dict[str, Any]]:
    """Sources whose last day is well behind the store's other sources, and stores well behind all others.

    A shop that sells every fifth day is behind after five times as many days as one that sells daily.
    """
    known = coverage.filter(pl.col("state") != "missing")
    if known.is_empty():
        return []
    ends = (
        known.group_by("store", "source")
        .agg(pl.col("day").max(), days=pl.len(), busy=(pl.col("state") != "empty").mean())
        .filter(pl.col("days") >= USUAL)
        .drop("days")
        .sort("store", "source")
    )
    if ends.is_empty():
        return []
    newest: date = ends["day"].max()  # type: ignore[assignment]  # a date column's most is a date
    platforms = dict(stores.select("store", "platform").iter_rows())
    rows = []
    for (store,), of_store in ends.group_by("store", maintain_order=True):
        latest: date = of_store["day"].max()  # type: ignore[assignment]  # likewise
        busiest: float = of_store["busy"].max()  # type: ignore[assignment]  # a share
        if (newest - latest).days * busiest >= STOPPED_STORE:
            rows.append(_stop(str(store), platforms.get(store), "", latest, newest))
            continue
        rows += [
            _stop(str(store), platforms.get(store), source, day, latest)
            for _, source, day, busy in of_store.iter_rows()
            if (latest - day).days * busy >= STOPPED
        ]
    return rows


def _stop(store: str, platform: str | None, source: str, last: date, until: date) -> dict[str, Any]:
    days, since = (until - last).days, last + timedelta(days=1)
    english, chinese = of_stop(store, source, last, until, days)
    return dict.fromkeys(_SCHEMA) | {
        "id": _id("stopped", store, source, "", since),
        "alert_kind": "stopped_export",
        "alert_state": str(Status.OPEN),
        "scope": str(Scope.STORE),
        "store": store,
        "platform": platform,
        "stores": 1,
        "source": source or None,
        "changed_on": since,
        "found_on": until,
        "seen_until": until,
        "days_changed": days,
        "text_en": english,
        "text_zh": chinese,
    }


def _id(kind: str, where: str, segment: str, metric: str, since: date) -> str:
    return hashlib.sha256(f"{kind}|{where}|{segment}|{metric}|{since}".encode()).hexdigest()[:12]


def _cents(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value)).quantize(Decimal("0.01"))
